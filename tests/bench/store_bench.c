/* How fast reports become committed rows, for tests/bench/store.py.
 *
 *     store_bench 1|2|copy DSN      reads lines "AGENT SITE SWEEP AT_US", a report each
 *
 * 1, 2     hands the reports to so many store writers, as the gateway does: decode, check, insert, commit, answer
 * copy     sends the same ports to the table port_row by COPY BINARY, a row a port, a commit for 16 reports
 *
 * Prints "SECONDS REPORTS PORTS WIRE_BYTES". */
#include "base/clock.h"
#include "exchange/delivery.h"
#include "exchange/mailbox.h"
#include "sample/report_sample.h"
#include "store/pg_binary.h"
#include "store/store_writer.h"

#include <endian.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define REPORTS_MAX 100000
#define SAMPLES 100
#define LANES_MAX 2
#define OUT_MAX 2048 /* reports under way at a time */
#define COPY_REPORTS 16
#define COPY_COLUMNS 16
#define POSTGRES_EPOCH_US INT64_C(946684800000000)

struct job {
    int64_t agent_id, site_id, at_us;
    uint64_t sweep_id;
    uint8_t *frame;
    size_t frame_bytes;
};

struct bench {
    struct job *jobs;
    size_t count;
    struct report *samples[SAMPLES];
    uint64_t ports, wire_bytes;
};

static void fail(const char *what)
{
    fprintf(stderr, "store_bench: %s\n", what);
    exit(EX_SOFTWARE);
}

/* A fleet: most sites are as they should be, some are forwarded in part or not at all, a few are behind a symmetric
 * NAT. */
static enum report_sample_kind kind_of(size_t number)
{
    if (number % 20 == 19)
        return SAMPLE_SYMMETRIC;
    if (number % 10 == 8)
        return SAMPLE_CLOSED;
    return number % 5 == 4 ? SAMPLE_PARTIAL : SAMPLE_SUPPORTED;
}

static void read_jobs(struct bench *bench)
{
    struct job job = {0};
    bench->jobs = calloc(REPORTS_MAX, sizeof *bench->jobs);
    if (!bench->jobs)
        fail("out of memory");
    while (bench->count < REPORTS_MAX && scanf("%" SCNd64 " %" SCNd64 " %" SCNu64 " %" SCNd64, &job.agent_id,
                                               &job.site_id, &job.sweep_id, &job.at_us) == 4)
        bench->jobs[bench->count++] = job;
    for (size_t i = 0; i < SAMPLES; i++) {
        bench->samples[i] = report_sample(kind_of(i), "@3cx", i);
        if (!bench->samples[i])
            fail("out of memory");
    }
}

static const struct report *report_of(const struct bench *bench, size_t number)
{
    return bench->samples[number % SAMPLES];
}

/* What agents did before the clock starts. */
static void encode_frames(struct bench *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        struct job *job = &bench->jobs[i];
        if (wire_encode_report_batch(report_of(bench, i), job->sweep_id, job->at_us, 0, &job->frame, &job->frame_bytes))
            fail("cannot encode a report");
        bench->wire_bytes += job->frame_bytes;
    }
}

static void hand_over(struct mailbox *mailbox, const struct job *job)
{
    Envelope *envelope;
    if (wire_decode(job->frame, job->frame_bytes, &envelope))
        fail("cannot decode a report");
    struct delivery *delivery = delivery_create(job->agent_id, job->site_id, envelope, job->frame, job->frame_bytes);
    if (!delivery || mailbox_send(mailbox, delivery))
        fail("out of memory");
}

static void *run_writer(void *writer)
{
    store_writer_run(writer);
    return NULL;
}

/* A writer, its thread and our end of its mailbox. */
struct lane {
    struct mailbox_pair *pair;
    struct mailbox *mailbox;
    struct store_writer *writer;
    pthread_t thread;
};

static void open_lane(struct lane *lane, void *context, const char *name, const char *dsn, int stop_fd)
{
    lane->pair = mailbox_pair_create(context, name);
    if (!lane->pair)
        fail("cannot make a mailbox");
    lane->mailbox = mailbox_end(lane->pair, 0);
    lane->writer = store_writer_create(&(struct store_writer_config){
        .dsn = dsn, .name = name, .gateway = mailbox_end(lane->pair, 1), .stop_fd = stop_fd});
    if (!lane->writer || pthread_create(&lane->thread, NULL, run_writer, lane->writer))
        fail("cannot start a writer");
}

static void close_lane(struct lane *lane)
{
    pthread_join(lane->thread, NULL);
    store_writer_destroy(lane->writer);
    mailbox_pair_destroy(lane->pair, delivery_free, delivery_free);
}

static size_t take_back(struct mailbox *mailbox)
{
    size_t back = 0;
    for (struct delivery *delivery; (delivery = mailbox_receive(mailbox)); back++) {
        if (delivery->fate != DELIVERY_STORED)
            fail(delivery->message);
        delivery_free(delivery);
    }
    return back;
}

