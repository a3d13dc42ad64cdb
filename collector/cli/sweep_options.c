#include "cli/sweep_options.h"

#include <string.h>

void sweep_options_flags(struct sweep_options *options, struct flag flags[SWEEP_OPTION_COUNT])
{
    const struct flag rows[SWEEP_OPTION_COUNT] = {
        {"--ports", FLAG_TEXT, &options->ports, "LIST",
         "such as 5060/udp,9000-10999/udp, a profile (default @3cx), or @failing: what fails there"},
        {"--pace", FLAG_TEXT, &options->pace, "N", "packets a second of each agent (default 400, 0 = unpaced)"},
        {"--mode", FLAG_TEXT, &options->mode, "MODE", "auto (default), live or exclusive"},
        {"--family", FLAG_TEXT, &options->family, "4|6", "address family (default 4)"},
        {"--patience", FLAG_TEXT, &options->patience, "S",
         "seconds that a suspected block may lengthen a sweep (default 60)"},
        {"--deadline", FLAG_TEXT, &options->deadline, "S", "seconds after which a sweep gives up"},
        {"--expires", FLAG_TEXT, &options->expires, "T",
         "how long to wait for agents that are offline (default '1 hour')"},
        {"--priority", FLAG_TEXT, &options->priority, "N", "0 (default) to 100: higher goes first at a busy agent"},
        {"--jitter", FLAG_TEXT, &options->jitter, "T", "spread the sites over this time, such as '30 min'"},
        {"--quiet-hours", FLAG_TEXT, &options->quiet_hours, "HH:MM-HH:MM", "start no sweep in this time of the day"},
        {"--time-zone", FLAG_TEXT, &options->time_zone, "ZONE", "on these clocks, such as Europe/Berlin (default UTC)"},
        {"--in-flight", FLAG_TEXT, &options->in_flight, "N", "at most so many sites at a time"},
        {"--per-address", FLAG_TEXT, &options->per_address, "N",
         "at most so many sites at a time behind one public address"},
        {"--stop-percent", FLAG_TEXT, &options->stop_percent, "N", "pause when more than so many percent fail"},
        {"--attempts", FLAG_TEXT, &options->attempts, "N", "how often to try a site whose sweep fails (default 1)"},
    };
    memcpy(flags, rows, sizeof rows);
}

void sweep_options_parameters(const struct sweep_options *options, struct sql_parameters *parameters)
{
    const char *const values[SWEEP_OPTION_COUNT] = {
        options->ports,     options->pace,      options->mode,        options->family,       options->patience,
        options->deadline,  options->expires,   options->priority,    options->jitter,       options->quiet_hours,
        options->time_zone, options->in_flight, options->per_address, options->stop_percent, options->attempts};
    memcpy(parameters->values + parameters->count, values, sizeof values);
    parameters->count += SWEEP_OPTION_COUNT;
}
