/*
 * Bump allocation in C, as the Apache Portable Runtime does it: small objects from one pool, then
 * the pool is cleared. Beside it the same objects from malloc, each freed alone. The first word of
 * each object is written.
 *
 *     bump-apr OBJECTS PASSES
 *
 * One pass warms up and is not reported. Prints {"apr": figures, "malloc": figures, "ops"}, where
 * figures are {"ns_per_op": median, "min", "passes", "peakRssBytes"} and an op is one object, its
 * share of the clear or its free included.
 */
#include <apr_general.h>
#include <apr_pools.h>
#include <string.h>

#include "passes.h"

#define OBJECT_BYTES 24

static __attribute__((noinline)) void fill_pool(apr_pool_t *pool, int object_count) {
  for (int index = 0; index < object_count; index++) {
    memcpy(apr_palloc(pool, OBJECT_BYTES), &index, sizeof index);
  }
  apr_pool_clear(pool);
}

static __attribute__((noinline)) void fill_malloc(void **addresses, int object_count) {
  for (int index = 0; index < object_count; index++) {
    addresses[index] = malloc(OBJECT_BYTES);
    if (addresses[index] == NULL) abort();
    memcpy(addresses[index], &index, sizeof index);
  }
  for (int index = 0; index < object_count; index++) free(addresses[index]);
}

int main(int argc, char **argv) {
  const char *usage = "bump-apr OBJECTS PASSES";
  if (argc != 3) return fprintf(stderr, "usage: %s\n", usage), 2;
  int object_count = parse_count(argv[1], 1, usage);
  int pass_count = parse_count(argv[2], 1, usage);

  void **addresses = calloc((size_t)object_count, sizeof *addresses);
  double *apr_ns = calloc((size_t)pass_count, sizeof *apr_ns);
  double *malloc_ns = calloc((size_t)pass_count, sizeof *malloc_ns);
  if (addresses == NULL || apr_ns == NULL || malloc_ns == NULL) return 1;
  apr_pool_t *pool;
  if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS) return 1;

  /* In turns, so that a slow minute of the machine meets both. */
  for (int pass = -1; pass < pass_count; pass++) {
    double start = now_ns();
    fill_pool(pool, object_count);
    double filled_pool = now_ns();
    fill_malloc(addresses, object_count);
    double filled_malloc = now_ns();
    if (pass < 0) continue;
    apr_ns[pass] = (filled_pool - start) / object_count;
    malloc_ns[pass] = (filled_malloc - filled_pool) / object_count;
  }
  apr_terminate();

  printf("{\"apr\":{");
  print_passes(apr_ns, pass_count);
  printf("},\"malloc\":{");
  print_passes(malloc_ns, pass_count);
  printf("},\"ops\":%d}\n", object_count);
  return 0;
}
