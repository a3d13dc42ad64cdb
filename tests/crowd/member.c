#include "member.h"

#include "base/curve_key.h"
#include "proto/wire.h"
#include "sample/report_sample.h"
#include "uplink/uplink.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <zmq.h>

#define SPOOL_BYTES_MAX (INT64_C(1) << 30)
#define SPOOL_AGE_MAX_US (INT64_MAX / 2)
/* The defaults of natsweep-agent. */
#define HEARTBEAT_MS 30000
#define RETRY_MS 5000
#define RETRY_MAX_MS 60000

struct member {
    const struct member_config *config;
    uint32_t number;
    struct curve_key_pair key;
    struct spool spool;
    struct uplink *uplink;
    struct member_counts counts;
    uint64_t sweep_id; /* begun last */
};

static void on_online(void *argument)
{
    struct member *member = argument;
    member->counts.sessions++;
}

static void accept_sweep(struct member *member, const Natsweep__SweepKey *sweep)
{
    Natsweep__Accepted accepted = NATSWEEP__ACCEPTED__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    accepted.key = (Natsweep__SweepKey *)sweep;
    accepted.running = true;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ACCEPTED;
    envelope.accepted = &accepted;
    (void)uplink_send(member->uplink, &envelope); /* what is lost the report says, too */
}

static int encode(const struct report *sample, struct spool_report *report)
{
    size_t batches = wire_report_batches(sample);
    report->frames = calloc(batches, sizeof *report->frames);
    for (; report->frames && report->count < batches; report->count++) {
        struct spool_frame *frame = &report->frames[report->count];
        if (wire_encode_report_batch(sample, report->sweep_id, report->at_us, (uint32_t)report->count, &frame->bytes,
                                     &frame->len))
            return -EINVAL;
    }
    return report->frames ? 0 : -ENOMEM;
}

static int spool_sample(struct member *member, const Natsweep__StartSweep *command)
{
    struct spool_report report = {.sweep_id = command->key->sweep_id, .at_us = command->at_us};
    struct report *sample = report_sample(SAMPLE_SUPPORTED, member->config->ports, member->number);
    int error = sample ? encode(sample, &report) : -ENOMEM;
    if (!error)
        error = spool_put(&member->spool, &report, command->at_us);
    spool_report_clear(&report);
    report_free(sample);
    return error;
}

static void on_start_sweep(void *argument, const Natsweep__StartSweep *command)
{
    struct member *member = argument;
    if (command->key->sweep_id == member->sweep_id)
        return; /* what became of it is in the spool, or with a collector */
    member->sweep_id = command->key->sweep_id;
    member->counts.begun++;
    accept_sweep(member, command->key);
    int error = spool_sample(member, command);
    if (error)
        fprintf(stderr, "crowd: agent %u cannot make its report: %s\n", member->number, strerror(-error));
}

static void on_cancel(void *argument, const Natsweep__Cancel *cancel)
{
    (void)argument;
    (void)cancel;
}

static bool on_directory(void *argument, const Natsweep__Welcome *welcome, struct enrolment *enrolment)
{
    (void)argument;
    bool endpoints = enrolment_learn_endpoints(enrolment, welcome->endpoints, welcome->n_endpoints);
    bool keys = enrolment_learn_keys(enrolment, welcome->server_keys, welcome->n_server_keys);
    return endpoints || keys;
}

static bool no_next_key(void *argument, struct curve_key_pair *next)
{
    (void)argument;
    (void)next;
    return false;
}

static bool no_use_of_next_key(void *argument, const uint8_t public_key[CURVE_KEY_BYTES], struct curve_key_pair *next)
{
    (void)public_key;
    return no_next_key(argument, next);
}

static size_t no_sweeps(void *argument, struct uplink_sweep *sweeps, size_t capacity)
{
    (void)argument;
    (void)sweeps;
    (void)capacity;
    return 0;
}

