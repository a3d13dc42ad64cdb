#include "base/clock.h"

#include <stdio.h>
#include <time.h>

uint64_t clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

int64_t clock_wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

const char *clock_format_rfc3339(int64_t wall_us, char text[CLOCK_TEXT_BYTES])
{
    int64_t seconds = wall_us / 1000000;
    int64_t microseconds = wall_us % 1000000;
    if (microseconds < 0) {
        microseconds += 1000000;
        seconds--;
    }
    time_t time = (time_t)seconds;
    struct tm utc;
    if (!gmtime_r(&time, &utc)) {
        snprintf(text, CLOCK_TEXT_BYTES, "invalid");
        return text;
    }
    char date[CLOCK_TEXT_BYTES - 5];
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, CLOCK_TEXT_BYTES, "%s.%03dZ", date, (int)(microseconds / 1000));
    return text;
}
