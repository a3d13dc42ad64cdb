#include "control/control.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "control/collectors.h"
#include "control/dispatch.h"
#include "control/greeting.h"
#include "control/intake.h"
#include "control/keys.h"
#include "control/ledger.h"
#include "control/rekey.h"
#include "control/state.h"
#include "judge/judge.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define US_PER_MS 1000u
#define STATEMENT_MS 10000u
#define NOTICES 1000        /* taken before the database has its turn */
#define RETRY_US 250000u    /* after a passing error */
#define HINTED_US 20000u    /* between two runs of a job, however many hints come: anybody may notify */
#define BROKEN_US 10000000u /* after an error that a person has to mend */

enum {
    JOB_LEASE,
    JOB_KEYS,
    JOB_COLLECTORS,
    JOB_GONE,
    JOB_HELLOS,
    JOB_EVENTS,
    JOB_CANCELS,
    JOB_CLAIMS,
    JOB_PROGRESS,
    JOB_SEEN,
    JOB_TICK,
    JOBS
};

struct control {
    struct state state;
    uint64_t due_us[JOBS];  /* when it wants to run */
    uint64_t held_us[JOBS]; /* after an error: not before this, whatever is hinted */
    bool drain_seen, stop_seen;
    int exit_code; /* 0 = go on */
};

static int lease_job(struct state *state);
static int keys_job(struct state *state);
static int tick_job(struct state *state);

/* In the order in which they run when all are due: who has left comes before who has come. */
static const struct job {
    const char *name;
    uint64_t every_us;
    uint64_t rest;                   /* so many times what it took it waits at least, however often it is hinted */
    int (*run)(struct state *state); /* an enum database_error, or a lease_answer */
} jobs[JOBS] = {
    [JOB_LEASE] = {"renewing the lease", LEASE_BEAT_US, 0, lease_job},
    [JOB_KEYS] = {"reading the keys of the agents", 10000000u, 9, keys_job},
    [JOB_COLLECTORS] = {"reading where the collectors are", 10000000u, 0, collectors_job},
    [JOB_GONE] = {"noting who has left", 1000000u, 0, ledger_gone_job},
    [JOB_HELLOS] = {"greeting agents", 1000000u, 0, greeting_job},
    [JOB_EVENTS] = {"noting what agents answered", 1000000u, 0, ledger_events_job},
    [JOB_CANCELS] = {"looking for cancelled sweeps", 1500000u, 0, dispatch_cancel_job},
    [JOB_CLAIMS] = {"claiming sweeps", 1500000u, 0, dispatch_claim_job},
    [JOB_PROGRESS] = {"noting progress", 1000000u, 0, ledger_progress_job},
    [JOB_SEEN] = {"noting signs of life", 10000000u, 0, ledger_seen_job},
    [JOB_TICK] = {"the tick", JUDGE_TICK_US, 0, tick_job},
};

struct control *control_create(const struct control_config *config)
{
    struct control *control = calloc(1, sizeof(*control));
    if (!control)
        return NULL;
    struct state *state = &control->state;
    state->config = *config;
    state->lease.instance = random_u64();
    collectors_begin(state);
    state->agents = agents_create();
    state->database = database_create(
        &(struct database_config){.dsn = config->dsn, .name = "natsweep-control", .statement_ms = STATEMENT_MS});
    if (state->agents && state->database)
        return control;
    control_destroy(control);
    return NULL;
}

void control_destroy(struct control *control)
{
    if (!control)
        return;
    agents_destroy(control->state.agents);
    events_free(&control->state.events);
    array_free(&control->state.gone);
    database_destroy(control->state.database);
    explicit_bzero(&control->state.config.secrets, sizeof(control->state.config.secrets));
    free(control);
}

static int lease_job(struct state *state)
{
    int answer = lease_beat(&state->lease, state->database);
    if (answer || !state->publish)
        return answer;
    answer = lease_publish(&state->lease, state->database, &state->config.lease, &state->config.secrets);
    state->publish = answer != DATABASE_OK;
    return answer;
}