static size_t wait_for_answers(const struct lane lanes[LANES_MAX], size_t lane_count)
{
    zmq_pollitem_t items[LANES_MAX] = {0};
    size_t back = 0;
    for (size_t i = 0; i < lane_count; i++)
        items[i] = (zmq_pollitem_t){.socket = mailbox_socket(lanes[i].mailbox), .events = ZMQ_POLLIN};
    (void)zmq_poll(items, (int)lane_count, -1);
    for (size_t i = 0; i < lane_count; i++)
        back += take_back(lanes[i].mailbox);
    return back;
}

static void feed(const struct bench *bench, const struct lane lanes[LANES_MAX], size_t lane_count)
{
    for (size_t sent = 0, back = 0; back < bench->count; back += wait_for_answers(lanes, lane_count))
        for (; sent < bench->count && sent - back < OUT_MAX; sent++)
            hand_over(lanes[(size_t)bench->jobs[sent].site_id % lane_count].mailbox, &bench->jobs[sent]);
}

static void bench_writers(const struct bench *bench, const char *dsn, size_t lane_count)
{
    static const char *const names[LANES_MAX] = {"store_bench-1", "store_bench-2"};
    struct lane lanes[LANES_MAX];
    void *context = zmq_ctx_new();
    int stop_fd = eventfd(0, EFD_CLOEXEC);
    if (!context || stop_fd < 0)
        fail("cannot begin");
    for (size_t i = 0; i < lane_count; i++)
        open_lane(&lanes[i], context, names[i], dsn, stop_fd);
    feed(bench, lanes, lane_count);
    (void)eventfd_write(stop_fd, 1);
    for (size_t i = 0; i < lane_count; i++)
        close_lane(&lanes[i]);
    close(stop_fd);
    zmq_ctx_term(context);
}

static void copy_tri(struct pg_binary *out, uint8_t value)
{
    if (value == TRI_UNKNOWN)
        pg_null(out);
    else
        pg_bool(out, value == TRI_YES);
}

static void copy_port(struct pg_binary *out, const struct job *job, const struct port_result *port)
{
    uint16_t columns = htobe16(COPY_COLUMNS);
    pg_bytes(out, &columns, sizeof columns);
    pg_int8(out, job->site_id);
    pg_int8(out, job->at_us - POSTGRES_EPOCH_US);
    pg_int8(out, (int64_t)job->sweep_id);
    pg_int2(out, port->transport);
    pg_int4(out, port->port);
    pg_int2(out, port->verdict);
    pg_int2(out, port->reason);
    copy_tri(out, port->reached);
    copy_tri(out, port->preserved);
    copy_tri(out, port->inbound);
    copy_tri(out, port->unsolicited);
    pg_inet(out, &port->mapped);
    pg_int4(out, port->mapped.port);
    pg_int4(out, port->rtt_us);
    pg_int2(out, port->attempts);
    pg_bool(out, port->live);
}

static void copy_some(PGconn *connection, const struct bench *bench, size_t first, size_t end)
{
    static const char header[19] = "PGCOPY\n\377\r\n\0";
    static const uint16_t trailer = UINT16_MAX;
    struct pg_binary out = {0};
    pg_bytes(&out, header, sizeof header);
    for (size_t i = first; i < end; i++)
        for (size_t port = 0; port < report_of(bench, i)->port_count; port++)
            copy_port(&out, &bench->jobs[i], &report_of(bench, i)->ports[port]);
    pg_bytes(&out, &trailer, sizeof trailer);
    PGresult *start = PQexec(connection, "copy port_row from stdin (format binary)");
    if (out.failed || PQputCopyData(connection, (const char *)out.bytes, (int)out.len) != 1 ||
        PQputCopyEnd(connection, NULL) != 1)
        fail(PQerrorMessage(connection));
    PGresult *end_result = PQgetResult(connection);
    if (PQresultStatus(end_result) != PGRES_COMMAND_OK)
        fail(PQerrorMessage(connection));
    PQclear(end_result);
    PQclear(PQgetResult(connection));
    PQclear(start);
    pg_binary_free(&out);
}

static void bench_copy(struct bench *bench, const char *dsn)
{
    PGconn *connection = PQconnectdb(dsn);
    if (PQstatus(connection) != CONNECTION_OK)
        fail(PQerrorMessage(connection));
    for (size_t first = 0; first < bench->count; first += COPY_REPORTS)
        copy_some(connection, bench, first, first + COPY_REPORTS < bench->count ? first + COPY_REPORTS : bench->count);
    PQfinish(connection);
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    bool copy = argc == 3 && strcmp(argv[1], "copy") == 0;
    size_t lanes = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    if (!copy && (lanes < 1 || lanes > LANES_MAX)) {
        fprintf(stderr, "usage: store_bench 1|2|copy DSN < REPORTS\n");
        return EX_USAGE;
    }
    read_jobs(&bench);
    encode_frames(&bench);
    for (size_t i = 0; i < bench.count; i++)
        bench.ports += report_of(&bench, i)->port_count;
    uint64_t start_us = clock_monotonic_us();
    if (copy)
        bench_copy(&bench, argv[2]);
    else
        bench_writers(&bench, argv[2], lanes);
    uint64_t end_us = clock_monotonic_us();
    printf("%.6f %zu %" PRIu64 " %" PRIu64 "\n", (double)(end_us - start_us) / 1e6, bench.count, bench.ports,
           bench.wire_bytes);
    return EX_OK;
}
