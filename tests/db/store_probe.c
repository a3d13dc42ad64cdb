/* Hands made-up reports to a real store writer and prints what became of them, for tests/db/test_store.py.
 *
 *     store_probe DSN      reads lines "AGENT SITE SWEEP AT_US KIND SEED PORTS", a report each
 *
 * KIND is one of the words below; "damaged" is a report whose columns contradict each other, "judged" one whose outcome
 * the agent's own judgement made of random verdicts: a line "SWEEP outcome WORD" comes before the fates. After each
 * line that is only "." it waits until all reports have their fate and prints a line "SWEEP BATCH FATE MESSAGE" for
 * each, then ".".
 */
#include "exchange/delivery.h"
#include "exchange/mailbox.h"
#include "sample/report_sample.h"
#include "store/store_writer.h"
#include "sweep/outcome.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#define LINE_BYTES 1024

static const char *const kinds[] = {"supported", "partial", "closed", "lossy", "symmetric", "not_tested", "random"};

struct request {
    int64_t agent_id, site_id, at_us;
    uint64_t sweep_id, seed;
    char kind[32], ports[256];
};

static void fail(const char *what)
{
    fprintf(stderr, "store_probe: %s\n", what);
    exit(EX_SOFTWARE);
}

static enum report_sample_kind kind_of(const char *word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i], word) == 0)
            return (enum report_sample_kind)i;
    return SAMPLE_SUPPORTED;
}

/* More verdicts than ports: the check of the frame does not see it, the reader of the columns does. */
static void damage(Envelope *envelope)
{
    Natsweep__PortColumns *columns = envelope->report_batch->columns;
    columns->verdict_runs[columns->n_verdict_runs - 1]++;
}

/* Mostly one verdict everywhere and any in the groups of alternatives, so that the groups decide about the outcome. */
static void judge(struct report *report, const char *ports, uint64_t seed)
{
    static const enum verdict usual[] = {VERDICT_PASS, VERDICT_PASS, VERDICT_CLOSED, VERDICT_NOT_TESTED};
    static const enum verdict any[] = {VERDICT_PASS,    VERDICT_CLOSED,       VERDICT_REFUSED,
                                       VERDICT_DYNAMIC, VERDICT_INCONCLUSIVE, VERDICT_NOT_TESTED};
    static const enum verdict unwanted[] = {VERDICT_CLOSED, VERDICT_PASS, VERDICT_NOT_TESTED};
    struct port_list list;
    char message[PORT_LIST_MESSAGE_BYTES];
    if (port_list_parse(ports, &list, message))
        fail(message);
    enum verdict open = usual[sample_below(&seed, ARRAY_LEN(usual))];
    enum verdict closed = unwanted[sample_below(&seed, ARRAY_LEN(unwanted))];
    struct port_result *port = report->ports;
    for (size_t range = 0; range < list.count; range++)
        for (uint32_t number = list.ranges[range].first; number <= list.ranges[range].last; number++, port++) {
            enum verdict other = any[sample_below(&seed, ARRAY_LEN(any))];
            bool odd = list.ranges[range].group > 0 || sample_below(&seed, 8000) == 0;
            port->role = list.ranges[range].role;
            port->expect = list.ranges[range].expect;
            port->verdict = (uint8_t)(odd ? other : port->expect == EXPECT_CLOSED ? closed : open);
            port->inbound = port->verdict == VERDICT_PASS ? TRI_YES : TRI_NO;
            port->unsolicited = port->inbound;
        }
    outcome_conclude(report, &list, SWEEP_END_COMPLETE);
}

static void send_batch(struct mailbox *mailbox, const struct request *request, const struct report *report,
                       uint32_t batch)
{
    uint8_t *frame;
    size_t len;
    Envelope *envelope;
    if (wire_encode_report_batch(report, request->sweep_id, request->at_us, batch, &frame, &len) ||
        wire_decode(frame, len, &envelope))
        fail("cannot encode a report");
    if (strcmp(request->kind, "damaged") == 0)
        damage(envelope);
    struct delivery *delivery = delivery_create(request->agent_id, request->site_id, envelope, frame, len);
    free(frame);
    if (!delivery || mailbox_send(mailbox, delivery))
        fail("cannot send a report");
}

static size_t send_report(struct mailbox *mailbox, const char *line)
{
    struct request request;
    if (sscanf(line, "%" SCNd64 " %" SCNd64 " %" SCNu64 " %" SCNd64 " %31s %" SCNu64 " %255s", &request.agent_id,
               &request.site_id, &request.sweep_id, &request.at_us, request.kind, &request.seed, request.ports) != 7)
        fail("bad line");
    struct report *report = report_sample(kind_of(request.kind), request.ports, request.seed);
    if (!report)
        fail("bad port list");
    if (strcmp(request.kind, "judged") == 0) {
        judge(report, request.ports, request.seed);
        printf("%" PRIu64 " outcome %s\n", request.sweep_id, outcome_word(report->outcome));
    }
    size_t batches = wire_report_batches(report);
    for (uint32_t batch = 0; batch < batches; batch++)
        send_batch(mailbox, &request, report, batch);
    report_free(report);
    return batches;
}

static void print_fates(struct mailbox *mailbox, size_t count)
{
    static const char *const fates[] = {"pending", "stored", "rejected", "abandoned"};
    while (count > 0) {
        zmq_pollitem_t item = {.socket = mailbox_socket(mailbox), .events = ZMQ_POLLIN};
        struct delivery *delivery = mailbox_receive(mailbox);
        if (!delivery) {
            (void)zmq_poll(&item, 1, -1);
            continue;
        }
        printf("%" PRIu64 " %u %s %s\n", delivery->envelope->report_batch->sweep_id,
               delivery->envelope->report_batch->batch, fates[delivery->fate], delivery->message);
        delivery_free(delivery);
        count--;
    }
    puts(".");
    fflush(stdout);
}

static void *run_writer(void *writer)
{
    store_writer_run(writer);
    return NULL;
}

static void serve(struct mailbox *mailbox)
{
    char line[LINE_BYTES];
    size_t out = 0;
    while (fgets(line, sizeof line, stdin)) {
        if (line[0] != '.') {
            out += send_report(mailbox, line);
            continue;
        }
        print_fates(mailbox, out);
        out = 0;
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: store_probe DSN\n");
        return EX_USAGE;
    }
    void *context = zmq_ctx_new();
    struct mailbox_pair *pair = mailbox_pair_create(context, "store");
    int stop_fd = eventfd(0, EFD_CLOEXEC);
    if (!pair || stop_fd < 0)
        fail(strerror(errno));
    struct store_writer *writer = store_writer_create(&(struct store_writer_config){
        .dsn = argv[1], .name = "store_probe", .gateway = mailbox_end(pair, 1), .stop_fd = stop_fd});
    pthread_t thread;
    if (!writer || pthread_create(&thread, NULL, run_writer, writer))
        fail("cannot start the writer");

    serve(mailbox_end(pair, 0));

    (void)eventfd_write(stop_fd, 1);
    pthread_join(thread, NULL);
    store_writer_destroy(writer);
    mailbox_pair_destroy(pair, delivery_free, delivery_free);
    close(stop_fd);
    zmq_ctx_term(context);
    return EX_OK;
}
