#include "agent/check.h"

#include "agent/check_options.h"
#include "agent/pbx_setup.h"
#include "agent/progress_line.h"
#include "agent/settings.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "net/route.h"
#include "proto/turn_credentials.h"
#include "runner/exclusive.h"
#include "runner/servers.h"
#include "runner/untested.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#define SECRET_BYTES PLAN_CREDENTIAL_BYTES
#define RESOLVE_TIMEOUT_MS 5000
#define MINTED_LIFETIME_S 86400 /* longer than any sweep */
#define TERMINAL_COLUMNS 80     /* when the terminal does not tell */

enum { EXIT_SUPPORTED = 0, EXIT_NOT_SUPPORTED = 1, EXIT_NOT_RUN = 2, EXIT_CANCELLED = 3 };

struct check {
    struct check_options options;
    struct agent_settings settings;
    struct pbx_setup pbx;
    struct plan plan;
    int cancel_fd; /* a signalfd: readable after SIGINT or SIGTERM */
};

static int fail(int exit_code, const char *message)
{
    fprintf(stderr, "natsweep-agent check: %s\n", message);
    return exit_code;
}

/* Reads a one-line secret. Returns an exit code. */
static int read_secret(const char *path, char secret[SECRET_BYTES])
{
    char message[FLAGS_MESSAGE_BYTES];
    const char *what = NULL;

    int rc = file_read_secret_line(path, secret, SECRET_BYTES);
    if (rc == -EPERM)
        what = "others may read it, or it is not yours: chown and chmod 600 it";
    else if (rc == -EFBIG)
        what = "it is longer than a secret may be";
    else if (rc == -ENODATA)
        what = "it is empty";
    else if (rc != 0)
        what = strerror(-rc);
    if (!what)
        return EX_OK;
    (void)snprintf(message, sizeof message, "cannot use the secret in '%s': %s", path, what);
    return fail(rc == -ENOENT ? EX_NOINPUT : EX_NOPERM, message);
}

static int read_password(const struct check_options *options, struct plan *plan)
{
    (void)snprintf(plan->user, sizeof plan->user, "%s", options->turn_user);
    return read_secret(options->turn_password_file, plan->password);
}

static int mint_credentials(const struct check_options *options, struct plan *plan)
{
    char secret[SECRET_BYTES];
    struct turn_credentials minted;

    int exit_code = read_secret(options->turn_secret_file, secret);
    int64_t now_s = clock_wall_us() / 1000000;
    int64_t expires_at_s = turn_credentials_expiry(now_s, now_s + MINTED_LIFETIME_S);
    if (exit_code == EX_OK && turn_credentials_mint(secret, "check", expires_at_s, &minted) != 0)
        exit_code = fail(EX_SOFTWARE, "cannot mint credentials");
    if (exit_code == EX_OK) {
        (void)snprintf(plan->user, sizeof plan->user, "%s", minted.user);
        (void)snprintf(plan->password, sizeof plan->password, "%s", minted.password);
    }
    explicit_bzero(secret, sizeof secret);
    return exit_code;
}

static int set_credentials(struct check *check)
{
    if (check->options.turn_password_file)
        return read_password(&check->options, &check->plan);
    return check->options.turn_secret_file ? mint_credentials(&check->options, &check->plan) : EX_OK;
}

static int set_local(struct check *check)
{
    char message[FLAGS_MESSAGE_BYTES];

    if (!check->options.local)
        return EX_OK;
    int rc = address_parse(check->options.local, &check->plan.local_address);
    if (rc == 0)
        rc = route_check_local(&check->plan.local_address);
    if (rc == 0)
        return EX_OK;
    (void)snprintf(message, sizeof message, "--local %s is not an address of this host ('ip address' lists them)",
                   check->options.local);
    return fail(EX_USAGE, message);
}

static int set_ports(struct check *check)
{
    char message[PORT_LIST_MESSAGE_BYTES];
    return port_list_parse(check->options.ports, &check->plan.ports, message) == 0 ? EX_OK : fail(EX_USAGE, message);
}

/* Servers of the settings file serve when none is on the command line. */
static int set_default_servers(struct check *check)
{
    struct check_options *options = &check->options;
    char *rest = NULL;

    if (options->stun_count > 0)
        return EX_OK;
    for (char *name = strtok_r(check->settings.stun_servers, ", ", &rest); name && options->stun_count < CHECK_STUN_MAX;
         name = strtok_r(NULL, ", ", &rest))
        options->stun[options->stun_count++] = name;
    return options->stun_count > 0
               ? EX_OK
               : fail(EX_USAGE, "no STUN server: give --stun HOST[:PORT], or set stun_server in " AGENT_SETTINGS_PATH);
}

static int load_settings(struct check *check)
{
    char message[SETTINGS_MESSAGE_BYTES];
    bool exclusive = check->options.mode == MODE_EXCLUSIVE;
    bool needed = check->options.stun_count == 0 || check->options.settings || exclusive;

    agent_settings_defaults(&check->settings);
    if (needed && agent_settings_load(check->options.settings, &check->settings, message) != 0)
        return fail(EX_CONFIG, message);
    pbx_setup(&check->pbx, &check->settings, check->options.settings);
    return EX_OK;
}

