/*
 * Prints the path of the file whose malloc a program calls that was linked as this one was: of a
 * library, or of the program itself where the library was linked into it.
 *
 *     whose-malloc
 *
 * It calls malloc, because linkers leave out a library that nothing is called of.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  void *volatile object = malloc(1);
  void *address = dlsym(RTLD_DEFAULT, "malloc");
  Dl_info home;
  if (object == NULL || address == NULL || dladdr(address, &home) == 0) return 1;
  free(object);
  puts(home.dli_fname);
  return 0;
}
