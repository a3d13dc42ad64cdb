#include "command/sweeps.h"

#include "base/clock.h"
#include "base/log.h"
#include "command/allowance.h"
#include "command/entry.h"
#include "command/outbox.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_US 1000000u /* a screen that refreshes faster than this helps nobody */
#define PEER_BYTES 32

struct sweeps {
    struct sweeps_config config;
    struct outbox outbox;
    struct list queue; /* of entries, in the order of their commands */
    size_t queued;
    struct entry *running;
    bool stopping;
    struct allowance allowance;
    struct sweep_progress progress;
    uint64_t progress_due_us;
    uint64_t last_id;
    uint8_t last_outcome;
    int64_t last_finished_us;
};

static const char *peer(uint64_t sweep_id, char text[PEER_BYTES])
{
    snprintf(text, PEER_BYTES, "sweep %" PRIu64, sweep_id);
    return text;
}

/* The one end of a sweep that was begun: its report goes to the spool. */
static void conclude(struct sweeps *sweeps, const struct uplink_sweep *sweep, int64_t at_us,
                     const struct report *report, uint64_t now_us)
{
    char name[PEER_BYTES];
    sweeps->last_id = sweep->sweep_id;
    sweeps->last_outcome = report->outcome;
    sweeps->last_finished_us = clock_wall_us();
    log_info("sweep", peer(sweep->sweep_id, name), "%s: %s", outcome_word(report->outcome), report->message);
    outbox_put(&sweeps->outbox, sweep, at_us, report, now_us);
}

/* Reports a sweep that was begun and can have no result of its own. */
static void interrupt(struct sweeps *sweeps, const struct uplink_sweep *sweep, const struct journal_entry *record,
                      const char *why, uint64_t now_us)
{
    struct report *report = entry_interrupted(record, why);
    if (report)
        conclude(sweeps, sweep, record->at_us, report, now_us);
    report_free(report);
}

/* On disk first: a sweep that takes the agent down with it is found there, and not begun again. */
static int record_start(struct sweeps *sweeps, const struct entry *entry)
{
    char message[WIRE_TEXT_BYTES_MAX];
    int error = journal_start(&sweeps->outbox.journal, &entry->record);
    if (!error)
        return 0;
    snprintf(message, sizeof message, "the agent cannot write its journal, and runs nothing that it cannot record: %s",
             strerror(-error));
    if (error == -EEXIST)
        answer_refused(&sweeps->config.channel, &entry->sweep, "already_run", "this sweep was run before");
    else
        answer_refused(&sweeps->config.channel, &entry->sweep, "storage", message);
    return error;
}

/* Returns 0 when the entry runs; else it is answered for, and still the caller's. */
static int start_entry(struct sweeps *sweeps, struct entry *entry, uint64_t now_us)
{
    if (now_us > entry->expires_us) {
        answer_refused(&sweeps->config.channel, &entry->sweep, "expired",
                       "the sweep waited behind others for longer than the command allows");
        return -ETIME;
    }
    int error = record_start(sweeps, entry);
    if (error)
        return error;
    struct job *job = entry->job;
    entry->job = NULL;
    error = sweeper_start(sweeps->config.sweeper, job);
    if (error)
        interrupt(sweeps, &entry->sweep, &entry->record, "the agent could not start a thread for the sweep", now_us);
    return error;
}

static struct entry *dequeue(struct sweeps *sweeps, struct entry *entry)
{
    list_remove(&entry->link);
    sweeps->queued--;
    return entry;
}

static bool idle(const struct sweeps *sweeps)
{
    return !sweeps->running && !sweeps->stopping && !outbox_keeps(&sweeps->outbox);
}

static bool may_start(const struct sweeps *sweeps, uint64_t now_us)
{
    return idle(sweeps) && now_us >= allowance_next_us(&sweeps->allowance);
}

static void start_next(struct sweeps *sweeps, uint64_t now_us)
{
    while (!list_empty(&sweeps->queue) && may_start(sweeps, now_us)) {
        char name[PEER_BYTES];
        struct entry *entry = dequeue(sweeps, list_entry(sweeps->queue.next, struct entry, link));
        if (start_entry(sweeps, entry, now_us)) {
            entry_free(entry);
            continue;
        }
        log_info("sweep", peer(entry->sweep.sweep_id, name), "started");
        allowance_take(&sweeps->allowance, now_us);
        entry->sweep.running = true;
        sweeps->running = entry;
        sweeps->progress = (struct sweep_progress){0};
        sweeps->progress_due_us = now_us + PROGRESS_US;
        entry->announced = answer_accepted(&sweeps->config.channel, &entry->sweep);
    }
}

void sweeps_online(struct sweeps *sweeps)
{
    if (sweeps->running)
        sweeps->running->announced = false;
}