static int make_plan(struct check *check)
{
    const struct check_options *options = &check->options;
    struct plan *plan = &check->plan;

    plan->family = options->family;
    plan->mode = options->mode;
    plan->pace_pps = options->pace_pps;
    plan->timeout_us = options->timeout_us;
    plan->patience_us = options->patience_us;
    plan->binding_lifetime = options->binding_lifetime;
    plan->seed = random_u64();
    plan->started_at_us = clock_wall_us();

    int exit_code = load_settings(check);
    if (exit_code == EX_OK)
        exit_code = set_default_servers(check);
    if (exit_code == EX_OK)
        exit_code = set_ports(check);
    if (exit_code == EX_OK)
        exit_code = set_local(check);
    return exit_code == EX_OK ? set_credentials(check) : exit_code;
}

/* One server that resolves is enough. Returns 0, or -errno with its sentence. */
static int look_up_servers(struct check *check, char message[REPORT_MESSAGE_BYTES])
{
    struct server_names servers = {.count = check->options.stun_count};

    for (size_t i = 0; i < servers.count; i++)
        (void)snprintf(servers.names[i], sizeof servers.names[i], "%s", check->options.stun[i]);
    if (check->options.turn)
        (void)snprintf(servers.turn, sizeof servers.turn, "%s", check->options.turn);
    if (check->options.sip_echo)
        (void)snprintf(servers.sip_echo, sizeof servers.sip_echo, "%s", check->options.sip_echo);
    return servers_resolve(&servers, &check->plan, RESOLVE_TIMEOUT_MS, check->cancel_fd, message);
}

static struct report *report_without_server(const struct check *check, int error, const char *message)
{
    bool cancelled = error == -ECANCELED;
    const struct plan *plan = &check->plan;
    struct report *report = untested_report(&plan->ports, plan->family, cancelled ? OUTCOME_CANCELLED : OUTCOME_NOT_RUN,
                                            cancelled ? REASON_CANCELLED : REASON_NEVER_REACHED, message);
    if (report)
        (void)snprintf(report->server_name, sizeof report->server_name, "%s", check->options.stun[0]);
    return report;
}

static int sweep(struct check *check, struct report **out)
{
    bool show = !check->options.no_progress && isatty(STDERR_FILENO);
    struct runner_hooks hooks = {
        .progress = show ? progress_line_show : NULL, .argument = stderr, .cancel_fd = check->cancel_fd};

    int rc = exclusive_run(&check->pbx.config, &check->plan, &hooks, out);
    if (show)
        progress_line_clear(stderr);
    return rc;
}

static int fail_sweep(int error)
{
    char message[FLAGS_MESSAGE_BYTES];

    if (error == -EPERM)
        return fail(EX_NOPERM, "--mode live needs raw sockets: run as root or with CAP_NET_RAW");
    (void)snprintf(message, sizeof message, "cannot sweep: %s", strerror(-error));
    return fail(EX_OSERR, message);
}

static int exit_code_of(uint8_t outcome)
{
    switch ((enum outcome)outcome) {
    case OUTCOME_SUPPORTED: return EXIT_SUPPORTED;
    case OUTCOME_NOT_RUN: return EXIT_NOT_RUN;
    case OUTCOME_CANCELLED:
    case OUTCOME_INTERRUPTED: return EXIT_CANCELLED;
    case OUTCOME_PARTIAL:
    case OUTCOME_UNSUPPORTED:
    case OUTCOME_INCONCLUSIVE: break;
    }
    return EXIT_NOT_SUPPORTED;
}

static struct print_style terminal_style(void)
{
    struct print_style style = {.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"), .columns = TERMINAL_COLUMNS};
    struct winsize size;

    if (style.colour && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > TERMINAL_COLUMNS / 2)
        style.columns = size.ws_col;
    return style;
}

static int print(const struct check *check, const struct report *report)
{
    struct print_style style = terminal_style();

    check->options.format->print(report, &style, stdout);
    if (fflush(stdout) != 0 || ferror(stdout))
        return fail(EX_IOERR, "cannot write the result");
    return exit_code_of(report->outcome);
}

static int run(struct check *check)
{
    char message[REPORT_MESSAGE_BYTES];
    struct report *report = NULL;

    int rc = look_up_servers(check, message);
    if (rc == 0) {
        rc = sweep(check, &report);
        if (rc != 0)
            return fail_sweep(rc);
    } else {
        report = report_without_server(check, rc, message);
    }
    if (!report)
        return fail(EX_OSERR, "out of memory");
    int exit_code = print(check, report);
    report_free(report);
    return exit_code;
}

/* Signals that ask for the end are read from a descriptor, so that however many come, what is known is printed. */
static int watch_signals(void)
{
    sigset_t end;

    sigemptyset(&end);
    sigaddset(&end, SIGINT);
    sigaddset(&end, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &end, NULL) != 0)
        return -1;
    return signalfd(-1, &end, SFD_CLOEXEC);
}

int check_command(int argc, char **argv)
{
    char message[FLAGS_MESSAGE_BYTES];
    struct check *check = calloc(1, sizeof *check);
    if (!check)
        return fail(EX_OSERR, "out of memory");
    int exit_code = EX_OK;
    if (check_options_parse(argc, argv, &check->options, message) != 0) {
        exit_code = fail(EX_USAGE, message);
    } else if (check->options.help) {
        check_options_help(stdout);
    } else {
        check->cancel_fd = watch_signals();
        exit_code = check->cancel_fd < 0 ? fail(EX_OSERR, "cannot wait for signals") : make_plan(check);
        if (exit_code == EX_OK)
            exit_code = run(check);
        if (check->cancel_fd >= 0)
            close(check->cancel_fd);
    }
    explicit_bzero(check->plan.password, sizeof check->plan.password);
    free(check);
    return exit_code;
}
