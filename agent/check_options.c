#include "agent/check_options.h"

#include "agent/flags.h"
#include "base/address.h"
#include "net/host_port.h"
#include "proto/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS_MAX 60000
#define PATIENCE_S_MAX 3600

static int parse_number(const char *text, uint32_t maximum, uint32_t *out)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits] != '\0')
        return -EINVAL;
    uint32_t value = (uint32_t)strtoul(text, NULL, 10);
    if (value > maximum)
        return -EINVAL;
    *out = value;
    return 0;
}

static int check_server(const char *value)
{
    char host[HOST_BYTES];
    uint16_t port;
    return host_port_parse(value, 1, host, &port);
}

static int set_server(void *field, const char *value)
{
    *(const char **)field = value;
    return check_server(value);
}

static int set_stun(void *field, const char *value)
{
    struct check_options *options = field;
    if (options->stun_count == CHECK_STUN_MAX)
        return -EINVAL;
    options->stun[options->stun_count++] = value;
    return check_server(value);
}

static int set_family(void *field, const char *value)
{
    if (strcmp(value, "4") != 0 && strcmp(value, "6") != 0)
        return -EINVAL;
    *(uint8_t *)field = (uint8_t)(value[0] - '0');
    return 0;
}

static int set_mode(void *field, const char *value)
{
    for (unsigned mode = MODE_AUTO; mode_word(mode); mode++)
        if (strcmp(value, mode_word(mode)) == 0) {
            *(enum sweep_mode *)field = (enum sweep_mode)mode;
            return 0;
        }
    return -EINVAL;
}

static int set_pace(void *field, const char *value)
{
    return parse_number(value, SWEEP_PACE_PPS_MAX, field);
}

static int set_local(void *field, const char *value)
{
    struct address address;
    *(const char **)field = value;
    return address_parse(value, &address) == 0 && address.port == 0 ? 0 : -EINVAL;
}

static int set_timeout(void *field, const char *value)
{
    uint32_t timeout_ms;
    if (parse_number(value, TIMEOUT_MS_MAX, &timeout_ms) != 0 || timeout_ms == 0)
        return -EINVAL;
    *(uint32_t *)field = timeout_ms * 1000;
    return 0;
}

static int set_patience(void *field, const char *value)
{
    uint32_t patience_s;
    if (parse_number(value, PATIENCE_S_MAX, &patience_s) != 0)
        return -EINVAL;
    *(uint64_t *)field = (uint64_t)patience_s * 1000000;
    return 0;
}

static int set_format(void *field, const char *value)
{
    const struct report_format *format = report_format_find(value);
    *(const struct report_format **)field = format;
    return format ? 0 : -EINVAL;
}

#define SERVER_FORM "HOST, HOST:PORT or [IPv6]:PORT"

#define IN_OPTIONS(member) offsetof(struct check_options, member)

static const struct flag flags[] = {
    {"stun", "HOST[:PORT]", "STUN server with two addresses; may repeat, tried in order (default: the settings file)",
     set_stun, 0, SERVER_FORM ", at most 8 times"},
    {"turn", "HOST[:PORT]", "TURN server for TCP ports (default: the STUN server's address)", set_server,
     IN_OPTIONS(turn), SERVER_FORM},
    {"ports", "LIST", "such as 5060/udp,9000-10999/udp, or a profile (default: @3cx)", flag_text, IN_OPTIONS(ports),
     "a port list"},
    {"family", "4|6", "address family (default: 4)", set_family, IN_OPTIONS(family), "4 or 6"},
    {"mode", "auto|live|exclusive",
     "auto: live with CAP_NET_RAW, else bind what is free; live; exclusive: bind all (default: auto)", set_mode,
     IN_OPTIONS(mode), "auto, live or exclusive"},
    {"pace", "PACKETS_PER_S", "packets a second, 0 = unpaced (default: 400)", set_pace, IN_OPTIONS(pace_pps),
     "a number from 0 to 5000"},
    {"turn-user", "NAME", "name for a server that asks for credentials", flag_text, IN_OPTIONS(turn_user), "a name"},
    {"turn-password-file", "FILE", "its password, in a file that only its owner may read", flag_text,
     IN_OPTIONS(turn_password_file), "a file"},
    {"turn-secret-file", "FILE", "instead: a shared secret to mint credentials from (lab and vantage)", flag_text,
     IN_OPTIONS(turn_secret_file), "a file"},
    {"sip-echo", "HOST[:PORT]",
     "a vantage's SIP echo for the SIP ALG test, asked at this port (5060) and 10000 above it", set_server,
     IN_OPTIONS(sip_echo), SERVER_FORM},
    {"binding-lifetime", NULL, "also measure how long the router keeps an idle UDP mapping; takes up to ten minutes",
     flag_on, IN_OPTIONS(binding_lifetime), NULL},
    {"local", "ADDRESS", "address of this host to send from (default: as the route has it)", set_local,
     IN_OPTIONS(local), "a numeric address"},
    {"timeout-ms", "MS", "patience with silence, at most, for one test (default: from the measured round trip)",
     set_timeout, IN_OPTIONS(timeout_us), "a number from 1 to 60000"},
    {"patience", "S", "how long a suspected block may lengthen the sweep (default: 60)", set_patience,
     IN_OPTIONS(patience_us), "a number from 0 to 3600"},
    {"format", "FORMAT", "text, json or csv (default: text)", set_format, IN_OPTIONS(format), "text, json or csv"},
    {"no-progress", NULL, "no progress line on the terminal", flag_on, IN_OPTIONS(no_progress), NULL},
    {"settings", "FILE", "settings file (default: /etc/natsweep/agent.conf)", flag_text, IN_OPTIONS(settings),
     "a file"},
};

static const struct flag_table table = {
    .subcommand = "check",
    .about = "Checks which of this host's ports the internet can reach, and why not. Nothing is stopped but, in mode\n"
             "exclusive, the PBX while it lasts.",
    .exits = "0 all ports as they should be; 1 some or none are, or it cannot be told; 2 nothing could be tested; "
             "3 cancelled;\n64 bad usage.",
    .flags = flags,
    .count = ARRAY_LEN(flags),
};

void check_options_help(FILE *out)
{
    flags_help(&table, out);
}

/* What makes no sense together. */
static const char *find_conflict(const struct check_options *options)
{
    struct address local;

    if (options->turn_secret_file && (options->turn_user || options->turn_password_file))
        return "--turn-secret-file mints its own name and password: leave out --turn-user and --turn-password-file";
    if (!options->turn_user != !options->turn_password_file)
        return "--turn-user and --turn-password-file belong together: give both";
    if (options->local && address_parse(options->local, &local) == 0 && local.family != options->family)
        return "--local is an address of the other family: change it or --family";
    return NULL;
}

int check_options_parse(int argc, char **argv, struct check_options *options, char message[FLAGS_MESSAGE_BYTES])
{
    struct check_options parsed = {.ports = "@3cx",
                                   .format = report_format_find("text"),
                                   .family = 4,
                                   .mode = MODE_AUTO,
                                   .pace_pps = 400,
                                   .patience_us = 60000000};

    int said = flags_read(&table, argc, argv, &parsed, message);
    if (said < 0)
        return said;
    parsed.help = said > 0;
    const char *conflict = find_conflict(&parsed);
    if (conflict) {
        (void)snprintf(message, FLAGS_MESSAGE_BYTES, "%s", conflict);
        return -EINVAL;
    }
    *options = parsed;
    return 0;
}
