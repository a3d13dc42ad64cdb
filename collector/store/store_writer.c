#include "store/store_writer.h"

#include "base/backoff.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "database/database.h"
#include "exchange/delivery.h"
#include "store/store_session.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zmq.h>

#define BATCH_REPORTS 256 /* larger ones commit no faster: the backend's own work per report is what is left */
#define BATCH_BYTES ((size_t)2 * 1024 * 1024) /* of frames; unfolded they take some ten times as much */
#define RETRY_BASE_MS 100
#define RETRY_MAX_MS 5000
#define US_PER_MS 1000

struct store_writer {
    struct store_writer_config config;
    struct database *database;
    struct store_session session;
    struct delivery *held[BATCH_REPORTS]; /* taken from the mailbox and not yet back */
    size_t held_count, held_bytes;
    struct backoff backoff; /* after errors, besides that of the connection */
    uint64_t retry_us;      /* not before */
    bool was_up;
};

struct store_writer *store_writer_create(const struct store_writer_config *config)
{
    struct store_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return NULL;
    writer->config = *config;
    writer->backoff = backoff_make(RETRY_BASE_MS, RETRY_MAX_MS);
    writer->database = database_create(&(struct database_config){.dsn = config->dsn, .name = config->name});
    writer->session.database = writer->database;
    if (writer->database)
        return writer;
    free(writer);
    return NULL;
}

/* The mailbox has no bound, so a send fails only when memory is gone; the report is then sent again by its agent. */
static void give_back(struct store_writer *writer, struct delivery *delivery)
{
    static const enum tally fates[] = {[DELIVERY_STORED] = TALLY_REPORTS_STORED,
                                       [DELIVERY_REJECTED] = TALLY_REPORTS_REJECTED,
                                       [DELIVERY_ABANDONED] = TALLY_REPORTS_ABANDONED};
    tallies_add(writer->config.tallies, fates[delivery->fate], 1);
    if (mailbox_send(writer->config.gateway, delivery) == 0)
        return;
    log_error("store", writer->config.name, "cannot answer the gateway");
    delivery_free(delivery);
}

static void give_back_all(struct store_writer *writer)
{
    for (size_t i = 0; i < writer->held_count; i++) {
        if (writer->held[i]->fate == DELIVERY_PENDING)
            writer->held[i]->fate = DELIVERY_ABANDONED;
        give_back(writer, writer->held[i]);
    }
    writer->held_count = writer->held_bytes = 0;
}

/* Those that have their fate; the others stay held. */
static void give_back_decided(struct store_writer *writer)
{
    size_t kept = 0;
    writer->held_bytes = 0;
    for (size_t i = 0; i < writer->held_count; i++) {
        struct delivery *delivery = writer->held[i];
        if (delivery->fate != DELIVERY_PENDING) {
            give_back(writer, delivery);
            continue;
        }
        writer->held[kept++] = delivery;
        writer->held_bytes += delivery->frame_bytes;
    }
    writer->held_count = kept;
}

static bool has_room(const struct store_writer *writer)
{
    return writer->held_count < BATCH_REPORTS && writer->held_bytes < BATCH_BYTES;
}

static void take(struct store_writer *writer)
{
    while (has_room(writer)) {
        struct delivery *delivery = mailbox_receive(writer->config.gateway);
        if (!delivery)
            return;
        writer->held[writer->held_count++] = delivery;
        writer->held_bytes += delivery->frame_bytes;
    }
}

/* An outage is logged where the connection is kept. */
static void note_error(struct store_writer *writer, int error, uint64_t now_us)
{
    writer->retry_us = now_us + (uint64_t)backoff_next_ms(&writer->backoff, random_u64()) * US_PER_MS;
    if (error != DATABASE_AWAY)
        log_warning("store", writer->config.name, "cannot store %zu reports, trying again: %s", writer->held_count,
                    database_message(writer->database));
}

static void store_held(struct store_writer *writer)
{
    uint64_t begun_us = clock_monotonic_us();
    int error = store_session_store(&writer->session, writer->held, writer->held_count);
    uint64_t now_us = clock_monotonic_us();
    give_back_decided(writer);
    if (error) {
        note_error(writer, error, now_us);
        return;
    }
    tallies_commit_took(writer->config.tallies, now_us - begun_us);
    backoff_reset(&writer->backoff);
}

static long wait_ms(const struct store_writer *writer, uint64_t now_us)
{
    uint64_t wake_us = database_wake_us(writer->database);
    bool retrying = writer->held_count && wake_us == UINT64_MAX; /* the connection stands, the reports are still here */
    if (retrying)
        wake_us = writer->retry_us;
    if (wake_us == UINT64_MAX)
        return -1;
    return wake_us <= now_us ? 0 : (long)((wake_us - now_us) / US_PER_MS + 1);
}

/* Sleeps until there is something to do; returns true when it is to end. */
static bool wait_for_work(struct store_writer *writer)
{
    bool writing = database_events(writer->database) == POLLOUT;
    zmq_pollitem_t items[] = {
        {.fd = writer->config.stop_fd, .events = ZMQ_POLLIN},
        {.socket = mailbox_socket(writer->config.gateway), .events = has_room(writer) ? ZMQ_POLLIN : 0},
        {.fd = database_fd(writer->database), .events = writing ? ZMQ_POLLOUT : ZMQ_POLLIN},
    };
    int count = database_fd(writer->database) < 0 ? 2 : 3;
    (void)zmq_poll(items, count, wait_ms(writer, clock_monotonic_us()));
    return items[0].revents != 0;
}

static void note_connection(struct store_writer *writer, bool up)
{
    if (up != writer->was_up)
        tallies_add(writer->config.tallies, TALLY_DATABASE_STORE, up ? 1 : -1);
    writer->was_up = up;
}

void store_writer_run(struct store_writer *writer)
{
    do {
        uint64_t now_us = clock_monotonic_us();
        bool up = database_advance(writer->database, now_us) == DATABASE_UP;
        note_connection(writer, up);
        take(writer);
        if (up && writer->held_count && now_us >= writer->retry_us)
            store_held(writer);
    } while (!wait_for_work(writer));
    give_back_all(writer);
}

void store_writer_destroy(struct store_writer *writer)
{
    if (!writer)
        return;
    for (size_t i = 0; i < writer->held_count; i++)
        delivery_free(writer->held[i]);
    database_destroy(writer->database);
    free(writer);
}
