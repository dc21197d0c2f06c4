/*
 * What the operations of a replay are done on.
 *
 *     ON_MALLOC    malloc, realloc and free
 *     RECORDED     the same, and the address of each object is recorded
 *     ON_STUB      a stub that returns the recorded addresses in their order: what a replay costs
 *                  without its allocator. A realloc that moved carries the first word along, which
 *                  the replay reads back.
 *     SAMPLED      malloc, realloc and free, and what malloc holds is looked at again and again
 *     NO_MEMORY    nothing, and nothing is written: for what a process has resident without objects
 *
 * The objects of ON_STUB lie as RECORDED had them, in a region of their own: the memory that malloc
 * got back holds its lists.
 */
#ifndef REPLAY_MODE_H
#define REPLAY_MODE_H

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binary-trace.h"

enum replay_mode { ON_MALLOC, RECORDED, ON_STUB, SAMPLED, NO_MEMORY };

#define PAGE_BYTES ((uintptr_t)4096)

static char **recorded_addresses;
static char **next_recorded;
static uintptr_t recorded_from = UINTPTR_MAX, recorded_end;

/* At most one address for each record. All objects must lie in the one heap that glibc grows, or the
 * region would span the address space. */
static void prepare_recording(int32_t record_count) {
  recorded_addresses = calloc((size_t)record_count, sizeof *recorded_addresses);
  if (recorded_addresses == NULL) exit(1);
  next_recorded = recorded_addresses;
#ifdef __GLIBC__
  mallopt(M_MMAP_MAX, 0);
#endif
}

static inline void record(char *address, size_t bytes) {
  *next_recorded++ = address;
  if ((uintptr_t)address < recorded_from) recorded_from = (uintptr_t)address;
  if ((uintptr_t)address + bytes > recorded_end) recorded_end = (uintptr_t)address + bytes;
}

/* Moves the recorded objects to a region of their own, each to the same place in its page. */
static void give_recorded_a_region(void) {
  uintptr_t from = recorded_from & ~(PAGE_BYTES - 1);
  char *region = aligned_alloc(PAGE_BYTES, (recorded_end - from + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1));
  if (region == NULL) exit(1);
  for (char **each = recorded_addresses; each < next_recorded; each++) {
    *each = region + ((uintptr_t)*each - from);
  }
}

/* After each pass, so that the next one finds the first address again. */
static void finish_pass(enum replay_mode mode) {
  if (mode == RECORDED) give_recorded_a_region();
  next_recorded = recorded_addresses;
}

/* Walking malloc's lists takes up to a millisecond: done once in so many operations, and for those
 * that may get a mapping of their own. */
#define OPERATIONS_BETWEEN_SAMPLES 1024
#define MAPPED_BYTES 65536

static size_t held_at_start, most_held;

/* From the operating system; 0 where malloc does not tell. */
static size_t held_bytes(void) {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
  struct mallinfo2 info = mallinfo2();
  return info.arena + info.hblkhd;
#else
  return 0;
#endif
}

static __attribute__((noinline)) void take_sample(void) {
  size_t held = held_bytes();
  if (held > most_held) most_held = held;
}

static inline void sample(size_t bytes) {
  static unsigned operations;
  if (bytes >= MAPPED_BYTES || ++operations % OPERATIONS_BETWEEN_SAMPLES == 0) take_sample();
}

/* Before the first pass: what the program itself holds is not counted. */
static void prepare_mode(enum replay_mode mode, int32_t record_count) {
  if (mode == ON_STUB) prepare_recording(record_count);
  held_at_start = most_held = held_bytes();
}

/* A further member of the report. */
static void print_held(enum replay_mode mode) {
  if (mode == SAMPLED && most_held > held_at_start) {
    printf(",\"heldBytes\":%zu", most_held - held_at_start);
  }
}

/* ON_MALLOC where the last argument is no mode. */
static enum replay_mode replay_mode_of(const char *argument) {
  if (argument != NULL && strcmp(argument, "--stub") == 0) return ON_STUB;
  if (argument != NULL && strcmp(argument, "--held") == 0) return SAMPLED;
  if (argument != NULL && strcmp(argument, "--no-memory") == 0) return NO_MEMORY;
  return ON_MALLOC;
}

/* A stub needs a recording, which the pass that warms up makes. */
static enum replay_mode mode_of_pass(enum replay_mode mode, int pass) {
  return mode == ON_STUB && pass < 0 ? RECORDED : mode;
}

static inline void *replay_alloc(enum replay_mode mode, size_t bytes) {
  if (mode == ON_STUB) return *next_recorded++;
  void *address = malloc(bytes);
  if (address == NULL) abort();
  if (mode == RECORDED) record(address, bytes);
  if (mode == SAMPLED) sample(bytes);
  return address;
}

static inline void *replay_realloc(enum replay_mode mode, void *old, size_t bytes) {
  if (mode == ON_STUB) {
    char *address = *next_recorded++;
    memmove(address, old, sizeof(int32_t));
    return address;
  }
  void *address = realloc(old, bytes);
  if (address == NULL) abort();
  if (mode == RECORDED) record(address, bytes);
  if (mode == SAMPLED) sample(bytes);
  return address;
}

static inline void replay_free(enum replay_mode mode, void *address) {
  if (mode != ON_STUB && mode != NO_MEMORY) free(address);
}

/* What each program defines: one pass over a trace. Inlined once for each mode, a constant there, so
 * that the test of it costs no loop anything. */
static inline __attribute__((always_inline)) void replay(const struct binary_trace *trace,
                                                         enum replay_mode mode);

static __attribute__((noinline)) void replay_on_malloc(const struct binary_trace *trace) {
  replay(trace, ON_MALLOC);
}

static __attribute__((noinline)) void replay_recorded(const struct binary_trace *trace) {
  replay(trace, RECORDED);
}

static __attribute__((noinline)) void replay_on_stub(const struct binary_trace *trace) {
  replay(trace, ON_STUB);
}

static __attribute__((noinline)) void replay_sampled(const struct binary_trace *trace) {
  replay(trace, SAMPLED);
}

static __attribute__((noinline)) void replay_no_memory(const struct binary_trace *trace) {
  replay(trace, NO_MEMORY);
}

static void replay_in(enum replay_mode mode, const struct binary_trace *trace) {
  switch (mode) {
    case ON_MALLOC: replay_on_malloc(trace); break;
    case RECORDED: replay_recorded(trace); break;
    case ON_STUB: replay_on_stub(trace); break;
    case SAMPLED: replay_sampled(trace); break;
    case NO_MEMORY: replay_no_memory(trace); break;
  }
}

#endif