static struct entry *find_queued(const struct sweeps *sweeps, uint64_t sweep_id)
{
    list_for_each(link, &sweeps->queue)
    {
        struct entry *entry = list_entry(link, struct entry, link);
        if (entry->sweep.sweep_id == sweep_id)
            return entry;
    }
    return NULL;
}

static struct entry *find(const struct sweeps *sweeps, uint64_t sweep_id)
{
    if (sweeps->running && sweeps->running->sweep.sweep_id == sweep_id)
        return sweeps->running;
    return find_queued(sweeps, sweep_id);
}

/* A command for a sweep this agent knows: sent again after a change of connection or collector. True when that settles
 * it. */
static bool settle_known(struct sweeps *sweeps, const struct uplink_sweep *sweep)
{
    struct entry *entry = find(sweeps, sweep->sweep_id);
    if (entry) {
        entry->sweep.generation = sweep->generation;
        answer_accepted(&sweeps->config.channel, &entry->sweep);
        return true;
    }
    if (outbox_holds(&sweeps->outbox, sweep->sweep_id))
        return true; /* its report is on the way */
    int state = journal_state(&sweeps->outbox.journal, sweep->sweep_id);
    if (state == JOURNAL_UNKNOWN)
        return false;
    if (state < 0)
        answer_refused(&sweeps->config.channel, sweep, "storage", "the agent cannot read its journal");
    else
        answer_refused(&sweeps->config.channel, sweep, "already_run", "this sweep was run before");
    return true;
}

static void enqueue(struct sweeps *sweeps, struct entry *entry, uint64_t now_us)
{
    uint64_t sweep_id = entry->sweep.sweep_id;
    list_append(&sweeps->queue, &entry->link);
    sweeps->queued++;
    start_next(sweeps, now_us);
    const struct entry *waiting = find(sweeps, sweep_id);
    if (waiting && !waiting->sweep.running)
        answer_accepted(&sweeps->config.channel, &waiting->sweep);
}

void sweeps_command(struct sweeps *sweeps, const Natsweep__StartSweep *command, uint64_t now_us)
{
    const struct uplink_sweep sweep = {.sweep_id = command->key->sweep_id, .generation = command->key->generation};
    struct refusal refusal;
    if (sweeps->stopping || settle_known(sweeps, &sweep))
        return;
    bool starts_now = sweeps->queued == 0 && may_start(sweeps, now_us);
    if (!starts_now && sweeps->queued >= sweeps->config.queue_length) {
        answer_refused(&sweeps->config.channel, &sweep, "busy", "this agent's queue of sweeps is full");
        return;
    }
    struct entry *entry = entry_make(&sweep, command, now_us);
    if (!entry) {
        answer_refused(&sweeps->config.channel, &sweep, "storage", "the agent has no memory for this sweep");
        return;
    }
    if (policy_judge(sweeps->config.policy, command, entry->job, &refusal)) {
        answer_refused(&sweeps->config.channel, &sweep, refusal.code, refusal.message);
        entry_free(entry);
        return;
    }
    enqueue(sweeps, entry, now_us);
}

void sweeps_cancel(struct sweeps *sweeps, const Natsweep__Cancel *cancel)
{
    char name[PEER_BYTES];
    const struct uplink_sweep sweep = {.sweep_id = cancel->key->sweep_id, .generation = cancel->key->generation};
    if (sweeps->running && sweeps->running->sweep.sweep_id == sweep.sweep_id) {
        log_info("sweep", peer(sweep.sweep_id, name), "cancelled by the collector");
        sweeper_cancel(sweeps->config.sweeper);
        return;
    }
    struct entry *waiting = find_queued(sweeps, sweep.sweep_id);
    if (waiting)
        entry_free(dequeue(sweeps, waiting));
    if (journal_state(&sweeps->outbox.journal, sweep.sweep_id) == JOURNAL_UNKNOWN)
        answer_refused(&sweeps->config.channel, &sweep, "cancelled", "cancelled before it began");
}

size_t sweeps_list(const struct sweeps *sweeps, struct uplink_sweep *out, size_t capacity)
{
    size_t count = 0;
    if (sweeps->running && count < capacity)
        out[count++] = sweeps->running->sweep;
    if (outbox_keeps(&sweeps->outbox) && count < capacity) /* ended, but to the collector it runs until it is stored */
        out[count++] = sweeps->outbox.kept_sweep;
    list_for_each(link, &sweeps->queue)
    {
        if (count < capacity)
            out[count++] = list_entry(link, struct entry, link)->sweep;
    }
    return count;
}

