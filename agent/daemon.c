#include "agent/daemon.h"

#include "agent/next_key.h"
#include "agent/pbx_setup.h"
#include "agent/state_folder.h"
#include "agent/status_socket.h"
#include "base/clock.h"
#include "base/log.h"
#include "command/sweeps.h"
#include "pbx/pbx.h"
#include "uplink/enrolment.h"
#include "uplink/journal.h"
#include "uplink/uplink.h"

#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define DAY_US (86400LL * 1000000)
#define JOURNAL_US (400 * DAY_US)     /* longer than any collector sends a command again */
#define HOUSEKEEPING_US 3600000000ull /* how often the spool's age is looked at, when awake anyway */

struct daemon {
    const struct daemon_options *options;
    const struct agent_settings *settings;
    int lock_fd, status_fd;
    struct curve_key_pair key;
    struct enrolment enrolment;
    struct policy policy;
    struct pbx_setup pbx;
    void *context;
    struct database *database;
    struct spool spool;
    struct sweeper *sweeper;
    struct sweeps *sweeps;
    struct uplink *uplink;
    uint64_t housekeeping_us;
};

static int PRINTF_LIKE(2, 3) give_up(int code, const char *format, ...)
{
    char message[SETTINGS_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    log_error("agent", NULL, "%s", message);
    return code;
}

/* --- the hooks between uplink and sweeps --- */

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
        return give_up(EX_CANTCREAT, "%s", message);
    daemon->lock_fd = state_folder_lock(daemon->settings->state_folder, message);
    if (daemon->lock_fd < 0)
        return give_up(lock_exit_code(daemon->lock_fd), "%s", message);
    return EX_OK;
}

static int load_key(struct daemon *daemon)
{
    char path[STATE_PATH_BYTES];
    int error = curve_key_load(state_path(daemon->settings->state_folder, STATE_KEY, path), &daemon->key);
    if (error == -ENOENT)
        return give_up(EX_CONFIG, "this agent has no key yet: join it with 'natsweep-agent enroll'");
    if (error == -EPERM)
        return give_up(EX_NOPERM,
                       "the key %s must belong to the agent's user and be readable by nobody else (chmod 600)", path);
    if (error == -EINVAL)
        return give_up(EX_DATAERR, "%s holds no key; remove it and join this agent anew with 'natsweep-agent enroll'",
                       path);
    return error ? give_up(EX_NOINPUT, "cannot read the key %s: %s", path, strerror(-error)) : EX_OK;
}

/* The settings file has the last word over what the enrolment brought. */
static int load_enrolment(struct daemon *daemon)
{
    char path[STATE_PATH_BYTES], message[SETTINGS_MESSAGE_BYTES];
    const struct agent_settings *settings = daemon->settings;
    bool complete = settings->collectors[0] && settings->server_keys[0];
    int error = enrolment_load(state_path(settings->state_folder, STATE_ENROLMENT, path), &daemon->enrolment, message);
    if (error == -ENOENT && !complete)
        return give_up(EX_CONFIG, "this agent is not enrolled: join it with 'natsweep-agent enroll'");
    if (error && error != -ENOENT)
        return give_up(EX_CONFIG, "%s", message);
    if (settings->collectors[0] && enrolment_set_endpoints(&daemon->enrolment, settings->collectors, message))
        return give_up(EX_CONFIG, "collector.endpoint in the settings: %s", message);
    if (settings->server_keys[0] && enrolment_set_keys(&daemon->enrolment, settings->server_keys, message))
        return give_up(EX_CONFIG, "collector.server_key in the settings: %s", message);
    return EX_OK;
}

/* What the settings say stands above what a collector says. */
static bool on_directory(void *argument, const Natsweep__Welcome *welcome, struct enrolment *enrolment)
{
    struct daemon *daemon = argument;
    char path[STATE_PATH_BYTES];
    bool changed = false;
    if (!daemon->settings->collectors[0])
        changed = enrolment_learn_endpoints(enrolment, welcome->endpoints, welcome->n_endpoints);
    if (!daemon->settings->server_keys[0])
        changed = enrolment_learn_keys(enrolment, welcome->server_keys, welcome->n_server_keys) || changed;
    if (!changed)
        return false;
    int error = enrolment_save(state_path(daemon->settings->state_folder, STATE_ENROLMENT, path), enrolment);
    if (error)
        log_error("agent", NULL, "cannot write %s: %s", path, strerror(-error));
    else
        log_info("agent", NULL, "the fleet has %zu collector endpoints and %zu keys now", enrolment->endpoint_count,
                 enrolment->key_count);
    daemon->enrolment = *enrolment;
    return true;
}

