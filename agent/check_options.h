/* The command line of `natsweep-agent check`: one table of flags that the parser and --help share (pure). */
#ifndef AGENT_CHECK_OPTIONS_H
#define AGENT_CHECK_OPTIONS_H

#include "agent/flags.h"
#include "base/attributes.h"
#include "proto/words.h"
#include "report/format.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CHECK_STUN_MAX 8

/* Texts point into argv. */
struct check_options {
    const char *stun[CHECK_STUN_MAX];
    size_t stun_count;
    const char *turn, *turn_user, *turn_password_file, *turn_secret_file;
    const char *sip_echo, *ports, *local, *settings;
    const struct report_format *format;
    uint8_t family;
    enum sweep_mode mode;
    uint32_t pace_pps, timeout_us; /* 0 = unpaced; 0 = as measured */
    uint64_t patience_us;
    bool binding_lifetime, no_progress, help;
};

/* Reads argv[1..argc-1], flags in any order, as "--flag value" or "--flag=value". Returns 0, or -EINVAL with one
 * sentence in `message`; `options` is then unchanged. */
int check_options_parse(int argc, char **argv, struct check_options *options,
                        char message[FLAGS_MESSAGE_BYTES]) MUST_CHECK;
void check_options_help(FILE *out);

#endif