static int open_spool(struct member *member)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%u.db", member->config->folder, member->number);
    member->spool = (struct spool){.max_bytes = SPOOL_BYTES_MAX, .max_age_us = SPOOL_AGE_MAX_US};
    return database_open(path, &member->spool.database);
}

static int prepare(struct member *member)
{
    int error = curve_key_generate(&member->key);
    return error ? error : open_spool(member);
}

struct member *member_create(const struct member_config *config, uint32_t number)
{
    struct member *member = calloc(1, sizeof *member);
    int error = -ENOMEM;
    if (member) {
        member->config = config;
        member->number = number;
        error = prepare(member);
    }
    if (!error)
        return member;
    fprintf(stderr, "crowd: agent %u cannot be made: %s\n", number, strerror(-error));
    member_destroy(member);
    return NULL;
}

const uint8_t *member_public_key(const struct member *member)
{
    return member->key.public_key;
}

int member_begin(struct member *member, const struct enrolment *enrolment, uint64_t now_us)
{
    const struct uplink_config config = {.context = member->config->context,
                                         .key = member->key,
                                         .enrolment = *enrolment,
                                         .heartbeat_ms = HEARTBEAT_MS,
                                         .retry_ms = RETRY_MS,
                                         .retry_max_ms = RETRY_MAX_MS,
                                         .live = true,
                                         .spool = &member->spool,
                                         .hooks = {.argument = member,
                                                   .online = on_online,
                                                   .start_sweep = on_start_sweep,
                                                   .cancel = on_cancel,
                                                   .directory = on_directory,
                                                   .next_key = no_next_key,
                                                   .use_next_key = no_use_of_next_key,
                                                   .sweeps = no_sweeps}};
    member->uplink = uplink_create(&config, now_us);
    return member->uplink ? 0 : -ENOMEM;
}

void member_destroy(struct member *member)
{
    if (!member)
        return;
    uplink_destroy(member->uplink);
    database_close(member->spool.database);
    free(member);
}

/* A link's sockets leave the set by themselves when they are closed. Returns whether one has something to be read: what
 * is there already raises no edge. */
static bool watch(const struct member *member, const zmq_pollitem_t *item)
{
    int fd, events;
    size_t fd_bytes = sizeof fd, events_bytes = sizeof events;
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = member->number};
    if (zmq_getsockopt(item->socket, ZMQ_FD, &fd, &fd_bytes) != 0)
        return false;
    if (epoll_ctl(member->config->epoll, EPOLL_CTL_ADD, fd, &event) != 0 && errno != EEXIST)
        perror("crowd: epoll_ctl");
    return zmq_getsockopt(item->socket, ZMQ_EVENTS, &events, &events_bytes) == 0 && events & ZMQ_POLLIN;
}

static bool watch_link(const struct member *member)
{
    zmq_pollitem_t items[LINK_POLL_ITEMS];
    bool readable = false;
    for (size_t i = 0, count = uplink_poll_items(member->uplink, items); i < count; i++)
        readable = watch(member, &items[i]) || readable;
    return readable;
}

static void count(struct member *member)
{
    struct uplink_status status;
    struct spool_stats stats;
    uplink_get_status(member->uplink, &status);
    member->counts.online = strcmp(status.state, "online") == 0;
    if (member->sweep_id == 0)
        return; /* an empty spool, and asking it costs */
    spool_get_stats(&member->spool, &stats);
    member->counts.depth = stats.depth;
    member->counts.lost = stats.lost + stats.rejected;
}

void member_handle(struct member *member, uint64_t now_us)
{
    do {
        uplink_handle(member->uplink, now_us);
    } while (watch_link(member));
    count(member);
}

uint64_t member_wake_us(const struct member *member, uint64_t now_us)
{
    return uplink_wake_us(member->uplink, now_us);
}

const struct member_counts *member_counts(const struct member *member)
{
    return &member->counts;
}
