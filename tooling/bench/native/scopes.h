/*
 * A service opens a scope for each request, allocates in it, and drops it. The program that
 * includes this says what a scope is:
 *
 *     typedef ... scope;
 *     static scope *open_service(void);            the parent of all requests
 *     static scope *open_scope(scope *parent);
 *     static void *allocate(scope *scope, size_t size);
 *     static void drop_scope(scope *scope);
 *
 *     PROGRAM ALLOCATIONS DEPTH PASSES
 *
 * DEPTH is 1, or 3: the allocations of a request are spread over a scope, one in it, and one in
 * that. The first word of each object is written, and that of each scope's last object is read
 * back. One pass warms up and is not reported. Prints {"ns_per_op": median, "min", "passes",
 * "peakRssBytes", "ops", "checksum"}; an op is an allocation with its share of the scope, or the
 * request where that has one allocation at most. The numbers are those of src/scope-shape.ts.
 */
#ifndef SCOPES_H
#define SCOPES_H

#include <string.h>

#include "passes.h"

#define SMALLEST_BYTES 8
#define LARGEST_BYTES 256
#define OPERATIONS 100000

static uint16_t *sizes;
static uint64_t checksum;

static void draw_sizes(int count) {
  uint32_t random = 1;
  for (int index = 0; index < count; index++) {
    random = random * 1664525u + 1013904223u;
    uint32_t extra = (random >> 8) % (LARGEST_BYTES - SMALLEST_BYTES + 1);
    sizes[index] = (uint16_t)(SMALLEST_BYTES + extra);
  }
}

static inline void fill(scope *scope, int from, int to, int32_t first_word) {
  char *last = NULL;
  for (int index = from; index < to; index++) {
    int32_t word = first_word + index;
    last = allocate(scope, sizes[index]);
    if (last == NULL) abort();
    memcpy(last, &word, sizeof word);
  }
  if (last == NULL) return;
  int32_t word;
  memcpy(&word, last, sizeof word);
  checksum += (uint64_t)word;
}

static __attribute__((noinline)) void run_one_scope(scope *service, int requests, int count) {
  for (int request = 0; request < requests; request++) {
    scope *context = open_scope(service);
    fill(context, 0, count, request);
    drop_scope(context);
  }
}

static __attribute__((noinline)) void run_nested(scope *service, int requests, int count) {
  int second = count / 3, third = count * 2 / 3;
  for (int request = 0; request < requests; request++) {
    scope *outer = open_scope(service);
    fill(outer, 0, second, request);
    scope *middle = open_scope(outer);
    fill(middle, second, third, request);
    scope *inner = open_scope(middle);
    fill(inner, third, count, request);
    drop_scope(inner);
    drop_scope(middle);
    drop_scope(outer);
  }
}

static int run_scopes(int argc, char **argv) {
  const char *usage = "scopes ALLOCATIONS DEPTH PASSES";
  if (argc != 4) return fprintf(stderr, "usage: %s\n", usage), 2;
  int count = parse_count(argv[1], 0, usage);
  int depth = parse_count(argv[2], 1, usage);
  int pass_count = parse_count(argv[3], 1, usage);
  int count_or_1 = count > 1 ? count : 1;
  int requests = OPERATIONS / count_or_1;
  int ops = requests * count_or_1;

  sizes = calloc((size_t)count_or_1, sizeof *sizes);
  double *ns_per_op = calloc((size_t)pass_count, sizeof *ns_per_op);
  if (sizes == NULL || ns_per_op == NULL) return 1;
  draw_sizes(count);
  scope *service = open_service();

  for (int pass = -1; pass < pass_count; pass++) {
    checksum = 0;
    for (int index = 0; index < count; index++) checksum += sizes[index];
    double start = now_ns();
    if (depth == 1) run_one_scope(service, requests, count);
    else run_nested(service, requests, count);
    if (pass >= 0) ns_per_op[pass] = (now_ns() - start) / ops;
  }

  printf("{");
  print_passes(ns_per_op, pass_count);
  printf(",\"ops\":%d,\"checksum\":%llu}\n", ops, (unsigned long long)checksum);
  return 0;
}

#endif
