#include "proto/columns.h"

#include "proto/limits.h"
#include "proto/runs.h"
#include "proto/text.h"
#include "proto/varint.h"
#include "proto/wire.h"

#include <stdlib.h>
#include <string.h>

#define RUN_COLUMNS 7
#define MAPPED_PORT_BYTES 3 /* a zigzag varint of 16 bits */

struct encoded_owner {
    Natsweep__PortOwner message;
    char name[OWNER_NAME_BYTES];
};

/* A message and the memory its columns lie in. */
struct encoding {
    Natsweep__PortColumns message; /* first: columns_free gets it back */
    struct run_writer ports, plan, verdicts, facts, attempts, mapped_ips, owner_runs;
    struct encoded_owner *owners;
    int32_t *rtts_us; /* the known ones, in order of ports */
    size_t rtt_count;
    uint16_t offset; /* mapped port - port of the last port that was not preserved */
    uint32_t next_key;
};

static uint32_t key_of(const struct port_result *port)
{
    return (uint32_t)port->transport << 16 | port->port;
}

/* Room for `count` elements and never none, so that NULL means "no memory". */
static void *allocate(size_t count, size_t size)
{
    return calloc(count ? count : 1, size);
}

static void share_runs(struct encoding *encoding, uint32_t *runs, size_t count)
{
    struct run_writer *writers[RUN_COLUMNS] = {&encoding->ports,     &encoding->plan,     &encoding->verdicts,
                                               &encoding->facts,     &encoding->attempts, &encoding->mapped_ips,
                                               &encoding->owner_runs};
    for (size_t i = 0; i < RUN_COLUMNS; i++)
        writers[i]->numbers = runs + i * 2 * count;
}

static struct encoding *encoding_create(size_t count)
{
    struct encoding *encoding = calloc(1, sizeof *encoding);
    if (!encoding)
        return NULL;
    Natsweep__PortColumns *message = &encoding->message;
    natsweep__port_columns__init(message);
    uint32_t *runs = allocate(count * RUN_COLUMNS * 2, sizeof *runs);
    share_runs(encoding, runs, count);
    encoding->owners = allocate(REPORT_BATCH_OWNERS, sizeof *encoding->owners);
    encoding->rtts_us = allocate(count, sizeof *encoding->rtts_us);
    message->owners = (Natsweep__PortOwner **)allocate(REPORT_BATCH_OWNERS, sizeof(void *));
    message->mapped_ips = allocate(REPORT_BATCH_IPS, sizeof *message->mapped_ips);
    message->rtt.data = allocate(count, VARINT32_BYTES_MAX);
    message->mapped_ports.data = allocate(count, MAPPED_PORT_BYTES);
    if (!runs || !encoding->owners || !encoding->rtts_us || !message->owners || !message->mapped_ips ||
        !message->rtt.data || !message->mapped_ports.data) {
        columns_free(message);
        return NULL;
    }
    return encoding;
}

void columns_free(Natsweep__PortColumns *columns)
{
    struct encoding *encoding = (struct encoding *)(void *)columns;
    if (!encoding)
        return;
    free(encoding->ports.numbers); /* the runs of all columns */
    free(encoding->message.mapped_ips);
    free((void *)encoding->message.owners);
    free(encoding->owners);
    free(encoding->rtts_us);
    free(encoding->message.rtt.data);
    free(encoding->message.mapped_ports.data);
    free(encoding);
}

static bool words_valid(const struct port_result *port)
{
    return transport_word(port->transport) && role_word(port->role) && expect_word(port->expect) &&
           verdict_word(port->verdict) && (port->reason == REASON_NONE || reason_word(port->reason)) &&
           port->reached <= TRI_YES && port->preserved <= TRI_YES && port->inbound <= TRI_YES &&
           port->unsolicited <= TRI_YES;
}

