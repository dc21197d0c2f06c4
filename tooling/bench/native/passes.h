/* Timing of repeated passes over the same work, and the report as one line of JSON. */
#ifndef PASSES_H
#define PASSES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Most bytes that were resident at once; 0 on systems other than Linux. Not what getrusage says:
 * that counts what the process had before it became this program, too. */
static long peak_rss_bytes(void) {
  FILE *status = fopen("/proc/self/status", "r");
  if (status == NULL) return 0;
  char line[256];
  long kib = 0;
  while (fgets(line, sizeof line, status) != NULL && sscanf(line, "VmHWM: %ld kB", &kib) != 1) {
  }
  fclose(status);
  return kib * 1024;
}

/* The figures in order of passes, their median, and the peak of the memory, as members of a JSON
 * object that is open. */
static void print_passes(const double *ns_per_op, int pass_count) {
  double *sorted = malloc((size_t)pass_count * sizeof(double));
  if (sorted == NULL) exit(1);
  for (int pass = 0; pass < pass_count; pass++) sorted[pass] = ns_per_op[pass];
  qsort(sorted, (size_t)pass_count, sizeof(double), compare_doubles);
  double middle = sorted[pass_count / 2];
  if (pass_count % 2 == 0) middle = (middle + sorted[pass_count / 2 - 1]) / 2;
  printf("\"ns_per_op\":%.4f,\"min\":%.4f,\"passes\":[", middle, sorted[0]);
  for (int pass = 0; pass < pass_count; pass++) {
    printf("%s%.4f", pass == 0 ? "" : ",", ns_per_op[pass]);
  }
  printf("]");
  long peak = peak_rss_bytes();
  if (peak > 0) printf(",\"peakRssBytes\":%ld", peak);
  free(sorted);
}

/* A whole number from `least` up, or the usage line and the end. */
static int parse_count(const char *text, int least, const char *usage) {
  char *end;
  long value = strtol(text, &end, 10);
  if (end == text || *end != '\0' || value < least || value > 1000000000) {
    fprintf(stderr, "usage: %s\n", usage);
    exit(2);
  }
  return (int)value;
}

#endif
