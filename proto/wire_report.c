#include "proto/wire_report.h"

#include "proto/columns.h"
#include "proto/limits.h"
#include "proto/text.h"
#include "proto/wire.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(REPORT_MESSAGE_BYTES == WIRE_TEXT_BYTES_MAX && SERVER_NAME_BYTES == WIRE_NAME_BYTES_MAX &&
                   SIP_ALG_DIFF_BYTES == WIRE_DIFF_BYTES_MAX,
               "a text that fits in a report fits on the wire");

/* The longest a batch can get. Each port in runs of its own: gap 2 bytes, plan 1, verdict 2, facts 2, attempts 2,
 * mapped address 2, owner 2, seven lengths, mapped port 3, RTT 5. */
#define PORT_BYTES_MOST 28
#define IP_BYTES_MOST 18
#define OWNER_BYTES_MOST (OWNER_NAME_BYTES + 12)
#define SENTENCES (REPORT_ADVICE_MAX + REPORT_WARNINGS_MAX + 2)
#define SENTENCE_BYTES_MOST (REPORT_MESSAGE_BYTES + WARNING_CODE_BYTES + 16)
_Static_assert(REPORT_BATCH_PORTS *PORT_BYTES_MOST + REPORT_BATCH_IPS * IP_BYTES_MOST +
                       REPORT_BATCH_OWNERS * OWNER_BYTES_MOST + SENTENCES * SENTENCE_BYTES_MOST + SIP_ALG_DIFF_BYTES +
                       SERVER_NAME_BYTES + 1024 <
                   WIRE_FRAME_BYTES_MAX,
               "every batch fits in a frame");

/* A Done and all that it points to. */
struct done_message {
    struct report report; /* a copy with clean texts; its ports and owners are not used */
    Natsweep__Done done;
    Natsweep__Nat nat;
    Natsweep__Address server_address, server_other_address, local_address, public_address;
    Natsweep__Warning warnings[REPORT_WARNINGS_MAX];
    Natsweep__Warning *warning_pointers[REPORT_WARNINGS_MAX];
    char *advice_pointers[REPORT_ADVICE_MAX];
};

size_t wire_report_batches(const struct report *report)
{
    size_t full = (report->port_count + REPORT_BATCH_PORTS - 1) / REPORT_BATCH_PORTS;
    return full ? full : 1;
}

static Natsweep__Address *address_message(Natsweep__Address *message, struct address *address)
{
    if (!address_known(address))
        return NULL;
    natsweep__address__init(message);
    message->port = address->port;
    message->ip.len = address->family == 6 ? 16 : 4;
    message->ip.data = address->ip;
    return message;
}

static void fill_nat(Natsweep__Nat *message, struct nat_facts *nat)
{
    natsweep__nat__init(message);
    message->nat_class = nat->nat_class;
    message->mapping = nat->mapping;
    message->filtering = nat->filtering;
    message->port_preservation = nat->port_preservation;
    message->hairpin = nat->hairpin;
    message->generic_alg = nat->generic_alg;
    message->double_nat = nat->double_nat;
    message->sip_alg = nat->sip_alg;
    message->sip_alg_diff = text_clean(nat->sip_alg_diff, TEXT_LINES);
    message->binding_lifetime_s = nat->binding_lifetime_s;
}

static void fill_warnings(struct done_message *message)
{
    message->done.n_warnings = message->report.warning_count;
    message->done.warnings = message->warning_pointers;
    for (size_t i = 0; i < message->report.warning_count; i++) {
        struct warning *warning = &message->report.warnings[i];
        natsweep__warning__init(&message->warnings[i]);
        message->warnings[i].code = text_clean(warning->code, TEXT_LINE);
        message->warnings[i].message = text_clean(warning->message, TEXT_LINE);
        message->warning_pointers[i] = &message->warnings[i];
    }
}

static void fill_advice(struct done_message *message)
{
    message->done.n_advice = message->report.advice_count;
    message->done.advice = message->advice_pointers;
    for (size_t i = 0; i < message->report.advice_count; i++)
        message->advice_pointers[i] = text_clean(message->report.advice[i], TEXT_LINE);
}

static Natsweep__Done *fill_done(struct done_message *message, const struct report *from)
{
    struct report *report = &message->report;
    Natsweep__Done *done = &message->done;
    *report = *from;
    natsweep__done__init(done);
    done->outcome = report->outcome;
    done->message = text_clean(report->message, TEXT_LINE);
    done->server_name = text_clean(report->server_name, TEXT_LINE);
    done->server_address = address_message(&message->server_address, &report->server_address);
    done->server_other_address = address_message(&message->server_other_address, &report->server_other_address);
    done->local_address = address_message(&message->local_address, &report->local_address);
    done->public_address = address_message(&message->public_address, &report->public_address);
    done->family = report->family;
    done->started_at_us = report->started_at_us;
    done->duration_us = report->duration_us;
    done->port_count = (uint32_t)report->port_count;
    done->nat = &message->nat;
    fill_nat(&message->nat, &report->nat);
    fill_warnings(message);
    fill_advice(message);
    return done;
}

