#include "gateway/counts.h"

#include "base/attributes.h"
#include "base/log.h"

#include <inttypes.h>
#include <stddef.h>

#define GATEWAY_COUNT_TEXT(UPPER, text) text,
#define GATEWAY_COUNT_TALLY(UPPER, text) [COUNT_##UPPER] = TALLY_REJECTED_##UPPER,

static const char *text_of(enum gateway_count reason)
{
    static const char *const texts[] = {GATEWAY_COUNT_WORDS(GATEWAY_COUNT_TEXT)};
    return (size_t)reason < ARRAY_LEN(texts) ? texts[reason] : NULL;
}

void counts_add(struct counts *counts, enum gateway_count reason)
{
    static const enum tally tallies[COUNTS] = {GATEWAY_COUNT_WORDS(GATEWAY_COUNT_TALLY)};
    counts->now[reason]++;
    tallies_add(counts->tallies, tallies[reason], 1);
}

static enum tally kind_of(const Envelope *envelope)
{
    switch (envelope->body_case) {
    case NATSWEEP__ENVELOPE__BODY_HELLO: return TALLY_FRAME_HELLO;
    case NATSWEEP__ENVELOPE__BODY_HEARTBEAT: return TALLY_FRAME_HEARTBEAT;
    case NATSWEEP__ENVELOPE__BODY_ACCEPTED: return TALLY_FRAME_ACCEPTED;
    case NATSWEEP__ENVELOPE__BODY_REFUSED: return TALLY_FRAME_REFUSED;
    case NATSWEEP__ENVELOPE__BODY_PROGRESS: return TALLY_FRAME_PROGRESS;
    case NATSWEEP__ENVELOPE__BODY_REPORT_BATCH: return TALLY_FRAME_REPORT;
    case NATSWEEP__ENVELOPE__BODY_ENROLL: return TALLY_FRAME_ENROLL;
    default: return TALLY_FRAME_OTHER;
    }
}

void counts_frame(const struct counts *counts, const Envelope *envelope)
{
    tallies_add(counts->tallies, kind_of(envelope), 1);
}

enum gateway_count counts_of_wire_error(int error)
{
    switch (error) {
    case WIRE_TOO_LONG: return COUNT_TOO_LONG;
    case WIRE_VERSION: return COUNT_VERSION;
    case WIRE_FIELD: return COUNT_FIELD;
    case WIRE_MEMORY: return COUNT_MEMORY;
    default: return COUNT_MALFORMED;
    }
}

void counts_log(struct counts *counts)
{
    for (size_t i = 0; i < COUNTS; i++) {
        uint64_t added = counts->now[i] - counts->told[i];
        if (added == 0)
            continue;
        log_warning("gateway", NULL, "%" PRIu64 " %s (%" PRIu64 " since the start)", added,
                    text_of((enum gateway_count)i), counts->now[i]);
        counts->told[i] = counts->now[i];
    }
}
