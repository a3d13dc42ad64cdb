#include "gateway/counts.h"

#include "base/attributes.h"
#include "base/log.h"
#include "proto/wire.h"

#include <inttypes.h>
#include <stddef.h>

#define GATEWAY_COUNT_TEXT(UPPER, text) text,

static const char *text_of(enum gateway_count reason)
{
    static const char *const texts[] = {GATEWAY_COUNT_WORDS(GATEWAY_COUNT_TEXT)};
    return (size_t)reason < ARRAY_LEN(texts) ? texts[reason] : NULL;
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
