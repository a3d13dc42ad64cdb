#include "agent/check_options.h"

#include "base/address.h"
#include "net/host_port.h"
#include "proto/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MS_MAX 60000
#define PATIENCE_S_MAX 3600

struct flag {
    const char *name;  /* without the dashes */
    const char *value; /* what it takes, for --help and errors; NULL = nothing */
    const char *help;
    int (*set)(struct check_options *options, const char *value); /* -EINVAL: value is not what `allowed` says */
    const char *allowed;
};

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

static int set_text(const char **field, const char *value)
{
    if (value[0] == '\0')
        return -EINVAL;
    *field = value;
    return 0;
}

static int set_server(const char **field, const char *value)
{
    *field = value;
    return check_server(value);
}

static int set_stun(struct check_options *options, const char *value)
{
    if (options->stun_count == CHECK_STUN_MAX)
        return -EINVAL;
    options->stun[options->stun_count++] = value;
    return check_server(value);
}

static int set_turn(struct check_options *options, const char *value)
{
    return set_server(&options->turn, value);
}

static int set_sip_echo(struct check_options *options, const char *value)
{
    return set_server(&options->sip_echo, value);
}

static int set_ports(struct check_options *options, const char *value)
{
    return set_text(&options->ports, value);
}

static int set_family(struct check_options *options, const char *value)
{
    if (strcmp(value, "4") != 0 && strcmp(value, "6") != 0)
        return -EINVAL;
    options->family = (uint8_t)(value[0] - '0');
    return 0;
}

static int set_mode(struct check_options *options, const char *value)
{
    for (unsigned mode = MODE_AUTO; mode_word(mode); mode++)
        if (strcmp(value, mode_word(mode)) == 0) {
            options->mode = (enum sweep_mode)mode;
            return 0;
        }
    return -EINVAL;
}

static int set_pace(struct check_options *options, const char *value)
{
    return parse_number(value, SWEEP_PACE_PPS_MAX, &options->pace_pps);
}

static int set_turn_user(struct check_options *options, const char *value)
{
    return set_text(&options->turn_user, value);
}

static int set_turn_password_file(struct check_options *options, const char *value)
{
    return set_text(&options->turn_password_file, value);
}

static int set_turn_secret_file(struct check_options *options, const char *value)
{
    return set_text(&options->turn_secret_file, value);
}

static int set_local(struct check_options *options, const char *value)
{
    struct address address;
    options->local = value;
    return address_parse(value, &address) == 0 && address.port == 0 ? 0 : -EINVAL;
}

static int set_timeout(struct check_options *options, const char *value)
{
    uint32_t timeout_ms;
    if (parse_number(value, TIMEOUT_MS_MAX, &timeout_ms) != 0 || timeout_ms == 0)
        return -EINVAL;
    options->timeout_us = timeout_ms * 1000;
    return 0;
}

static int set_patience(struct check_options *options, const char *value)
{
    uint32_t patience_s;
    if (parse_number(value, PATIENCE_S_MAX, &patience_s) != 0)
        return -EINVAL;
    options->patience_us = (uint64_t)patience_s * 1000000;
    return 0;
}

static int set_format(struct check_options *options, const char *value)
{
    options->format = report_format_find(value);
    return options->format ? 0 : -EINVAL;
}

static int set_settings(struct check_options *options, const char *value)
{
    return set_text(&options->settings, value);
}

static int set_binding_lifetime(struct check_options *options, const char *value)
{
    (void)value;
    options->binding_lifetime = true;
    return 0;
}

static int set_no_progress(struct check_options *options, const char *value)
{
    (void)value;
    options->no_progress = true;
    return 0;
}

static int set_help(struct check_options *options, const char *value)
{
    (void)value;
    options->help = true;
    return 0;
}

#define SERVER_FORM "HOST, HOST:PORT or [IPv6]:PORT"

