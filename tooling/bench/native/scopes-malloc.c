/*
 * Scopes on malloc: a scope is a list of what was allocated in it, and each object is freed alone.
 */
#include <stdlib.h>

#define MAX_OBJECTS 1000
#define MAX_DEPTH 3

typedef struct scope {
  int depth, count;
  void *objects[MAX_OBJECTS];
} scope;

/* The service, and one below the other. */
static scope scopes[1 + MAX_DEPTH];

static scope *open_service(void) { return &scopes[0]; }

static inline scope *open_scope(scope *parent) {
  scope *opened = &scopes[parent->depth + 1];
  opened->depth = parent->depth + 1;
  opened->count = 0;
  return opened;
}

static inline void *allocate(scope *scope, size_t size) {
  return scope->objects[scope->count++] = malloc(size);
}

static inline void drop_scope(scope *scope) {
  for (int index = 0; index < scope->count; index++) free(scope->objects[index]);
}

#include "scopes.h"

int main(int argc, char **argv) { return run_scopes(argc, argv); }