static bool on_next_key(void *argument, struct curve_key_pair *next)
{
    const struct daemon *daemon = argument;
    int error = next_key_have(daemon->settings->state_folder, next);
    if (error)
        log_error("agent", NULL, "cannot make a new key: %s", strerror(-error));
    return error == 0;
}

static bool on_use_next_key(void *argument, const uint8_t public_key[CURVE_KEY_BYTES], struct curve_key_pair *next)
{
    const struct daemon *daemon = argument;
    int error = next_key_use(daemon->settings->state_folder, public_key, next);
    if (error)
        log_error("agent", NULL, "cannot change to the new key: %s", strerror(-error));
    else
        log_info("agent", NULL, "has a new key");
    return error == 0;
}

static int make_policy(struct daemon *daemon)
{
    char message[PORT_LIST_MESSAGE_BYTES];
    if (port_list_parse(daemon->settings->allowed_ports, &daemon->policy.allowed, message))
        return give_up(EX_CONFIG, "policy.allowed_ports in the settings: %s", message);
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
        return give_up(EX_CANTCREAT, "cannot open the spool %s: %s", path, strerror(-error));
    daemon->spool = (struct spool){.database = daemon->database,
                                   .max_bytes = daemon->settings->spool_max_kb * 1024,
                                   .max_age_us = daemon->settings->spool_max_days * DAY_US};
    return EX_OK;
}

static int open_status(struct daemon *daemon)
{
    daemon->status_fd = status_listen(daemon->settings->state_folder);
    if (daemon->status_fd < 0)
        return give_up(EX_CANTCREAT, "cannot listen for 'natsweep-agent status' in %s: %s",
                       daemon->settings->state_folder, strerror(-daemon->status_fd));
    return EX_OK;
}

static int make_sweeps(struct daemon *daemon)
{
    daemon->context = zmq_ctx_new();
    if (!daemon->context)
        return give_up(EX_OSERR, "cannot start ZeroMQ: %s", zmq_strerror(errno));
    int error = sweeper_create(daemon->context, daemon->options->run, &daemon->sweeper);
    if (error)
        return give_up(EX_OSERR, "cannot prepare the sweep thread: %s", strerror(-error));
    daemon->sweeps = sweeps_create(&(struct sweeps_config){.policy = &daemon->policy,
                                                           .sweeper = daemon->sweeper,
                                                           .spool = &daemon->spool,
                                                           .queue_length = (size_t)daemon->settings->queue_length,
                                                           .channel = {.argument = daemon, .send = on_answer}});
    if (!daemon->sweeps)
        return give_up(EX_OSERR, "no memory");
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
            .key = daemon->key,
            .enrolment = daemon->enrolment,
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
    return daemon->uplink ? EX_OK : give_up(EX_OSERR, "no memory");
}

static int start(struct daemon *daemon)
{
    static int (*const steps[])(struct daemon *) = {open_folder, recover_pbx, load_key,    load_enrolment, make_policy,
                                                    open_spool,  open_status, make_sweeps, make_uplink};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        int code = steps[i](daemon);
        if (code)
            return code;
    }
    log_info("agent", NULL, "natsweep-agent " NATSWEEP_VERSION " started");
    return EX_OK;
}

/* The start, mirrored. The running sweep ends first, and what it found is stored; the session gets a last chance to
 * send it. */
static void stop(struct daemon *daemon)
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
    explicit_bzero(&daemon->key, sizeof daemon->key);
    if (daemon->lock_fd >= 0)
        close(daemon->lock_fd);
}

/* --- the loop --- */

static void fill_sweeps(const struct daemon *daemon, struct agent_status *status)
{
    struct sweeps_status sweeps;
    sweeps_get_status(daemon->sweeps, &sweeps);
    status->running_sweep = (int64_t)sweeps.running_id;
    status->ports_done = sweeps.ports_done;
    status->ports_total = sweeps.ports_total;
    status->queued_sweeps = (int64_t)sweeps.queued;
    status->last_sweep = (int64_t)sweeps.last_id;
    status->last_finished_us = sweeps.last_finished_us;
    status->unsaved_reports = sweeps.unsaved;
    const char *outcome = outcome_word(sweeps.last_outcome);
    snprintf(status->last_outcome, sizeof status->last_outcome, "%s", outcome ? outcome : "");
}

