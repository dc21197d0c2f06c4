/*
 * Replays a context trace on malloc, as a program without memory contexts does its work: each
 * object is allocated alone, and at a reset or drop each object that is left is freed alone. For
 * that a program must know its objects, so the lists of live objects per context are part of the
 * price.
 *
 *     context-replay FILE PASSES [--stub | --held | --no-memory]
 *
 * `--stub` times lists, tree and loop over a stub allocator, `--held` adds {"heldBytes"}, the most
 * that malloc held, and `--no-memory` runs them without any object, see replay-mode.h.
 *
 * One pass warms up and is not reported. Prints {"ns_per_op": median, "min", "passes",
 * "peakRssBytes", "ops", "checksum"}. The checksum sums up the ids that were read back from the
 * objects (at a realloc) and the ids of all that died; it is the same in every mode,
 * unless the allocator lost a byte.
 */
#define _DEFAULT_SOURCE
#include <string.h>

#include "binary-trace.h"
#include "passes.h"
#include "replay-mode.h"

#define NONE (-1)

/* Kept outside the objects, so that an unlink touches only the rows of the object and of its
 * neighbours. */
struct object {
  void *address;
  int32_t next, previous;
};

/* Context 0 is the root and means "none" in the tree's links. */
struct context {
  int32_t first_object;
  int32_t parent, first_child, next_sibling, previous_sibling;
};

static struct object *objects;
static struct context *contexts;
static uint64_t checksum;

static inline void write_word(void *address, int32_t id) { memcpy(address, &id, sizeof id); }

static inline int32_t read_word(const void *address) {
  int32_t word;
  memcpy(&word, address, sizeof word);
  return word;
}

/* The word that marks an object takes four bytes. malloc's smallest block is larger anyway. */
static inline size_t with_room_for_word(int32_t bytes) { return bytes < 4 ? 4 : (size_t)bytes; }

static inline void link_object(int32_t id, int32_t context) {
  int32_t next = contexts[context].first_object;
  objects[id].next = next;
  objects[id].previous = NONE;
  if (next != NONE) objects[next].previous = id;
  contexts[context].first_object = id;
}

static inline void unlink_object(int32_t id, int32_t context) {
  int32_t next = objects[id].next, previous = objects[id].previous;
  if (next != NONE) objects[next].previous = previous;
  if (previous != NONE) objects[previous].next = next;
  else contexts[context].first_object = next;
}

static inline void link_context(int32_t id, int32_t parent) {
  int32_t next = contexts[parent].first_child;
  contexts[id].parent = parent;
  contexts[id].next_sibling = next;
  contexts[id].previous_sibling = 0;
  if (next != 0) contexts[next].previous_sibling = id;
  contexts[parent].first_child = id;
}

static inline void unlink_context(int32_t id) {
  int32_t next = contexts[id].next_sibling, previous = contexts[id].previous_sibling;
  if (next != 0) contexts[next].previous_sibling = previous;
  if (previous != 0) contexts[previous].next_sibling = next;
  else contexts[contexts[id].parent].first_child = next;
}

static inline void reset_context(int32_t context, enum replay_mode mode) {
  int32_t id = contexts[context].first_object;
  while (id != NONE) {
    int32_t next = objects[id].next;
    replay_free(mode, objects[id].address);
    checksum += (uint64_t)id;
    id = next;
  }
  contexts[context].first_object = NONE;
}

/* Children first, without recursion: down to a leaf, reset it, and up again. */
static inline void drop_context(int32_t context, enum replay_mode mode) {
  int32_t end = contexts[context].parent;
  int32_t walk = context;
  while (walk != end) {
    if (contexts[walk].first_child != 0) {
      walk = contexts[walk].first_child;
      continue;
    }
    reset_context(walk, mode);
    unlink_context(walk);
    walk = contexts[walk].parent;
  }
}

static inline __attribute__((always_inline)) void replay(const struct binary_trace *trace,
                                                         enum replay_mode mode) {
  const struct record *end = trace->records + trace->record_count;
  for (const struct record *record = trace->records; record < end; record++) {
    switch (record->opcode) {
      case OP_ALLOC: {
        struct object *object = &objects[record->b];
        if (mode != NO_MEMORY) {
          object->address = replay_alloc(mode, with_room_for_word(record->c));
          write_word(object->address, record->b);
        } else {
          object->address = NULL;
        }
        link_object(record->b, record->a);
        break;
      }
      case OP_FREE: {
        replay_free(mode, objects[record->b].address);
        unlink_object(record->b, record->a);
        checksum += (uint64_t)record->b;
        break;
      }
      case OP_REALLOC: {
        struct object *object = &objects[record->b];
        if (mode != NO_MEMORY) {
          size_t bytes = with_room_for_word(record->c);
          object->address = replay_realloc(mode, object->address, bytes);
          checksum += (uint64_t)read_word(object->address);
          write_word(object->address, record->b);
        } else {
          checksum += (uint64_t)record->b;
        }
        break;
      }
      case OP_CREATE:
        contexts[record->a].first_object = NONE;
        contexts[record->a].first_child = 0;
        link_context(record->a, record->b);
        break;
      case OP_RESET:
        reset_context(record->a, mode);
        break;
      case OP_REPARENT:
        unlink_context(record->a);
        link_context(record->a, record->b);
        break;
      case OP_DROP:
        drop_context(record->a, mode);
        break;
      default:
        fprintf(stderr, "expected the opcode of a context trace, found %d\n", record->opcode);
        exit(2);
    }
  }
}

int main(int argc, char **argv) {
  const char *usage = "context-replay FILE PASSES [--stub | --held | --no-memory]";
  enum replay_mode mode = replay_mode_of(argc == 4 ? argv[3] : NULL);
  if (argc - (mode != ON_MALLOC) != 3) return fprintf(stderr, "usage: %s\n", usage), 2;
  int pass_count = parse_count(argv[2], 1, usage);
  struct binary_trace trace = read_binary_trace(argv[1], BINARY_CONTEXT_MAGIC);

  objects = calloc((size_t)trace.object_count + 1, sizeof *objects);
  contexts = calloc((size_t)trace.context_count + 1, sizeof *contexts);
  double *ns_per_op = calloc((size_t)pass_count, sizeof *ns_per_op);
  if (objects == NULL || contexts == NULL || ns_per_op == NULL) return 1;
  contexts[0].first_object = NONE;

  prepare_mode(mode, trace.record_count);
  for (int pass = -1; pass < pass_count; pass++) {
    checksum = 0;
    enum replay_mode pass_mode = mode_of_pass(mode, pass);
    double start = now_ns();
    replay_in(pass_mode, &trace);
    double elapsed = now_ns() - start;
    if (pass >= 0) ns_per_op[pass] = elapsed / trace.record_count;
    /* Not timed: the trace ends with contexts open, the next pass opens them again. */
    while (contexts[0].first_child != 0) drop_context(contexts[0].first_child, pass_mode);
    finish_pass(pass_mode);
  }

  printf("{");
  print_passes(ns_per_op, pass_count);
  print_held(mode);
  printf(",\"ops\":%d,\"checksum\":%llu}\n", trace.record_count, (unsigned long long)checksum);
  return 0;
}
