#include "proto/columns.h"

#include "proto/limits.h"
#include "proto/runs.h"
#include "proto/text.h"
#include "proto/varint.h"
#include "proto/wire.h"

#include <string.h>

struct decoding {
    const Natsweep__PortColumns *columns;
    struct run_reader ports, plan, verdicts, facts, attempts, mapped_ips, owner_runs;
    struct varint_reader rtt, mapped_ports;
    uint32_t next_key;
    uint16_t offset;
};

static struct varint_reader reader_of(const ProtobufCBinaryData *bytes)
{
    return (struct varint_reader){.at = bytes->data, .end = bytes->data ? bytes->data + bytes->len : NULL};
}

static struct decoding decoding_start(const Natsweep__PortColumns *columns)
{
    return (struct decoding){
        .columns = columns,
        .ports = runs_reader(columns->port_runs, columns->n_port_runs),
        .plan = runs_reader(columns->plan_runs, columns->n_plan_runs),
        .verdicts = runs_reader(columns->verdict_runs, columns->n_verdict_runs),
        .facts = runs_reader(columns->fact_runs, columns->n_fact_runs),
        .attempts = runs_reader(columns->attempt_runs, columns->n_attempt_runs),
        .mapped_ips = runs_reader(columns->mapped_ip_runs, columns->n_mapped_ip_runs),
        .owner_runs = runs_reader(columns->owner_runs, columns->n_owner_runs),
        .rtt = reader_of(&columns->rtt),
        .mapped_ports = reader_of(&columns->mapped_ports),
    };
}

static bool decode_key(struct decoding *decoding, struct port_result *port)
{
    uint32_t gap;
    bool first;
    if (!runs_next(&decoding->ports, &gap, &first))
        return false;
    uint64_t key = (uint64_t)decoding->next_key + (first ? gap : 0);
    if (key >> 16 > UINT8_MAX || !transport_word((unsigned)(key >> 16)) || (key & UINT16_MAX) == 0)
        return false;
    port->transport = (uint8_t)(key >> 16);
    port->port = (uint16_t)key;
    decoding->next_key = (uint32_t)key + 1;
    return true;
}

static bool decode_plan(struct decoding *decoding, struct port_result *port)
{
    uint32_t value;
    if (!runs_next(&decoding->plan, &value, NULL) || value > UINT8_MAX)
        return false;
    port->role = value & 0xf;
    port->expect = (uint8_t)(value >> COLUMNS_PLAN_SHIFT);
    return role_word(port->role) && expect_word(port->expect);
}

static bool decode_verdict(struct decoding *decoding, struct port_result *port)
{
    uint32_t value;
    if (!runs_next(&decoding->verdicts, &value, NULL) || value >> COLUMNS_VERDICT_SHIFT > UINT8_MAX)
        return false;
    port->verdict = value & 0xf;
    port->reason = (uint8_t)(value >> COLUMNS_VERDICT_SHIFT);
    return verdict_word(port->verdict) && (port->reason == REASON_NONE || reason_word(port->reason));
}

static bool decode_rtt(struct decoding *decoding, struct port_result *port)
{
    uint32_t coded;
    if (!varint_read(&decoding->rtt, &coded))
        return false;
    int64_t units = (int64_t)decoding->columns->rtt_median + unzigzag(coded);
    int64_t rtt_us = units * decoding->columns->rtt_unit_us;
    if (units < 0 || units > INT32_MAX || rtt_us > INT32_MAX)
        return false;
    port->rtt_us = (int32_t)rtt_us;
    return true;
}

static bool decode_facts(struct decoding *decoding, struct port_result *port)
{
    uint32_t value;
    if (!runs_next(&decoding->facts, &value, NULL) || value >= COLUMNS_FACTS_END)
        return false;
    port->reached = value & 3;
    port->preserved = value >> 2 & 3;
    port->inbound = value >> 4 & 3;
    port->unsolicited = value >> 6 & 3;
    port->live = value & COLUMNS_LIVE_BIT;
    port->rtt_us = RTT_UNKNOWN_US;
    if (port->reached > TRI_YES || port->preserved > TRI_YES || port->inbound > TRI_YES || port->unsolicited > TRI_YES)
        return false;
    return !(value & COLUMNS_RTT_KNOWN_BIT) || decode_rtt(decoding, port);
}

