#include "store/evidence.h"

#include "store/multirange.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 12
#define ATTEMPT_VALUES 256

/* The ports of one row, and what they have in common. */
struct piece {
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

static void survey_attempts(struct piece *piece)
{
    uint16_t counts[ATTEMPT_VALUES] = {0};
    for (size_t i = 0; i < piece->count; i++)
        counts[piece->ports[i]->attempts]++;
    piece->usual_attempts = most_frequent(counts);
    piece->retries = piece->count - counts[piece->usual_attempts];
}

/* The smallest unit of 1, 10, 100, ... us in which all fit in 16 bits. */
static void survey_rtt(struct piece *piece)
{
    int32_t longest_us = -1;
    for (size_t i = 0; i < piece->count; i++)
        if (piece->ports[i]->rtt_us > longest_us)
            longest_us = piece->ports[i]->rtt_us;
    piece->rtt_known = longest_us >= 0;
    piece->rtt_unit_us = 1;
    while (longest_us / piece->rtt_unit_us >= INT16_MAX)
        piece->rtt_unit_us *= 10;
}

static void survey_mapped(struct piece *piece)
{
    piece->same_address = piece->preserved = true;
    for (size_t i = 0; i < piece->count; i++) {
        const struct address *mapped = &piece->ports[i]->mapped, *first = &piece->ports[0]->mapped;
        bool known = address_known(mapped);
        piece->mapped_known |= known;
        piece->same_address &= known && address_same_ip(mapped, first);
        piece->preserved &= !known || mapped->port == piece->ports[i]->port;
    }
}

static struct piece survey(const struct port_result *const *ports, size_t count)
{
    struct piece piece = {.ports = ports, .count = count};
    survey_attempts(&piece);
    survey_rtt(&piece);
    survey_mapped(&piece);
    for (size_t i = 0; i < count; i++)
        piece.owned |= ports[i]->owner != NULL;
    return piece;
}

static bool worth_a_row(const struct piece *piece)
{
    return piece->rtt_known || piece->mapped_known || piece->owned || piece->usual_attempts || piece->retries;
}

static void write_rtt(struct pg_binary *out, const struct piece *piece)
{
    pg_column(out, PG_INT2_ARRAY);
    if (!piece->rtt_known) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_array(out, PG_INT2, piece->count);
    for (size_t i = 0; i < piece->count; i++) {
        int32_t rtt_us = piece->ports[i]->rtt_us;
        if (rtt_us < 0)
            pg_null(out);
        else
            pg_int2(out, (int)(((int64_t)rtt_us + piece->rtt_unit_us / 2) / piece->rtt_unit_us));
    }
    pg_close(out, opened);
}

static void write_retries(struct pg_binary *out, const struct piece *piece, bool attempts)
{
    pg_column(out, attempts ? PG_INT2_ARRAY : PG_INT4_ARRAY);
    if (piece->retries == 0) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_array(out, attempts ? PG_INT2 : PG_INT4, piece->retries);
    for (size_t i = 0; i < piece->count; i++) {
        const struct port_result *port = piece->ports[i];
        if (port->attempts == piece->usual_attempts)
            continue;
        if (attempts)
            pg_int2(out, port->attempts);
        else
            pg_int4(out, port->port);
    }
    pg_close(out, opened);
}

static void write_mapped_addresses(struct pg_binary *out, const struct piece *piece)
{
    pg_column(out, PG_INET);
    if (piece->same_address)
        pg_inet(out, &piece->ports[0]->mapped);
    else
        pg_null(out);

    pg_column(out, PG_INET_ARRAY);
    if (piece->same_address || !piece->mapped_known) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_array(out, PG_INET, piece->count);
    for (size_t i = 0; i < piece->count; i++)
        pg_inet(out, &piece->ports[i]->mapped);
    pg_close(out, opened);
}

static void write_mapped_ports(struct pg_binary *out, const struct piece *piece)
{
    pg_column(out, PG_INT2_ARRAY);
    if (piece->preserved) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_array(out, PG_INT2, piece->count);
    for (size_t i = 0; i < piece->count; i++)
        pg_int2(out, piece->ports[i]->mapped.port);
    pg_close(out, opened);
}

static void write_owner(struct pg_binary *out, const struct port_result *port, bool first)
{
    char head[64];
    snprintf(head, sizeof head, "%c\"%u\":{\"pid\":%d,\"name\":", first ? '{' : ',', port->port, port->owner->pid);
    pg_bytes(out, head, strlen(head));
    pg_json_string(out, port->owner->name);
    pg_bytes(out, "}", 1);
}

static void write_owners(struct pg_binary *out, const struct piece *piece)
{
    static const uint8_t jsonb_version = 1;
    bool first = true;
    pg_column(out, PG_JSONB);
    if (!piece->owned) {
        pg_null(out);
        return;
    }
    size_t opened = pg_open(out);
    pg_bytes(out, &jsonb_version, sizeof jsonb_version);
    for (size_t i = 0; i < piece->count; i++) {
        if (!piece->ports[i]->owner)
            continue;
        write_owner(out, piece->ports[i], first);
        first = false;
    }
    pg_bytes(out, "}", 1);
    pg_close(out, opened);
}

/* The columns of type evidence_in, in its order. */
static void write_row(struct pg_binary *out, int32_t item, size_t part, const struct piece *piece)
{
    size_t opened = pg_open(out);
    pg_record(out, COLUMNS);
    pg_column(out, PG_INT4);
    pg_int4(out, item);
    pg_column(out, PG_INT2);
    pg_int2(out, (int)part);
    pg_column(out, PG_INT2);
    pg_int2(out, piece->usual_attempts);
    pg_column(out, PG_INT4);
    pg_int4(out, piece->rtt_unit_us);
    pg_column(out, PG_INT4MULTIRANGE);
    multirange_write(out, piece->ports, piece->count);
    write_rtt(out, piece);
    write_retries(out, piece, false);
    write_retries(out, piece, true);
    write_mapped_addresses(out, piece);
    write_mapped_ports(out, piece);
    write_owners(out, piece);
    pg_close(out, opened);
}

size_t evidence_write(struct pg_binary *out, int32_t item, size_t part, const struct port_result *const *ports,
                      size_t count)
{
    size_t rows = 0;
    for (size_t done = 0; done < count; done += EVIDENCE_PORTS_MAX) {
        size_t left = count - done;
        struct piece piece = survey(ports + done, left < EVIDENCE_PORTS_MAX ? left : EVIDENCE_PORTS_MAX);
        if (!worth_a_row(&piece))
            continue;
        write_row(out, item, part, &piece);
        rows++;
    }
    return rows;
}
