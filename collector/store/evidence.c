#include "store/evidence.h"

#include "proto/limits.h"
#include "store/multirange.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 12
#define ATTEMPT_VALUES 256
#define RTT_UNKNOWN UINT16_MAX

/* The ports of a row, and what they have in common. */
struct survey {
    const struct port_result *const *ports;
    size_t count;
    uint8_t usual_attempts;
    size_t retries; /* ports with other attempts */
    int32_t rtt_unit_us;
    bool rtt_known, mapped_known, same_address, preserved, owned;
};

static uint8_t most_frequent(const uint16_t counts[ATTEMPT_VALUES])
{
    size_t best = 0;
    for (size_t i = 1; i < ATTEMPT_VALUES; i++)
        if (counts[i] > counts[best])
            best = i;
    return (uint8_t)best;
}

static void survey_attempts(struct survey *found)
{
    uint16_t counts[ATTEMPT_VALUES] = {0};
    for (size_t i = 0; i < found->count; i++)
        counts[found->ports[i]->attempts]++;
    found->usual_attempts = most_frequent(counts);
    found->retries = found->count - counts[found->usual_attempts];
}

/* The smallest unit of 1, 10, 100, ... us in which all fit in 16 bits. */
static void survey_rtt(struct survey *found)
{
    int32_t longest_us = -1;
    for (size_t i = 0; i < found->count; i++)
        if (found->ports[i]->rtt_us > longest_us)
            longest_us = found->ports[i]->rtt_us;
    found->rtt_known = longest_us >= 0;
    found->rtt_unit_us = 1;
    while (longest_us / found->rtt_unit_us >= RTT_UNKNOWN - 1)
        found->rtt_unit_us *= 10;
}

static void survey_mapped(struct survey *found)
{
    found->same_address = found->preserved = true;
    for (size_t i = 0; i < found->count; i++) {
        const struct address *mapped = &found->ports[i]->mapped, *first = &found->ports[0]->mapped;
        bool known = address_known(mapped);
        found->mapped_known |= known;
        found->same_address &= known && address_same_ip(mapped, first);
        found->preserved &= !known || mapped->port == found->ports[i]->port;
    }
}

static struct survey make_survey(const struct port_result *const *ports, size_t count)
{
    struct survey found = {.ports = ports, .count = count};
    survey_attempts(&found);
    survey_rtt(&found);
    survey_mapped(&found);
    for (size_t i = 0; i < count; i++)
        found.owned |= ports[i]->owner != NULL;
    return found;
}

static bool worth_a_row(const struct survey *found)
{
    return found->rtt_known || found->mapped_known || found->owned || found->usual_attempts || found->retries;
}

static void write_packed(struct pg_binary *out, const uint16_t *numbers, size_t count)
{
    pg_raw4(out, (uint32_t)(count * sizeof *numbers));
    pg_bytes(out, numbers, count * sizeof *numbers);
}

static void write_rtt(struct pg_binary *out, const struct survey *found)
{
    uint16_t packed[REPORT_BATCH_PORTS];
    pg_column(out, PG_BYTEA);
    if (!found->rtt_known) {
        pg_null(out);
        return;
    }
    for (size_t i = 0; i < found->count; i++) {
        int32_t rtt_us = found->ports[i]->rtt_us, unit_us = found->rtt_unit_us;
        int64_t units = rtt_us < 0 ? RTT_UNKNOWN : ((int64_t)rtt_us + unit_us / 2) / unit_us;
        packed[i] = htobe16((uint16_t)units);
    }
    write_packed(out, packed, found->count);
}

static void write_retries(struct pg_binary *out, const struct survey *found, bool attempts)
{
    pg_column(out, attempts ? PG_INT2_ARRAY : PG_INT4_ARRAY);
    if (found->retries == 0) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_array(out, attempts ? PG_INT2 : PG_INT4, found->retries);
    for (size_t i = 0; i < found->count; i++) {
        const struct port_result *port = found->ports[i];
        if (port->attempts == found->usual_attempts)
            continue;
        if (attempts)
            pg_int2(out, port->attempts);
        else
            pg_int4(out, port->port);
    }
    pg_close(out, opened);
}

static void write_mapped_addresses(struct pg_binary *out, const struct survey *found)
{
    pg_column(out, PG_INET);
    if (found->same_address)
        pg_inet(out, &found->ports[0]->mapped);
    else
        pg_null(out);

    pg_column(out, PG_INET_ARRAY);
    if (found->same_address || !found->mapped_known) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_array(out, PG_INET, found->count);
    for (size_t i = 0; i < found->count; i++)
        pg_inet(out, &found->ports[i]->mapped);
    pg_close(out, opened);
}

static void write_mapped_ports(struct pg_binary *out, const struct survey *found)
{
    uint16_t packed[REPORT_BATCH_PORTS];
    pg_column(out, PG_BYTEA);
    if (found->preserved) {
        pg_null(out);
        return;
    }
    for (size_t i = 0; i < found->count; i++)
        packed[i] = htobe16(found->ports[i]->mapped.port);
    write_packed(out, packed, found->count);
}

static void write_owner(struct pg_binary *out, const struct port_result *port, bool first)
{
    char head[64];
    snprintf(head, sizeof head, "%c\"%u\":{\"pid\":%d,\"name\":", first ? '{' : ',', port->port, port->owner->pid);
    pg_bytes(out, head, strlen(head));
    pg_json_string(out, port->owner->name);
    pg_bytes(out, "}", 1);
}

static void write_owners(struct pg_binary *out, const struct survey *found)
{
    static const uint8_t jsonb_version = 1;
    bool first = true;
    pg_column(out, PG_JSONB);
    if (!found->owned) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_bytes(out, &jsonb_version, sizeof jsonb_version);
    for (size_t i = 0; i < found->count; i++) {
        if (!found->ports[i]->owner)
            continue;
        write_owner(out, found->ports[i], first);
        first = false;
    }
    pg_bytes(out, "}", 1);
    pg_close(out, opened);
}

/* The columns of type evidence_in, in its order. */
static void write_row(struct pg_binary *out, int32_t item, size_t part, const struct survey *found)
{
    size_t opened = pg_open(out);
    pg_record(out, COLUMNS);
    pg_column(out, PG_INT4);
    pg_int4(out, item);
    pg_column(out, PG_INT2);
    pg_int2(out, (int)part);
    pg_column(out, PG_INT2);
    pg_int2(out, found->usual_attempts);
    pg_column(out, PG_INT4);
    pg_int4(out, found->rtt_unit_us);
    pg_column(out, PG_INT4MULTIRANGE);
    multirange_write(out, found->ports, found->count);
    write_rtt(out, found);
    write_retries(out, found, false);
    write_retries(out, found, true);
    write_mapped_addresses(out, found);
    write_mapped_ports(out, found);
    write_owners(out, found);
    pg_close(out, opened);
}

bool evidence_write(struct pg_binary *out, int32_t item, size_t part, const struct port_result *const *ports,
                    size_t count)
{
    struct survey found = make_survey(ports, count);
    if (!worth_a_row(&found))
        return false;
    write_row(out, item, part, &found);
    return true;
}
