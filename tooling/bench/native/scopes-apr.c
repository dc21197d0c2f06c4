/* Scopes on the pools of the Apache Portable Runtime. */
#include <apr_general.h>
#include <apr_pools.h>
#include <stdlib.h>

typedef apr_pool_t scope;

static inline scope *open_scope(scope *parent) {
  scope *opened;
  if (apr_pool_create(&opened, parent) != APR_SUCCESS) abort();
  return opened;
}

static scope *open_service(void) {
  if (apr_initialize() != APR_SUCCESS) abort();
  return open_scope(NULL);
}

static inline void *allocate(scope *scope, size_t size) { return apr_palloc(scope, size); }

static inline void drop_scope(scope *scope) { apr_pool_destroy(scope); }

#include "scopes.h"

int main(int argc, char **argv) { return run_scopes(argc, argv); }