static void encode_key(struct encoding *encoding, uint32_t key)
{
    uint32_t gap = key - encoding->next_key;
    if (gap == 0 && encoding->ports.count)
        runs_extend(&encoding->ports);
    else
        runs_start(&encoding->ports, gap);
    encoding->next_key = key + 1;
}

static uint32_t facts_of(const struct port_result *port)
{
    return (uint32_t)port->reached | (uint32_t)port->preserved << 2 | (uint32_t)port->inbound << 4 |
           (uint32_t)port->unsolicited << 6 | (port->live ? COLUMNS_LIVE_BIT : 0u) |
           (port->rtt_us >= 0 ? COLUMNS_RTT_KNOWN_BIT : 0u);
}

/* 1 + index of the address among those of the batch; they are few, and the last one seen is the likeliest. */
static uint32_t mapped_ip_number(Natsweep__PortColumns *message, const struct address *mapped)
{
    size_t len = mapped->family == 6 ? 16 : 4;
    for (size_t i = message->n_mapped_ips; i > 0; i--) {
        const ProtobufCBinaryData *known = &message->mapped_ips[i - 1];
        if (known->len == len && memcmp(known->data, mapped->ip, len) == 0)
            return (uint32_t)i;
    }
    if (message->n_mapped_ips == REPORT_BATCH_IPS)
        return 0;
    message->mapped_ips[message->n_mapped_ips++] = (ProtobufCBinaryData){.len = len, .data = (uint8_t *)mapped->ip};
    return (uint32_t)message->n_mapped_ips;
}

static bool encode_mapped(struct encoding *encoding, const struct port_result *port)
{
    uint32_t number = address_known(&port->mapped) ? mapped_ip_number(&encoding->message, &port->mapped) : 0;
    runs_add(&encoding->mapped_ips, number);
    if (number == 0)
        return true;
    if (port->preserved == TRI_YES)
        return port->mapped.port == port->port;
    uint16_t offset = (uint16_t)(port->mapped.port - port->port);
    int16_t change = (int16_t)(uint16_t)(offset - encoding->offset);
    ProtobufCBinaryData *column = &encoding->message.mapped_ports;
    column->len += varint_write(column->data + column->len, zigzag(change));
    encoding->offset = offset;
    return true;
}

/* As mapped_ip_number. */
static uint32_t owner_number(struct encoding *encoding, const struct port_owner *from)
{
    Natsweep__PortColumns *message = &encoding->message;
    char name[OWNER_NAME_BYTES];
    text_copy(name, sizeof name, from->name, TEXT_LINE);
    for (size_t i = message->n_owners; i > 0; i--) {
        const struct encoded_owner *known = &encoding->owners[i - 1];
        if (known->message.pid == (uint32_t)from->pid && strcmp(known->name, name) == 0)
            return (uint32_t)i;
    }
    if (message->n_owners == REPORT_BATCH_OWNERS)
        return 0;
    struct encoded_owner *owner = &encoding->owners[message->n_owners];
    natsweep__port_owner__init(&owner->message);
    memcpy(owner->name, name, sizeof name);
    owner->message.pid = (uint32_t)from->pid;
    owner->message.name = owner->name;
    message->owners[message->n_owners++] = &owner->message;
    return (uint32_t)message->n_owners;
}

static bool encode_port(struct encoding *encoding, const struct port_result *port)
{
    uint32_t key = key_of(port);
    if (!words_valid(port) || port->port == 0 || key < encoding->next_key)
        return false;
    encode_key(encoding, key);
    runs_add(&encoding->plan, (uint32_t)port->role | (uint32_t)port->expect << COLUMNS_PLAN_SHIFT);
    runs_add(&encoding->verdicts, (uint32_t)port->verdict | (uint32_t)port->reason << COLUMNS_VERDICT_SHIFT);
    runs_add(&encoding->facts, facts_of(port));
    runs_add(&encoding->attempts, port->attempts);
    if (port->rtt_us >= 0)
        encoding->rtts_us[encoding->rtt_count++] = port->rtt_us;
    runs_add(&encoding->owner_runs, port->owner ? owner_number(encoding, port->owner) : 0);
    return encode_mapped(encoding, port);
}