static int keys_job(struct state *state)
{
    struct order *order;
    state->keys_hint = false;
    int error = keys_read(state->database, &order);
    if (error)
        return error;
    rekey_ask(state, order->keys, order->key_count);
    if (mailbox_send(state->config.gateway, order) != 0)
        order_free(order);
    return DATABASE_OK;
}

static int tick_job(struct state *state)
{
    return judge_tick(state->database);
}

static void end_by_itself(struct control *control, int answer)
{
    const char *name = control->state.config.lease.name;
    if (answer == LEASE_SUPERSEDED) {
        log_error("control", name,
                  "another collector of this name has taken over, so this one ends; give each its own");
        control->exit_code = EX_UNAVAILABLE;
    } else if (answer == LEASE_OLD_SCHEMA) {
        log_error("control", name,
                  "the database's schema is older than version %d, which this program needs: run "
                  "'natsweep init' of the same release",
                  SCHEMA_VERSION);
        control->exit_code = EX_CONFIG;
    } else {
        log_error("control", name, "the database does not serve a collector: %s",
                  database_message(control->state.database));
        control->exit_code = EX_CONFIG;
    }
}

/* What to do after a job or an attempt at the lease. Returns how long until it may be tried again, 0 = as usual. */
static uint64_t settle(struct control *control, const char *name, int answer)
{
    switch (answer) {
    case DATABASE_OK: return 0;
    case DATABASE_AWAY: control->state.ready = false; return 0;
    case DATABASE_RETRY: return RETRY_US;
    case LEASE_SUPERSEDED:
    case LEASE_OLD_SCHEMA: end_by_itself(control, answer); return 0;
    default:
        log_error("control", NULL, "%s failed: %s", name, database_message(control->state.database));
        return BROKEN_US;
    }
}

static int listen_for_hints(struct state *state)
{
    PGresult *result = NULL;
    int error = database_query(state->database, "listen natsweep_work", 0, NULL, &result);
    PQclear(result);
    result = NULL;
    if (!error)
        error = database_query(state->database, "listen natsweep_agent", 0, NULL, &result);
    PQclear(result);
    return error;
}

/* The connection has come up: everything that may have been missed is looked at again. */
static void become_ready(struct control *control)
{
    struct state *state = &control->state;
    bool again = state->lease.collector_id != 0;
    int answer = lease_take(&state->lease, state->database, &state->config.lease, &state->config.secrets);
    if (!answer)
        answer = listen_for_hints(state);
    if (!answer && again)
        answer = dispatch_resend(state, NULL);
    if (answer == DATABASE_BROKEN || answer == DATABASE_REJECTED) {
        end_by_itself(control, answer);
        return;
    }
    (void)settle(control, "taking the lease", answer);
    if (answer)
        return;
    state->ready = true;
    memset(control->due_us, 0, sizeof(control->due_us));
    log_info("control", state->config.lease.name, "has its lease");
}

static void take_hints(struct control *control)
{
    struct state *state = &control->state;
    for (const char *channel = database_next_notification(state->database); channel;
         channel = database_next_notification(state->database)) {
        if (strcmp(channel, "natsweep_work") == 0) {
            state->work_hint = true;
            control->due_us[JOB_CANCELS] = 0;
        } else {
            state->keys_hint = true;
        }
    }
    if (state->keys_hint)
        control->due_us[JOB_KEYS] = control->due_us[JOB_COLLECTORS] = 0;
    if (state->hellos_wait)
        control->due_us[JOB_HELLOS] = control->due_us[JOB_GONE] = 0;
    if (state->events_wait)
        control->due_us[JOB_EVENTS] = 0;
    if (state->work_hint)
        control->due_us[JOB_CLAIMS] = 0;
}

static uint64_t run_us(const struct control *control, int job)
{
    return control->due_us[job] > control->held_us[job] ? control->due_us[job] : control->held_us[job];
}

static void run_jobs(struct control *control)
{
    struct state *state = &control->state;
    for (int i = 0; i < JOBS && state->ready && !control->exit_code; i++) {
        if (clock_monotonic_us() < run_us(control, i))
            continue;
        uint64_t begun_us = clock_monotonic_us();
        uint64_t pause_us = settle(control, jobs[i].name, jobs[i].run(state));
        uint64_t now_us = clock_monotonic_us();
        control->due_us[i] = now_us + jobs[i].every_us;
        control->held_us[i] = now_us + HINTED_US + pause_us + jobs[i].rest * (now_us - begun_us);
    }
}