/* What a stop of the agent cut short is not what an operator cancelled. */
static void mark_interrupted(struct report *report)
{
    if (report->outcome != OUTCOME_CANCELLED)
        return;
    report->outcome = OUTCOME_INTERRUPTED;
    snprintf(report->message, sizeof report->message, "the agent was stopped while the sweep ran");
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].reason == REASON_CANCELLED)
            report->ports[i].reason = REASON_INTERRUPTED;
}

static void finish(struct sweeps *sweeps, struct report *report, uint64_t now_us)
{
    struct entry *entry = sweeps->running;
    assert(entry); /* the sweeper ends what was started, once */
    sweeps->running = NULL;
    if (report && sweeps->stopping)
        mark_interrupted(report);
    if (report)
        conclude(sweeps, &entry->sweep, entry->record.at_us, report, now_us);
    else
        interrupt(sweeps, &entry->sweep, &entry->record, "the agent ran out of memory", now_us);
    report_free(report);
    entry_free(entry);
}

static void read_sweeper(struct sweeps *sweeps, uint64_t now_us)
{
    struct sweeper_event event;
    while (sweeper_next_event(sweeps->config.sweeper, &event)) {
        if (event.finished)
            finish(sweeps, event.report, now_us);
        else
            sweeps->progress = event.progress;
    }
}

static void tell_progress(struct sweeps *sweeps, uint64_t now_us)
{
    struct entry *entry = sweeps->running;
    sweeps->progress_due_us = now_us + PROGRESS_US;
    if (!entry->announced)
        entry->announced = answer_accepted(&sweeps->config.channel, &entry->sweep);
    answer_progress(&sweeps->config.channel, &entry->sweep, &sweeps->progress);
}

void sweeps_handle(struct sweeps *sweeps, uint64_t now_us)
{
    read_sweeper(sweeps, now_us);
    if (sweeps->running && now_us >= sweeps->progress_due_us)
        tell_progress(sweeps, now_us);
    if (now_us >= outbox_wake_us(&sweeps->outbox))
        outbox_retry(&sweeps->outbox, now_us);
    start_next(sweeps, now_us);
}

uint64_t sweeps_wake_us(const struct sweeps *sweeps)
{
    uint64_t wake_us = sweeps->running ? sweeps->progress_due_us : UINT64_MAX;
    uint64_t retry_us = outbox_wake_us(&sweeps->outbox);
    if (!list_empty(&sweeps->queue) && idle(sweeps))
        wake_us = allowance_next_us(&sweeps->allowance);
    return retry_us < wake_us ? retry_us : wake_us;
}

void sweeps_recover(struct sweeps *sweeps)
{
    struct journal_entry record;
    while (!outbox_keeps(&sweeps->outbox) && journal_running(&sweeps->outbox.journal, &record) == 0) {
        const struct uplink_sweep sweep = {.sweep_id = record.sweep_id, .running = true};
        interrupt(sweeps, &sweep, &record, "the agent died while the sweep ran", 0);
        free(record.command);
        if (journal_state(&sweeps->outbox.journal, sweep.sweep_id) == JOURNAL_RUNNING)
            return; /* no room on the disk or in memory: the next start tries again */
    }
}

void sweeps_stop(struct sweeps *sweeps, uint64_t now_us)
{
    sweeps->stopping = true;
    sweeper_cancel(sweeps->config.sweeper);
    while (sweeps->running) {
        zmq_pollitem_t item = {.socket = sweeper_socket(sweeps->config.sweeper), .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, -1);
        read_sweeper(sweeps, now_us);
    }
    outbox_retry(&sweeps->outbox, now_us);
}

struct sweeps *sweeps_create(const struct sweeps_config *config)
{
    struct sweeps *sweeps = calloc(1, sizeof *sweeps);
    if (!sweeps)
        return NULL;
    sweeps->config = *config;
    sweeps->outbox.spool = config->spool;
    sweeps->outbox.journal.database = config->spool->database;
    list_init(&sweeps->queue);
    return sweeps;
}

void sweeps_destroy(struct sweeps *sweeps)
{
    if (!sweeps)
        return;
    while (!list_empty(&sweeps->queue))
        entry_free(list_entry(sweeps->queue.next, struct entry, link));
    entry_free(sweeps->running);
    spool_report_clear(&sweeps->outbox.kept);
    free(sweeps);
}

void sweeps_get_status(const struct sweeps *sweeps, struct sweeps_status *status)
{
    *status = (struct sweeps_status){.running_id = sweeps->running ? sweeps->running->sweep.sweep_id : 0,
                                     .last_id = sweeps->last_id,
                                     .ports_done = sweeps->progress.ports_done,
                                     .ports_total = sweeps->progress.ports_total,
                                     .queued = sweeps->queued,
                                     .last_outcome = sweeps->last_outcome,
                                     .last_finished_us = sweeps->last_finished_us,
                                     .unsaved = outbox_keeps(&sweeps->outbox)};
}