static bool decode_attempts(struct decoding *decoding, struct port_result *port)
{
    uint32_t value;
    if (!runs_next(&decoding->attempts, &value, NULL) || value > UINT8_MAX)
        return false;
    port->attempts = (uint8_t)value;
    return true;
}

static bool decode_mapped_ip(const Natsweep__PortColumns *columns, uint32_t number, struct address *mapped)
{
    if (number > columns->n_mapped_ips)
        return false;
    const ProtobufCBinaryData *ip = &columns->mapped_ips[number - 1];
    if (ip->len != 4 && ip->len != 16)
        return false;
    mapped->family = ip->len == 4 ? 4 : 6;
    memcpy(mapped->ip, ip->data, ip->len);
    return true;
}

static bool decode_mapped(struct decoding *decoding, struct port_result *port)
{
    uint32_t number, change;
    memset(&port->mapped, 0, sizeof port->mapped);
    if (!runs_next(&decoding->mapped_ips, &number, NULL))
        return false;
    if (number == 0)
        return true;
    if (!decode_mapped_ip(decoding->columns, number, &port->mapped))
        return false;
    port->mapped.port = port->port;
    if (port->preserved == TRI_YES)
        return true;
    if (!varint_read(&decoding->mapped_ports, &change) || change > UINT16_MAX)
        return false;
    decoding->offset = (uint16_t)(decoding->offset + (uint16_t)unzigzag(change));
    port->mapped.port = (uint16_t)(port->port + decoding->offset);
    return true;
}

static bool decode_owner(struct decoding *decoding, struct port_result *port, const struct port_owner *owners)
{
    uint32_t number;
    if (!runs_next(&decoding->owner_runs, &number, NULL) || number > decoding->columns->n_owners)
        return false;
    port->owner = number ? &owners[number - 1] : NULL;
    return true;
}

static bool decode_port(struct decoding *decoding, struct port_result *port, const struct port_owner *owners)
{
    return decode_key(decoding, port) && decode_plan(decoding, port) && decode_verdict(decoding, port) &&
           decode_facts(decoding, port) && decode_attempts(decoding, port) && decode_mapped(decoding, port) &&
           decode_owner(decoding, port, owners);
}

static void copy_owners(const Natsweep__PortColumns *columns, struct port_owner *owners)
{
    for (size_t i = 0; i < columns->n_owners; i++) {
        owners[i].pid = (int32_t)columns->owners[i]->pid;
        text_copy(owners[i].name, sizeof owners[i].name, columns->owners[i]->name, TEXT_LINE);
    }
}

/* A column longer than the ports it describes would be bytes that nobody checked. */
static bool decoding_used_up(const struct decoding *decoding)
{
    const struct run_reader *readers[] = {&decoding->ports,     &decoding->plan,     &decoding->verdicts,
                                          &decoding->facts,     &decoding->attempts, &decoding->mapped_ips,
                                          &decoding->owner_runs};
    for (size_t i = 0; i < ARRAY_LEN(readers); i++)
        if (readers[i]->left || readers[i]->at != readers[i]->count)
            return false;
    return decoding->rtt.at == decoding->rtt.end && decoding->mapped_ports.at == decoding->mapped_ports.end;
}

int columns_count(const Natsweep__PortColumns *columns)
{
    int64_t total = runs_total(columns->port_runs, columns->n_port_runs, REPORT_BATCH_PORTS);
    return total < 0 ? WIRE_FIELD : (int)total;
}

int columns_decode(const Natsweep__PortColumns *columns, struct port_result *ports, size_t count,
                   struct port_owner *owners)
{
    struct decoding decoding = decoding_start(columns);
    copy_owners(columns, owners);
    for (size_t i = 0; i < count; i++)
        if (!decode_port(&decoding, &ports[i], owners))
            return WIRE_FIELD;
    return decoding_used_up(&decoding) ? WIRE_OK : WIRE_FIELD;
}
