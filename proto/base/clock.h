/* The two clocks. Engines never call these: time is handed to them. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* RFC 3339 in UTC with milliseconds: "2026-01-02T03:04:05.678Z" and its NUL, with room for years past 9999. */
#define CLOCK_TEXT_BYTES 32

uint64_t clock_monotonic_us(void); /* CLOCK_BOOTTIME: goes on over suspend */
int64_t clock_wall_us(void);       /* microseconds since the Unix epoch */
const char *clock_format_rfc3339(int64_t wall_us, char text[CLOCK_TEXT_BYTES]); /* returns text */

#endif
