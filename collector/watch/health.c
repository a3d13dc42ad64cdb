#include "watch/health.h"

#include "base/attributes.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define US_PER_S 1000000u

/* The gateway never waits for anybody; control waits for PostgreSQL, a statement at most 10 s, and a round has several.
 */
static const struct {
    const char *name;
    uint64_t patience_s;
} pulses[PULSES] = {[PULSE_GATEWAY] = {"gateway", 15}, [PULSE_CONTROL] = {"control", 120}};

static const struct {
    enum tally which;
    int64_t wanted;
    const char *otherwise;
} conditions[] = {
    {TALLY_SELF_TEST, 1, "not ready: it was not shown that strangers are refused"},
    {TALLY_DRAINING, 0, "not ready: this collector is ending"},
    {TALLY_DATABASE_CONTROL, 1, "not ready: PostgreSQL cannot be reached; the log says why"},
    {TALLY_LEASE, 1, "not ready: the lease is not held yet"},
};

PRINTF_LIKE(2, 3)
static struct health say(bool good, const char *format, ...)
{
    struct health health = {.good = good};
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(health.text, sizeof(health.text), format, arguments);
    va_end(arguments);
    return health;
}

struct health health_alive(const struct tallies *tallies, uint64_t now_us)
{
    for (int i = 0; i < PULSES; i++) {
        uint64_t beat_us = atomic_load_explicit(&tallies->pulse_us[i], memory_order_relaxed);
        if (beat_us == 0)
            return say(false, "not alive: the %s thread has not begun\n", pulses[i].name);
        uint64_t silent_s = now_us > beat_us ? (now_us - beat_us) / US_PER_S : 0;
        if (silent_s > pulses[i].patience_s)
            return say(false, "not alive: the %s thread hangs since %" PRIu64 " s\n", pulses[i].name, silent_s);
    }
    return say(true, "alive\n");
}

struct health health_ready(const struct tallies *tallies)
{
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++) {
        if (tallies_get(tallies, conditions[i].which) != conditions[i].wanted)
            return say(false, "%s\n", conditions[i].otherwise);
    }
    return say(true, "ready\n");
}
