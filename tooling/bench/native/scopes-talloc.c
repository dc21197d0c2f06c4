/* Scopes on talloc: a context of its own for each, freed with what hangs below it. */
#include <stdlib.h>
#include <talloc.h>

typedef void scope;

static scope *open_service(void) { return talloc_new(NULL); }

static inline scope *open_scope(scope *parent) { return talloc_new(parent); }

static inline void *allocate(scope *scope, size_t size) { return talloc_size(scope, size); }

static inline void drop_scope(scope *scope) { talloc_free(scope); }

#include "scopes.h"

int main(int argc, char **argv) { return run_scopes(argc, argv); }
