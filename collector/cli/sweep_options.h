/* How a request is to be swept, as flags; SQL makes the options of natsweep.request_sweep() of them. */
#ifndef CLI_SWEEP_OPTIONS_H
#define CLI_SWEEP_OPTIONS_H

#include "cli/database.h"
#include "cli/flags.h"

#define SWEEP_OPTION_COUNT 15

/* NULL: as the database has it. */
struct sweep_options {
    const char *ports, *pace, *mode, *family, *patience, *deadline, *expires, *priority, *jitter, *quiet_hours,
        *time_zone, *in_flight, *per_address, *stop_percent, *attempts;
};

/* The rows of the command line that fill `options`. */
void sweep_options_flags(struct sweep_options *options, struct flag flags[SWEEP_OPTION_COUNT]);

/* The parameters $8 to $22, after those of the selector. */
void sweep_options_parameters(const struct sweep_options *options, struct sql_parameters *parameters);

/* clang-format off */
#define SWEEP_PORTS_SQL "coalesce($8, '@3cx')"
#define SWEEP_TIME_ZONE_SQL "$18::text"
#define SECONDS(flag, place) "extract(epoch from natsweep.time_span('" flag "', " place "))::bigint"
#define SWEEP_OPTIONS_SQL                                                                                              \
    "jsonb_strip_nulls(jsonb_build_object('pace', $9::text, 'mode', $10::text, 'family', $11::text,"                   \
    " 'patience_s', $12::text, 'deadline_s', $13::text, 'expires_s', " SECONDS("--expires", "$14") ","                 \
    " 'priority', $15::text, 'jitter_s', " SECONDS("--jitter", "$16") ", 'quiet_hours', $17::text,"                    \
    " 'time_zone', " SWEEP_TIME_ZONE_SQL ", 'in_flight', $19::text, 'per_address', $20::text,"                         \
    " 'stop_percent', $21::text, 'attempts', $22::text))"
/* clang-format on */

#endif
