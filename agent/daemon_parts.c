#include "agent/daemon_parts.h"

#include "agent/state_folder.h"
#include "agent/status_socket.h"
#include "base/clock.h"
#include "base/log.h"
#include "pbx/pbx.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#define DAY_US (86400LL * 1000000)

int daemon_give_up(int code, const char *format, ...)
{
    char message[SETTINGS_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    log_error("agent", NULL, "%s", message);
    return code;
}

/* --- the hooks between uplink, sweeps and membership --- */

static void on_online(void *argument)
{
    struct daemon *daemon = argument;
    sweeps_online(daemon->sweeps);
}

static void on_start_sweep(void *argument, const Natsweep__StartSweep *command)
{
    struct daemon *daemon = argument;
    sweeps_command(daemon->sweeps, command, clock_monotonic_us());
}

static void on_cancel(void *argument, const Natsweep__Cancel *cancel)
{
    struct daemon *daemon = argument;
    sweeps_cancel(daemon->sweeps, cancel);
}

static size_t on_list(void *argument, struct uplink_sweep *sweeps, size_t capacity)
{
    const struct daemon *daemon = argument;
    return sweeps_list(daemon->sweeps, sweeps, capacity);
}

static bool on_directory(void *argument, const Natsweep__Welcome *welcome, struct enrolment *enrolment)
{
    struct daemon *daemon = argument;
    return membership_learn(&daemon->membership, welcome, enrolment);
}

static bool on_next_key(void *argument, struct curve_key_pair *next)
{
    const struct daemon *daemon = argument;
    return membership_next_key(&daemon->membership, next);
}

static bool on_use_next_key(void *argument, const uint8_t public_key[CURVE_KEY_BYTES], struct curve_key_pair *next)
{
    const struct daemon *daemon = argument;
    return membership_use_next_key(&daemon->membership, public_key, next);
}

static bool on_answer(void *argument, Envelope *envelope)
{
    struct daemon *daemon = argument;
    return daemon->uplink && uplink_send(daemon->uplink, envelope);
}

/* --- start: each step needs those before it --- */

static int lock_exit_code(int error)
{
    if (error == -EBUSY)
        return EX_TEMPFAIL;
    return error == -EPERM ? EX_NOPERM : EX_CANTCREAT;
}

static int open_folder(struct daemon *daemon)
{
    char message[SETTINGS_MESSAGE_BYTES];
    if (state_folder_make(daemon->settings->state_folder, message))
        return daemon_give_up(EX_CANTCREAT, "%s", message);
    daemon->lock_fd = state_folder_lock(daemon->settings->state_folder, message);
    if (daemon->lock_fd < 0)
        return daemon_give_up(lock_exit_code(daemon->lock_fd), "%s", message);
    return EX_OK;
}

static int load_membership(struct daemon *daemon)
{
    char message[SETTINGS_MESSAGE_BYTES];
    int code = membership_load(&daemon->membership, daemon->settings, message);
    return code == EX_OK ? EX_OK : daemon_give_up(code, "%s", message);
}

static int make_policy(struct daemon *daemon)
{
    char message[PORT_LIST_MESSAGE_BYTES];
    if (port_list_parse(daemon->settings->allowed_ports, &daemon->policy.allowed, message))
        return daemon_give_up(EX_CONFIG, "policy.allowed_ports in the settings: %s", message);
    daemon->policy.max_pace_pps = (uint32_t)daemon->settings->max_pace_pps;
    daemon->policy.allow_exclusive = daemon->settings->allow_exclusive;
    daemon->policy.pbx = &daemon->pbx.config;
    return EX_OK;
}

/* A crash or a power cut in the middle of an exclusive sweep must not cost the site its telephones. */
static int recover_pbx(struct daemon *daemon)
{
    pbx_setup(&daemon->pbx, daemon->settings, daemon->options->settings_path);
    pbx_recover(&daemon->pbx.config);
    return EX_OK;
}

static int open_spool(struct daemon *daemon)
{
    char path[STATE_PATH_BYTES];
    int error = database_open(state_path(daemon->settings->state_folder, STATE_DATABASE, path), &daemon->database);
    if (error)
        return daemon_give_up(EX_CANTCREAT, "cannot open the spool %s: %s", path, strerror(-error));
    daemon->spool = (struct spool){.database = daemon->database,
                                   .max_bytes = daemon->settings->spool_max_kb * 1024,
                                   .max_age_us = daemon->settings->spool_max_days * DAY_US};
    return EX_OK;
}

static int open_status(struct daemon *daemon)
{
    daemon->status_fd = status_listen(daemon->settings->state_folder);
    if (daemon->status_fd < 0)
        return daemon_give_up(EX_CANTCREAT, "cannot listen for 'natsweep-agent status' in %s: %s",
                              daemon->settings->state_folder, strerror(-daemon->status_fd));
    return EX_OK;
}

static int make_sweeps(struct daemon *daemon)
{
    daemon->context = zmq_ctx_new();
    if (!daemon->context)
        return daemon_give_up(EX_OSERR, "cannot start ZeroMQ: %s", zmq_strerror(errno));
    int error = sweeper_create(daemon->context, daemon->options->run, &daemon->sweeper);
    if (error)
        return daemon_give_up(EX_OSERR, "cannot prepare the sweep thread: %s", strerror(-error));
    daemon->sweeps = sweeps_create(&(struct sweeps_config){.policy = &daemon->policy,
                                                           .sweeper = daemon->sweeper,
                                                           .spool = &daemon->spool,
                                                           .queue_length = (size_t)daemon->settings->queue_length,
                                                           .channel = {.argument = daemon, .send = on_answer}});
    if (!daemon->sweeps)
        return daemon_give_up(EX_OSERR, "no memory");
    sweeps_recover(daemon->sweeps);
    return EX_OK;
}

/* Whether the kernel lets us sweep ports that the PBX holds. */
static bool may_use_raw_sockets(void)
{
    int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static int make_uplink(struct daemon *daemon)
{
    const struct agent_settings *settings = daemon->settings;
    daemon->uplink = uplink_create(
        &(struct uplink_config){
            .context = daemon->context,
            .key = daemon->membership.key,
            .enrolment = daemon->membership.enrolment,
            .heartbeat_ms = (uint32_t)settings->heartbeat_s * 1000,
            .retry_ms = (uint32_t)settings->retry_ms,
            .retry_max_ms = (uint32_t)settings->retry_max_ms,
            .live = may_use_raw_sockets(),
            .spool = &daemon->spool,
            .hooks = {.argument = daemon,
                      .online = on_online,
                      .start_sweep = on_start_sweep,
                      .cancel = on_cancel,
                      .directory = on_directory,
                      .next_key = on_next_key,
                      .use_next_key = on_use_next_key,
                      .sweeps = on_list},
        },
        clock_monotonic_us());
    return daemon->uplink ? EX_OK : daemon_give_up(EX_OSERR, "no memory");
}

int daemon_start(struct daemon *daemon, const struct daemon_options *options)
{
    daemon->options = options;
    daemon->settings = options->settings;
    daemon->lock_fd = daemon->status_fd = -1;
    static int (*const steps[])(struct daemon *) = {open_folder, recover_pbx, load_membership, make_policy,
                                                    open_spool,  open_status, make_sweeps,     make_uplink};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        int code = steps[i](daemon);
        if (code)
            return code;
    }
    log_info("agent", NULL, "natsweep-agent " NATSWEEP_VERSION " started");
    return EX_OK;
}

void daemon_stop(struct daemon *daemon)
{
    if (daemon->sweeps)
        sweeps_stop(daemon->sweeps, clock_monotonic_us());
    if (daemon->uplink) {
        uplink_handle(daemon->uplink, clock_monotonic_us());
        uplink_destroy(daemon->uplink);
        daemon->uplink = NULL;
    }
    sweeps_destroy(daemon->sweeps);
    sweeper_destroy(daemon->sweeper);
    if (daemon->context)
        zmq_ctx_term(daemon->context);
    if (daemon->status_fd >= 0)
        close(daemon->status_fd);
    database_close(daemon->database);
    explicit_bzero(&daemon->membership.key, sizeof daemon->membership.key);
    if (daemon->lock_fd >= 0)
        close(daemon->lock_fd);
}
