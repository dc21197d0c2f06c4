/*
 * A trace as `binaryTrace()` of tooling/traces writes it, read whole into memory: 32-bit integers
 * in the byte order of this machine.
 *
 *     magic, record count, object count, context count      then records of four integers:
 *     opcode       a        b           c
 *     OP_ALLOC     context  object      bytes
 *     OP_FREE      context  object      0
 *     OP_REALLOC   context  object      new bytes
 *     OP_CREATE    context  parent      kind number
 *     OP_RESET     context  0           0
 *     OP_REPARENT  context  new parent  0
 *     OP_DROP      context  0           0
 *     OP_THREAD    thread   0           0
 *
 * Objects count from 0, contexts from 1 (0 is the root, or no context in a malloc trace). The
 * parser in tooling/traces has checked that operations name open contexts and live objects; only
 * the file's length and magic are checked here.
 */
#ifndef BINARY_TRACE_H
#define BINARY_TRACE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BINARY_CONTEXT_MAGIC 0x54434c50
#define BINARY_MALLOC_MAGIC 0x544d4c50

enum opcode {
  OP_ALLOC = 1,
  OP_FREE = 2,
  OP_REALLOC = 3,
  OP_CREATE = 4,
  OP_RESET = 5,
  OP_REPARENT = 6,
  OP_DROP = 7,
  OP_THREAD = 8,
};

struct record {
  int32_t opcode, a, b, c;
};

struct binary_trace {
  int32_t magic, record_count, object_count, context_count;
  struct record *records;
};

static void refuse_trace(const char *path, const char *expected) {
  fprintf(stderr, "%s: expected %s\n", path, expected);
  exit(2);
}

static struct binary_trace read_binary_trace(const char *path, int32_t magic) {
  struct binary_trace trace;
  int32_t header[4];
  FILE *file = fopen(path, "rb");
  if (file == NULL) refuse_trace(path, "a readable file");
  if (fread(header, sizeof header, 1, file) != 1 || header[0] != magic) {
    refuse_trace(path, "a binary trace of this program's kind and this machine's byte order");
  }
  trace.magic = header[0];
  trace.record_count = header[1];
  trace.object_count = header[2];
  trace.context_count = header[3];
  if (trace.record_count < 1 || trace.object_count < 0 || trace.context_count < 0) {
    refuse_trace(path, "at least one record, and no negative count");
  }
  trace.records = malloc((size_t)trace.record_count * sizeof(struct record));
  if (trace.records == NULL) refuse_trace(path, "a trace that fits into memory");
  size_t read = fread(trace.records, sizeof(struct record), (size_t)trace.record_count, file);
  if (read != (size_t)trace.record_count || fgetc(file) != EOF) {
    refuse_trace(path, "exactly the records that the header counts");
  }
  fclose(file);
  return trace;
}

#endif