static int encode_with_columns(Natsweep__ReportBatch *batch, const struct report *report, uint8_t **frame, size_t *len)
{
    size_t first = (size_t)batch->batch * REPORT_BATCH_PORTS;
    size_t left = report->port_count - first;
    int error =
        columns_encode(report->ports + first, left < REPORT_BATCH_PORTS ? left : REPORT_BATCH_PORTS, &batch->columns);
    if (error)
        return error;
    Natsweep__Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_REPORT_BATCH;
    envelope.report_batch = batch;
    error = wire_encode(&envelope, frame, len);
    columns_free(batch->columns);
    return error;
}

int wire_encode_report_batch(const struct report *report, uint64_t sweep_id, int64_t at_us, uint32_t batch,
                             uint8_t **frame, size_t *len)
{
    size_t batches = wire_report_batches(report);
    if (batch >= batches)
        return WIRE_FIELD;
    Natsweep__ReportBatch message = NATSWEEP__REPORT_BATCH__INIT;
    message.sweep_id = sweep_id;
    message.at_us = at_us;
    message.batch = batch;
    message.batches = (uint32_t)batches;
    if (batch + 1 < batches)
        return encode_with_columns(&message, report, frame, len);

    struct done_message *done = malloc(sizeof *done);
    if (!done)
        return WIRE_MEMORY;
    message.done = fill_done(done, report);
    int error = encode_with_columns(&message, report, frame, len);
    free(done);
    return error;
}

static struct address address_of(const Natsweep__Address *message)
{
    struct address address = {0};
    if (!message)
        return address;
    address.family = message->ip.len == 16 ? 6 : 4;
    address.port = (uint16_t)message->port;
    memcpy(address.ip, message->ip.data, message->ip.len == 16 ? 16 : 4);
    return address;
}

static void read_nat(const Natsweep__Nat *message, struct nat_facts *nat)
{
    nat->nat_class = (uint8_t)message->nat_class;
    nat->mapping = (uint8_t)message->mapping;
    nat->filtering = (uint8_t)message->filtering;
    nat->port_preservation = (uint8_t)message->port_preservation;
    nat->hairpin = (uint8_t)message->hairpin;
    nat->generic_alg = (uint8_t)message->generic_alg;
    nat->double_nat = (uint8_t)message->double_nat;
    nat->sip_alg = (uint8_t)message->sip_alg;
    text_copy(nat->sip_alg_diff, sizeof nat->sip_alg_diff, message->sip_alg_diff, TEXT_LINES);
    nat->binding_lifetime_s = message->binding_lifetime_s;
}

static void read_texts(const Natsweep__Done *done, struct report *report)
{
    text_copy(report->message, sizeof report->message, done->message, TEXT_LINE);
    text_copy(report->server_name, sizeof report->server_name, done->server_name, TEXT_LINE);
    for (size_t i = 0; i < done->n_advice; i++)
        report_advise(report, "%s", done->advice[i]);
    for (size_t i = 0; i < done->n_warnings; i++)
        report_warn(report, done->warnings[i]->code, "%s", done->warnings[i]->message);
}

static void read_done(const Natsweep__Done *done, struct report *report)
{
    report->outcome = (uint8_t)done->outcome;
    report->family = (uint8_t)done->family;
    report->server_address = address_of(done->server_address);
    report->server_other_address = address_of(done->server_other_address);
    report->local_address = address_of(done->local_address);
    report->public_address = address_of(done->public_address);
    report->started_at_us = done->started_at_us;
    report->duration_us = done->duration_us;
    read_nat(done->nat, &report->nat);
    read_texts(done, report);
}

int wire_decode_report_batch(const Natsweep__ReportBatch *batch, struct report **out)
{
    int count = columns_count(batch->columns);
    if (count < 0)
        return count;
    struct report *report = report_create((size_t)count, batch->columns->n_owners);
    if (!report)
        return WIRE_MEMORY;
    int error = columns_decode(batch->columns, report->ports, report->port_count, report->owners);
    if (error) {
        report_free(report);
        return error;
    }
    if (batch->done)
        read_done(batch->done, report);
    *out = report;
    return WIRE_OK;
}