static uint64_t next_wake_us(const struct control *control)
{
    if (!control->state.ready)
        return database_wake_us(control->state.database);
    uint64_t wake_us = UINT64_MAX;
    for (int i = 0; i < JOBS; i++) {
        if (run_us(control, i) < wake_us)
            wake_us = run_us(control, i);
    }
    return wake_us;
}

static long wait_ms(const struct control *control)
{
    uint64_t now_us = clock_monotonic_us(), wake_us = next_wake_us(control);
    if (wake_us <= now_us)
        return 0;
    uint64_t left_us = wake_us - now_us;
    return (long)((left_us > JUDGE_TICK_US ? JUDGE_TICK_US : left_us) / US_PER_MS + 1);
}

/* The next sweep gets credentials of the new secret, and agents hear of the next key. */
static void take_secrets(struct control *control)
{
    struct state *state = &control->state;
    struct secrets secrets;
    if (read(state->config.secrets_fd, &secrets, sizeof(secrets)) != (ssize_t)sizeof(secrets))
        return;
    state->config.secrets = secrets;
    explicit_bzero(&secrets, sizeof(secrets));
    state->publish = true;
    control->due_us[JOB_LEASE] = 0;
    log_info("control", state->config.lease.name, "has read its secrets again%s",
             state->config.secrets.has_next_key ? ", and tells agents of its next key" : "");
}

static void wait_for_something(struct control *control)
{
    struct state *state = &control->state;
    bool writing = database_events(state->database) == POLLOUT;
    zmq_pollitem_t items[] = {
        {.socket = mailbox_socket(state->config.gateway), .events = ZMQ_POLLIN},
        {.fd = database_fd(state->database), .events = writing ? ZMQ_POLLOUT : ZMQ_POLLIN},
        {.fd = state->config.stop_fd, .events = ZMQ_POLLIN},
        {.fd = control->drain_seen ? -1 : state->config.drain_fd, .events = ZMQ_POLLIN},
        {.fd = state->config.secrets_fd, .events = ZMQ_POLLIN},
    };
    (void)zmq_poll(items, (int)ARRAY_LEN(items), wait_ms(control));
    control->stop_seen = items[2].revents != 0;
    if (items[3].revents != 0)
        control->drain_seen = state->draining = true;
    if (items[4].revents != 0)
        take_secrets(control);
}

/* The agents' last answers, and the lease. Without a database there is nobody to tell. */
static void last_words(struct control *control)
{
    struct state *state = &control->state;
    intake_all(state, NOTICES);
    if (!state->ready)
        return;
    int error = DATABASE_OK;
    while (!error && state->events.count > 0)
        error = ledger_events_job(state);
    if (!error)
        error = ledger_progress_job(state);
    if (!error)
        error = lease_give_up(&state->lease, state->database);
    if (error)
        log_warning("control", state->config.lease.name, "the lease could not be given up: %s",
                    database_message(state->database));
}

static void publish(const struct state *state, bool up)
{
    struct tallies *tallies = state->config.tallies;
    tallies_set(tallies, TALLY_DATABASE_CONTROL, up);
    tallies_set(tallies, TALLY_LEASE, state->ready);
    tallies_beat(tallies, PULSE_CONTROL, clock_monotonic_us());
}

int control_run(struct control *control)
{
    struct state *state = &control->state;
    while (!control->stop_seen && !control->exit_code) {
        wait_for_something(control);
        intake_all(state, NOTICES);
        bool up = database_advance(state->database, clock_monotonic_us()) == DATABASE_UP;
        if (!up)
            state->ready = false;
        else if (!state->ready)
            become_ready(control);
        publish(state, up);
        take_hints(control);
        run_jobs(control);
        take_hints(control);
    }
    if (!control->exit_code)
        last_words(control);
    return control->exit_code;
}
