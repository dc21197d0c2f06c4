/*
 * Replays a malloc trace on malloc, realloc and free. The first and the last word of each object
 * are written, so that its memory is touched as a program would.
 *
 *     malloc-replay FILE PASSES [FROM] [--stub | --held | --no-memory]
 *
 * FROM is the record with which a pass begins, 0 by default. The records before it are done once
 * and are not timed; the rest must be able to follow itself.
 *
 * `--stub` times the loop over a stub allocator, `--held` adds {"heldBytes"}, the most that malloc
 * held, and `--no-memory` runs the loop without any object, see replay-mode.h. One pass warms up and
 * is not reported. Prints {"ns_per_op": median, "min", "passes", "peakRssBytes", "ops", "checksum"};
 * thread switches are no ops. The checksum sums up the ids that were read back from the objects (at
 * a realloc) and the ids of all that were freed; it is the same in every mode, unless the allocator
 * lost a byte.
 */
#define _DEFAULT_SOURCE
#include <string.h>

#include "binary-trace.h"
#include "passes.h"
#include "replay-mode.h"

static void **addresses;
static uint64_t checksum;

/* The word that marks an object takes four bytes. malloc's smallest block is larger anyway. */
static inline size_t with_room_for_word(int32_t bytes) { return bytes < 4 ? 4 : (size_t)bytes; }

/* The last whole word, aligned: what a program that fills an array of words writes last. */
static inline void write_ends(char *address, size_t bytes, int32_t id) {
  memcpy(address, &id, sizeof id);
  memcpy(address + (bytes / 4 - 1) * 4, &id, sizeof id);
}

static inline int32_t read_first_word(const char *address) {
  int32_t word;
  memcpy(&word, address, sizeof word);
  return word;
}

static inline __attribute__((always_inline)) void replay(const struct binary_trace *trace,
                                                         enum replay_mode mode) {
  const struct record *end = trace->records + trace->record_count;
  for (const struct record *record = trace->records; record < end; record++) {
    int32_t id = record->b;
    switch (record->opcode) {
      case OP_ALLOC:
        if (mode != NO_MEMORY) {
          size_t bytes = with_room_for_word(record->c);
          char *address = replay_alloc(mode, bytes);
          write_ends(address, bytes, id);
          addresses[id] = address;
        } else {
          addresses[id] = NULL;
        }
        break;
      case OP_FREE:
        replay_free(mode, addresses[id]);
        checksum += (uint64_t)id;
        break;
      case OP_REALLOC:
        if (mode != NO_MEMORY) {
          size_t bytes = with_room_for_word(record->c);
          char *address = replay_realloc(mode, addresses[id], bytes);
          checksum += (uint64_t)read_first_word(address);
          write_ends(address, bytes, id);
          addresses[id] = address;
        } else {
          checksum += (uint64_t)id;
        }
        break;
      case OP_THREAD:
        break;
      default:
        fprintf(stderr, "expected the opcode of a malloc trace, found %d\n", record->opcode);
        exit(2);
    }
  }
}

/* The objects that are live at the end and were not at the beginning. Known before the first pass,
 * so that the timed loop need not mark what it frees. */
static int32_t find_leftovers(const struct binary_trace *trace, int32_t *leftovers) {
  int32_t *births = calloc((size_t)trace->object_count + 1, sizeof *births);
  if (births == NULL) exit(1);
  for (int32_t index = 0; index < trace->record_count; index++) {
    const struct record *record = &trace->records[index];
    if (record->opcode == OP_ALLOC) births[record->b]++;
    if (record->opcode == OP_FREE) births[record->b]--;
  }
  int32_t count = 0;
  for (int32_t id = 0; id < trace->object_count; id++) {
    if (births[id] > 0) leftovers[count++] = id;
  }
  free(births);
  return count;
}

static int32_t count_ops(const struct binary_trace *trace) {
  int32_t count = 0;
  for (int32_t index = 0; index < trace->record_count; index++) {
    count += trace->records[index].opcode != OP_THREAD;
  }
  return count;
}

int main(int argc, char **argv) {
  const char *usage = "malloc-replay FILE PASSES [FROM] [--stub | --held | --no-memory]";
  enum replay_mode mode = replay_mode_of(argc > 3 ? argv[argc - 1] : NULL);
  int count = argc - (mode != ON_MALLOC);
  if (count != 3 && count != 4) return fprintf(stderr, "usage: %s\n", usage), 2;
  int pass_count = parse_count(argv[2], 1, usage);
  int timed_from = count == 4 ? parse_count(argv[3], 0, usage) : 0;
  struct binary_trace before = read_binary_trace(argv[1], BINARY_MALLOC_MAGIC);
  struct binary_trace trace = before;
  if (timed_from >= before.record_count) refuse_trace(argv[1], "a record with that number");
  before.record_count = timed_from;
  trace.record_count -= timed_from;
  trace.records += timed_from;

  addresses = calloc((size_t)trace.object_count + 1, sizeof *addresses);
  int32_t *leftovers = calloc((size_t)trace.object_count + 1, sizeof *leftovers);
  double *ns_per_op = calloc((size_t)pass_count, sizeof *ns_per_op);
  if (addresses == NULL || leftovers == NULL || ns_per_op == NULL) return 1;
  int32_t leftover_count = find_leftovers(&trace, leftovers);
  int32_t op_count = count_ops(&trace);

  prepare_mode(mode, trace.record_count);
  replay_in(mode == ON_STUB ? ON_MALLOC : mode, &before);
  for (int pass = -1; pass < pass_count; pass++) {
    checksum = 0;
    enum replay_mode pass_mode = mode_of_pass(mode, pass);
    double start = now_ns();
    replay_in(pass_mode, &trace);
    double elapsed = now_ns() - start;
    if (pass >= 0) ns_per_op[pass] = elapsed / op_count;
    /* Not timed: the next pass starts from nothing again. */
    for (int32_t index = 0; index < leftover_count; index++) {
      replay_free(pass_mode, addresses[leftovers[index]]);
      checksum += (uint64_t)leftovers[index];
    }
    finish_pass(pass_mode);
  }

  printf("{");
  print_passes(ns_per_op, pass_count);
  print_held(mode);
  printf(",\"ops\":%d,\"checksum\":%llu}\n", op_count, (unsigned long long)checksum);
  return 0;
}
