/*
 * Replaces objects: one dies, one of another size is made in its slot. The first word of each
 * object (its slot) is written.
 *
 *     replace FILE PASSES
 *
 * FILE is what `binaryReplaceCommands()` of src/replace-commands.ts makes: 32-bit integers in the
 * byte order of this machine.
 *
 *     magic, slots, commands      then the commands, each      slot << 9 | bytes
 *
 * A command without bytes frees the object of its slot, another one allocates there. The first
 * commands fill each slot once and are not timed; the rest is a pass, and ends with every slot full.
 *
 * One pass warms up and is not reported. Prints {"ns_per_op": median, "min", "passes", "ops",
 * "checksum"}, where an op is one replacement. The checksum sums up the slots whose objects died,
 * and the words that are read back from all objects after a pass, outside the time.
 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "passes.h"

#define MAGIC 0x43524c50
#define SIZE_BITS 9
#define SIZE_MASK ((1 << SIZE_BITS) - 1)

static void **addresses;

static __attribute__((noinline)) uint64_t run(const int32_t *commands, int32_t count) {
  uint64_t checksum = 0;
  for (const int32_t *command = commands; command < commands + count; command++) {
    int32_t slot = *command >> SIZE_BITS;
    size_t bytes = (size_t)(*command & SIZE_MASK);
    if (bytes == 0) {
      free(addresses[slot]);
      checksum += (uint64_t)slot;
    } else {
      void *address = malloc(bytes);
      if (address == NULL) abort();
      memcpy(address, &slot, sizeof slot);
      addresses[slot] = address;
    }
  }
  return checksum;
}

static uint64_t read_back(int32_t slot_count) {
  uint64_t checksum = 0;
  for (int32_t slot = 0; slot < slot_count; slot++) {
    int32_t word;
    memcpy(&word, addresses[slot], sizeof word);
    checksum += (uint64_t)word;
  }
  return checksum;
}

static void refuse(const char *path) {
  fprintf(stderr, "%s: expected commands of a replace row\n", path);
  exit(2);
}

int main(int argc, char **argv) {
  const char *usage = "replace FILE PASSES";
  if (argc != 3) return fprintf(stderr, "usage: %s\n", usage), 2;
  int pass_count = parse_count(argv[2], 1, usage);

  int32_t header[3];
  FILE *file = fopen(argv[1], "rb");
  if (file == NULL || fread(header, sizeof header, 1, file) != 1) refuse(argv[1]);
  int32_t slot_count = header[1], command_count = header[2];
  if (header[0] != MAGIC || slot_count < 1 || command_count <= slot_count) refuse(argv[1]);
  int32_t *commands = calloc((size_t)command_count, sizeof *commands);
  addresses = calloc((size_t)slot_count, sizeof *addresses);
  double *ns_per_op = calloc((size_t)pass_count, sizeof *ns_per_op);
  if (commands == NULL || addresses == NULL || ns_per_op == NULL) return 1;
  size_t read = fread(commands, sizeof *commands, (size_t)command_count, file);
  if (read != (size_t)command_count) refuse(argv[1]);
  fclose(file);

  run(commands, slot_count);
  const int32_t *timed = commands + slot_count;
  int32_t timed_count = command_count - slot_count;
  int32_t op_count = timed_count / 2;
  uint64_t checksum = 0;
  for (int pass = -1; pass < pass_count; pass++) {
    double start = now_ns();
    checksum = run(timed, timed_count);
    double elapsed = now_ns() - start;
    checksum += read_back(slot_count);
    if (pass >= 0) ns_per_op[pass] = elapsed / op_count;
  }

  printf("{");
  print_passes(ns_per_op, pass_count);
  printf(",\"ops\":%d,\"checksum\":%llu}\n", op_count, (unsigned long long)checksum);
  return 0;
}