static int compare_rtt(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* The unit in which nine of ten deviations from the median fit in the 7 bits of a one-byte zigzag number. `sorted` is
 * used up. */
static int32_t choose_rtt_unit(int32_t *sorted, size_t count, int32_t median)
{
    static const int32_t steps[] = {1, 2, 5};
    for (size_t i = 0; i < count; i++)
        sorted[i] = abs(sorted[i] - median);
    qsort(sorted, count, sizeof *sorted, compare_rtt);
    int32_t usual = sorted[count * 9 / 10];
    for (int32_t decade = 1; decade < 10000000; decade *= 10)
        for (size_t i = 0; i < ARRAY_LEN(steps); i++)
            if (usual / (steps[i] * decade) < 63)
                return steps[i] * decade;
    return 10000000;
}

static int32_t in_units(int32_t rtt_us, int32_t unit_us)
{
    int64_t nearest = ((int64_t)rtt_us + unit_us / 2) / unit_us;
    return (int32_t)(nearest * unit_us > INT32_MAX ? nearest - 1 : nearest);
}

static int encode_rtts(struct encoding *encoding)
{
    Natsweep__PortColumns *message = &encoding->message;
    size_t count = encoding->rtt_count;
    if (count == 0)
        return WIRE_OK;
    int32_t *sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return WIRE_MEMORY;
    memcpy(sorted, encoding->rtts_us, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_rtt);
    int32_t median_us = sorted[count / 2];
    int32_t unit_us = choose_rtt_unit(sorted, count, median_us);
    free(sorted);

    int32_t median = in_units(median_us, unit_us);
    message->rtt_unit_us = (uint32_t)unit_us;
    message->rtt_median = (uint32_t)median;
    for (size_t i = 0; i < count; i++) {
        int32_t delta = in_units(encoding->rtts_us[i], unit_us) - median;
        message->rtt.len += varint_write(message->rtt.data + message->rtt.len, zigzag(delta));
    }
    return WIRE_OK;
}

static void point_to_runs(struct encoding *encoding)
{
    Natsweep__PortColumns *message = &encoding->message;
    message->port_runs = encoding->ports.numbers;
    message->n_port_runs = encoding->ports.count;
    message->plan_runs = encoding->plan.numbers;
    message->n_plan_runs = encoding->plan.count;
    message->verdict_runs = encoding->verdicts.numbers;
    message->n_verdict_runs = encoding->verdicts.count;
    message->fact_runs = encoding->facts.numbers;
    message->n_fact_runs = encoding->facts.count;
    message->attempt_runs = encoding->attempts.numbers;
    message->n_attempt_runs = encoding->attempts.count;
    message->mapped_ip_runs = encoding->mapped_ips.numbers;
    message->n_mapped_ip_runs = encoding->mapped_ips.count;
    message->owner_runs = encoding->owner_runs.numbers;
    message->n_owner_runs = encoding->owner_runs.count;
}

int columns_encode(const struct port_result *ports, size_t count, Natsweep__PortColumns **out)
{
    if (count > REPORT_BATCH_PORTS)
        return WIRE_FIELD;
    struct encoding *encoding = encoding_create(count);
    if (!encoding)
        return WIRE_MEMORY;
    int error = WIRE_OK;
    for (size_t i = 0; i < count && !error; i++)
        error = encode_port(encoding, &ports[i]) ? WIRE_OK : WIRE_FIELD;
    if (!error)
        error = encode_rtts(encoding);
    if (error) {
        columns_free(&encoding->message);
        return error;
    }
    point_to_runs(encoding);
    *out = &encoding->message;
    return WIRE_OK;
}
