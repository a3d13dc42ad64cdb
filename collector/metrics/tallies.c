#include "metrics/tallies.h"

#include "base/attributes.h"

#include <string.h>

#define COMMIT_METRIC "natsweep_store_commit_seconds"
#define US_PER_S 1000000.0

struct tally_row {
    enum metric_type type;
    const char *metric, *label, *value, *help;
};

#define TALLY_ROW(NAME, type, metric, label, value, help) {METRIC_##type, metric, label, value, help},
static const struct tally_row rows[TALLIES] = {TALLY_WORDS(TALLY_ROW)};

/* A lone report commits in a millisecond or two; a second is what a person begins to wonder about. */
static const struct {
    uint64_t us;
    const char *seconds;
} buckets[COMMIT_BUCKETS] = {{1000, "0.001"}, {2500, "0.0025"}, {5000, "0.005"}, {10000, "0.01"}, {25000, "0.025"},
                             {50000, "0.05"}, {100000, "0.1"},  {500000, "0.5"}, {1000000, "1"},  {5000000, "5"}};

void tallies_add(struct tallies *tallies, enum tally which, int64_t amount)
{
    if (tallies)
        atomic_fetch_add_explicit(&tallies->values[which], amount, memory_order_relaxed);
}

void tallies_set(struct tallies *tallies, enum tally which, int64_t value)
{
    if (tallies)
        atomic_store_explicit(&tallies->values[which], value, memory_order_relaxed);
}

int64_t tallies_get(const struct tallies *tallies, enum tally which)
{
    return tallies ? atomic_load_explicit(&tallies->values[which], memory_order_relaxed) : 0;
}

void tallies_beat(struct tallies *tallies, enum pulse which, uint64_t now_us)
{
    if (tallies)
        atomic_store_explicit(&tallies->pulse_us[which], now_us, memory_order_relaxed);
}

void tallies_commit_took(struct tallies *tallies, uint64_t us)
{
    size_t i = 0;
    if (!tallies)
        return;
    while (i < COMMIT_BUCKETS && us > buckets[i].us)
        i++;
    atomic_fetch_add_explicit(&tallies->commits[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&tallies->commit_us, us, memory_order_relaxed);
}

static void write_commits(const struct tallies *tallies, struct metric_text *out)
{
    uint64_t total = 0;
    metric_text_family(out, COMMIT_METRIC, METRIC_HISTOGRAM, TALLY_COMMITS);
    for (size_t i = 0; i <= COMMIT_BUCKETS; i++) {
        total += atomic_load_explicit(&tallies->commits[i], memory_order_relaxed);
        const struct metric_label edge = {"le", i < COMMIT_BUCKETS ? buckets[i].seconds : "+Inf"};
        metric_text_sample(out, COMMIT_METRIC "_bucket", &edge, 1, (double)total);
    }
    uint64_t us = atomic_load_explicit(&tallies->commit_us, memory_order_relaxed);
    metric_text_sample(out, COMMIT_METRIC "_sum", NULL, 0, (double)us / US_PER_S);
    metric_text_sample(out, COMMIT_METRIC "_count", NULL, 0, (double)total);
}

void tallies_write(const struct tallies *tallies, struct metric_text *out)
{
    const char *family = "";
    for (size_t i = 0; i < TALLIES; i++) {
        if (strcmp(family, rows[i].metric) != 0)
            metric_text_family(out, rows[i].metric, rows[i].type, rows[i].help);
        family = rows[i].metric;
        const struct metric_label label = {rows[i].label, rows[i].value};
        metric_text_sample(out, rows[i].metric, &label, rows[i].label ? 1 : 0,
                           (double)tallies_get(tallies, (enum tally)i));
    }
    write_commits(tallies, out);
}