static const struct flag flags[] = {
    {"stun", "HOST[:PORT]", "STUN server with two addresses; may repeat, tried in order (default: the settings file)",
     set_stun, SERVER_FORM ", at most 8 times"},
    {"turn", "HOST[:PORT]", "TURN server for TCP ports (default: the STUN server's address)", set_turn, SERVER_FORM},
    {"ports", "LIST", "such as 5060/udp,9000-10999/udp, or a profile (default: @3cx)", set_ports, "a port list"},
    {"family", "4|6", "address family (default: 4)", set_family, "4 or 6"},
    {"mode", "auto|live|exclusive",
     "auto: live with CAP_NET_RAW, else bind what is free; live; exclusive: bind all (default: auto)", set_mode,
     "auto, live or exclusive"},
    {"pace", "PACKETS_PER_S", "packets a second, 0 = unpaced (default: 400)", set_pace, "a number from 0 to 5000"},
    {"turn-user", "NAME", "name for a server that asks for credentials", set_turn_user, "a name"},
    {"turn-password-file", "FILE", "its password, in a file that only its owner may read", set_turn_password_file,
     "a file"},
    {"turn-secret-file", "FILE", "instead: a shared secret to mint credentials from (lab and vantage)",
     set_turn_secret_file, "a file"},
    {"sip-echo", "HOST[:PORT]",
     "a vantage's SIP echo for the SIP ALG test, asked at this port (5060) and 10000 above it", set_sip_echo,
     SERVER_FORM},
    {"binding-lifetime", NULL, "also measure how long the router keeps an idle UDP mapping; takes up to ten minutes",
     set_binding_lifetime, NULL},
    {"local", "ADDRESS", "address of this host to send from (default: as the route has it)", set_local,
     "a numeric address"},
    {"timeout-ms", "MS", "patience with silence, at most, for one test (default: from the measured round trip)",
     set_timeout, "a number from 1 to 60000"},
    {"patience", "S", "how long a suspected block may lengthen the sweep (default: 60)", set_patience,
     "a number from 0 to 3600"},
    {"format", "FORMAT", "text, json or csv (default: text)", set_format, "text, json or csv"},
    {"no-progress", NULL, "no progress line on the terminal", set_no_progress, NULL},
    {"settings", "FILE", "settings file (default: /etc/natsweep/agent.conf)", set_settings, "a file"},
    {"help", NULL, "this text", set_help, NULL},
};

void check_options_help(FILE *out)
{
    fputs("usage: natsweep-agent check [FLAG]...\n\n"
          "Checks which of this host's ports the internet can reach, and why not. Nothing is stopped.\n\n",
          out);
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "--%s%s%s", flags[i].name, flags[i].value ? " " : "",
                       flags[i].value ? flags[i].value : "");
        fprintf(out, "  %-27s %s\n", left, flags[i].help);
    }
    fputs("\nExit: 0 all ports as they should be; 1 some or none are, or it cannot be told; 2 nothing could be tested; "
          "3 cancelled;\n"
          "64 bad usage.\n",
          out);
}

static const struct flag *find_flag(const char *argument)
{
    if (strncmp(argument, "--", 2) != 0)
        return NULL;
    size_t len = strcspn(argument + 2, "=");
    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        if (strlen(flags[i].name) == len && strncmp(flags[i].name, argument + 2, len) == 0)
            return &flags[i];
    return NULL;
}

/* Applies argv[*index] and moves *index over what it used. */
static int parse_one(int argc, char **argv, int *index, struct check_options *options,
                     char message[CHECK_MESSAGE_BYTES])
{
    const char *argument = argv[(*index)++];
    const struct flag *flag = strcmp(argument, "-h") == 0 ? find_flag("--help") : find_flag(argument);
    if (!flag) {
        (void)snprintf(message, CHECK_MESSAGE_BYTES,
                       "unknown argument '%s'; 'natsweep-agent check --help' lists the flags", argument);
        return -EINVAL;
    }
    const char *equals = strchr(argument, '=');
    if (!flag->value && equals) {
        (void)snprintf(message, CHECK_MESSAGE_BYTES, "--%s takes no value", flag->name);
        return -EINVAL;
    }
    const char *value = equals ? equals + 1 : NULL;
    if (flag->value && !value && *index < argc)
        value = argv[(*index)++];
    if (flag->value && !value) {
        (void)snprintf(message, CHECK_MESSAGE_BYTES, "--%s needs a value: %s", flag->name, flag->allowed);
        return -EINVAL;
    }
    if (flag->set(options, value) == 0)
        return 0;
    (void)snprintf(message, CHECK_MESSAGE_BYTES, "--%s cannot be '%s': give %s", flag->name, value, flag->allowed);
    return -EINVAL;
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

int check_options_parse(int argc, char **argv, struct check_options *options, char message[CHECK_MESSAGE_BYTES])
{
    struct check_options parsed = {.ports = "@3cx",
                                   .format = report_format_find("text"),
                                   .family = 4,
                                   .mode = MODE_AUTO,
                                   .pace_pps = 400,
                                   .patience_us = 60000000};

    for (int i = 1; i < argc;)
        if (parse_one(argc, argv, &i, &parsed, message) != 0)
            return -EINVAL;
    const char *conflict = find_conflict(&parsed);
    if (conflict) {
        (void)snprintf(message, CHECK_MESSAGE_BYTES, "%s", conflict);
        return -EINVAL;
    }
    *options = parsed;
    return 0;
}
