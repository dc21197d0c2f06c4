/*
 * Appends to buffers that are resized with realloc whenever they are full.
 *
 *     growth factor|step PASSES
 *
 * `factor` multiplies the length by 1.5 from 16 bytes to 1 MiB; `step` adds 64 bytes up to 64 KiB.
 * Of what is appended the first word is written, and each one 64 bytes further on; after each
 * resize the first word of what was appended before is read back. One pass warms up and is not
 * reported. Prints {"ns_per_op": median, "min", "passes", "peakRssBytes", "ops", "checksum"}; an op
 * is one resize with what is appended after it. The numbers are those of src/growth-shape.ts.
 */
#include <stdbool.h>
#include <string.h>

#include "passes.h"

#define FIRST_BYTES 16
#define FACTOR_LAST_BYTES (1024 * 1024)
#define STEP_BYTES 64
#define STEP_LAST_BYTES (64 * 1024)
#define WORDS_BETWEEN_WRITES 16
#define FACTOR_BUFFERS 10
#define STEP_BUFFERS 20

static uint32_t lengths[STEP_LAST_BYTES / STEP_BYTES];
static int length_count;
static uint64_t checksum;

static void list_lengths(bool by_factor) {
  uint32_t last = by_factor ? FACTOR_LAST_BYTES : STEP_LAST_BYTES;
  for (uint32_t length = FIRST_BYTES; length < last;) {
    length = by_factor ? (length * 3 / 2 + 7) & ~7u : length + STEP_BYTES;
    if (length > last) length = last;
    lengths[length_count++] = length;
  }
}

static __attribute__((noinline)) void grow_buffers(int buffer_count) {
  for (int buffer = 0; buffer < buffer_count; buffer++) {
    uint32_t *words = malloc(FIRST_BYTES);
    if (words == NULL) abort();
    words[0] = (uint32_t)buffer;
    uint32_t from = 0, end = FIRST_BYTES / 4;
    for (int index = 0; index < length_count; index++) {
      words = realloc(words, lengths[index]);
      if (words == NULL) abort();
      checksum += words[from];
      from = end;
      end = lengths[index] / 4;
      for (uint32_t word = from; word < end; word += WORDS_BETWEEN_WRITES) {
        words[word] = (uint32_t)buffer + word;
      }
    }
    free(words);
  }
}

int main(int argc, char **argv) {
  const char *usage = "growth factor|step PASSES";
  bool by_factor = argc == 3 && strcmp(argv[1], "factor") == 0;
  if (argc != 3 || (!by_factor && strcmp(argv[1], "step") != 0)) {
    return fprintf(stderr, "usage: %s\n", usage), 2;
  }
  int pass_count = parse_count(argv[2], 1, usage);
  int buffer_count = by_factor ? FACTOR_BUFFERS : STEP_BUFFERS;
  list_lengths(by_factor);
  int op_count = buffer_count * length_count;
  double *ns_per_op = calloc((size_t)pass_count, sizeof *ns_per_op);
  if (ns_per_op == NULL) return 1;

  for (int pass = -1; pass < pass_count; pass++) {
    checksum = 0;
    double start = now_ns();
    grow_buffers(buffer_count);
    if (pass >= 0) ns_per_op[pass] = (now_ns() - start) / op_count;
  }

  printf("{");
  print_passes(ns_per_op, pass_count);
  printf(",\"ops\":%d,\"checksum\":%llu}\n", op_count, (unsigned long long)checksum);
  return 0;
}
