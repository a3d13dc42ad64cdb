#include "control/state.h"

#include <inttypes.h>
#include <stdio.h>

const char *state_collector_id(const struct state *state, char text[STATE_NUMBER_BYTES])
{
    snprintf(text, STATE_NUMBER_BYTES, "%" PRId64, state->lease.collector_id);
    return text;
}