static void fill_spool(struct daemon *daemon, struct agent_status *status)
{
    struct spool_stats spool;
    spool_get_stats(&daemon->spool, &spool);
    status->spool_batches = spool.depth;
    status->spool_bytes = spool.bytes;
    status->spool_oldest_us = spool.oldest_at_us;
    status->lost_batches = spool.lost;
    status->rejected_batches = spool.rejected;
    status->corrupt_files = spool.corrupt;
}

static void answer_status(struct daemon *daemon)
{
    struct agent_status status = {.version = NATSWEEP_VERSION, .pid = getpid()};
    struct uplink_status uplink;
    uplink_get_status(daemon->uplink, &uplink);
    snprintf(status.site, sizeof status.site, "%s", daemon->enrolment.site);
    snprintf(status.customer, sizeof status.customer, "%s", daemon->enrolment.customer);
    snprintf(status.state, sizeof status.state, "%s", uplink.state);
    snprintf(status.why, sizeof status.why, "%s", uplink.why);
    snprintf(status.endpoint, sizeof status.endpoint, "%s", uplink.endpoint);
    status.since_us = uplink.since_us;
    status.clock_offset_us = uplink.clock_offset_us;
    fill_sweeps(daemon, &status);
    fill_spool(daemon, &status);
    status_answer(daemon->status_fd, &status);
}

/* Gives back what only a busy moment needed. */
static void rest(struct daemon *daemon)
{
    database_rest(daemon->database);
    malloc_trim(0);
}

static void keep_house(struct daemon *daemon, uint64_t now_us)
{
    if (now_us < daemon->housekeeping_us)
        return;
    struct journal journal = {daemon->database};
    daemon->housekeeping_us = now_us + HOUSEKEEPING_US;
    if (spool_trim(&daemon->spool, clock_wall_us()) || journal_prune(&journal, JOURNAL_US))
        log_error("spool", NULL, "cannot drop what is too old");
    rest(daemon);
}

/* Everything that is due, whatever woke us. */
static void work(struct daemon *daemon)
{
    uint64_t now_us = clock_monotonic_us();
    bool was_busy = sweeper_busy(daemon->sweeper);
    sweeps_handle(daemon->sweeps, now_us);
    uplink_handle(daemon->uplink, now_us);
    keep_house(daemon, now_us);
    if (was_busy && !sweeper_busy(daemon->sweeper))
        rest(daemon);
}

static long timeout_ms(const struct daemon *daemon, uint64_t now_us)
{
    uint64_t wake_us = uplink_wake_us(daemon->uplink, now_us), sweeps_us = sweeps_wake_us(daemon->sweeps);
    if (sweeps_us < wake_us)
        wake_us = sweeps_us;
    if (wake_us == UINT64_MAX)
        return -1;
    return wake_us <= now_us ? 0 : (long)((wake_us - now_us + 999) / 1000);
}

static int loop(struct daemon *daemon)
{
    enum { STOP, STATUS, SWEEPER, FIXED };
    for (;;) {
        zmq_pollitem_t items[FIXED + LINK_POLL_ITEMS] = {
            [STOP] = {.fd = daemon->options->stop_fd, .events = ZMQ_POLLIN},
            [STATUS] = {.fd = daemon->status_fd, .events = ZMQ_POLLIN},
            [SWEEPER] = {.socket = sweeper_socket(daemon->sweeper), .events = ZMQ_POLLIN},
        };
        size_t count = FIXED + uplink_poll_items(daemon->uplink, items + FIXED);
        int ready = zmq_poll(items, (int)count, timeout_ms(daemon, clock_monotonic_us()));
        if (ready < 0 && errno != EINTR)
            return give_up(EX_OSERR, "cannot wait for events: %s", zmq_strerror(errno));
        if (ready > 0 && items[STOP].revents)
            return EX_OK;
        if (ready > 0 && items[STATUS].revents)
            answer_status(daemon);
        work(daemon);
    }
}

int daemon_run(const struct daemon_options *options)
{
    struct daemon *daemon = calloc(1, sizeof *daemon);
    if (!daemon)
        return give_up(EX_OSERR, "no memory");
    daemon->options = options;
    daemon->settings = options->settings;
    daemon->lock_fd = daemon->status_fd = -1;
    int code = start(daemon);
    if (code == EX_OK)
        code = loop(daemon);
    stop(daemon);
    free(daemon);
    return code;
}
