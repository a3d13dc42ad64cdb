#include "control/command.h"

#include "control/row.h"
#include "database/array.h"
#include "proto/limits.h"
#include "proto/text.h"
#include "proto/turn_credentials.h"
#include "proto/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_S 1000000
/* Clocks of collector and TURN server differ, and the last connection needs a moment. */
#define CREDENTIALS_GRACE_S 60

/* Everything a StartSweep points to. */
struct draft {
    Natsweep__SweepKey key;
    Natsweep__StartSweep start;
    Natsweep__PortRange ranges[COMMAND_RANGES_MAX];
    Natsweep__PortRange *range_pointers[COMMAND_RANGES_MAX];
    char servers[COMMAND_SERVERS_MAX][WIRE_NAME_BYTES_MAX];
    char *server_pointers[COMMAND_SERVERS_MAX];
    struct turn_credentials minted;
    Natsweep__Credentials credentials;
    int64_t column[COMMAND_RANGES_MAX];
};

/* Reads one array column into the same field of every range. */
static int read_column(struct draft *draft, const char *literal, size_t field_offset)
{
    int count = array_read_numbers(literal, draft->column, COMMAND_RANGES_MAX);
    if (count <= 0 || (draft->start.n_ports && (size_t)count != draft->start.n_ports))
        return -EINVAL;
    draft->start.n_ports = (size_t)count;
    for (int i = 0; i < count; i++)
        *(uint32_t *)(void *)((char *)&draft->ranges[i] + field_offset) = (uint32_t)draft->column[i];
    return 0;
}

static int read_ranges(struct draft *draft, const PGresult *result, int row)
{
    static const struct {
        const char *column;
        size_t offset;
    } columns[] = {
        {"transports", offsetof(Natsweep__PortRange, transport)}, {"firsts", offsetof(Natsweep__PortRange, first)},
        {"lasts", offsetof(Natsweep__PortRange, last)},           {"roles", offsetof(Natsweep__PortRange, role)},
        {"expects", offsetof(Natsweep__PortRange, expect)},       {"groups", offsetof(Natsweep__PortRange, group)},
    };
    for (size_t i = 0; i < COMMAND_RANGES_MAX; i++) {
        natsweep__port_range__init(&draft->ranges[i]);
        draft->range_pointers[i] = &draft->ranges[i];
    }
    draft->start.ports = draft->range_pointers;
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        if (read_column(draft, row_text(result, row, columns[i].column), columns[i].offset) != 0)
            return -EINVAL;
    }
    return 0;
}

/* More servers than an agent may be told are left out: they are tried in order. */
static int read_servers(struct draft *draft, const char *literal)
{
    size_t count = 0;
    int got = 1;
    for (; count < COMMAND_SERVERS_MAX && got > 0; count += got > 0) {
        got = array_next_text(&literal, draft->servers[count], WIRE_NAME_BYTES_MAX);
        draft->server_pointers[count] = draft->servers[count];
    }
    draft->start.servers = draft->server_pointers;
    draft->start.n_servers = count;
    return got < 0 || count == 0 ? -EINVAL : 0;
}

static int mint(struct draft *draft, const char *turn_secret, int64_t agent_id, int64_t now_us)
{
    char name[32];
    int64_t now_s = now_us / US_PER_S;
    int64_t needed_until_s = now_s + draft->start.expires_in_s + draft->start.deadline_s + CREDENTIALS_GRACE_S;
    int64_t expires_at_s = turn_credentials_expiry(now_s, needed_until_s);
    snprintf(name, sizeof(name), "agent-%" PRId64, agent_id);
    if (turn_credentials_mint(turn_secret, name, expires_at_s, &draft->minted) != 0)
        return -EINVAL;
    natsweep__credentials__init(&draft->credentials);
    draft->credentials.user = draft->minted.user;
    draft->credentials.password = draft->minted.password;
    draft->start.credentials = &draft->credentials;
    return 0;
}

static void read_scalars(struct draft *draft, const PGresult *result, int row)
{
    Natsweep__StartSweep *start = &draft->start;
    natsweep__sweep_key__init(&draft->key);
    natsweep__start_sweep__init(start);
    draft->key.sweep_id = (uint64_t)row_number(result, row, "sweep_id");
    draft->key.generation = (uint32_t)row_number(result, row, "generation");
    start->key = &draft->key;
    start->at_us = row_number(result, row, "at_us");
    start->expires_in_s = (uint32_t)row_number(result, row, "expires_in_s");
    start->deadline_s = (uint32_t)row_number(result, row, "deadline_s");
    start->family = (uint32_t)row_number(result, row, "family");
    start->mode = (uint32_t)row_number(result, row, "mode");
    start->pace_pps = (uint32_t)row_number(result, row, "pace_pps");
    start->patience_s = (uint32_t)row_number(result, row, "patience_s");
    start->turn_server = row_text(result, row, "turn_server");
    start->sip_echo = row_text(result, row, "sip_echo");
}

static int encode_order(Envelope *envelope, int64_t agent_id, struct order **out)
{
    struct order *order = order_create(ORDER_SEND);
    if (!order)
        return -ENOMEM;
    order->agent_id = agent_id;
    int error = wire_encode(envelope, &order->frame, &order->frame_bytes);
    if (error) {
        order_free(order);
        return error == WIRE_MEMORY ? -ENOMEM : -EINVAL;
    }
    *out = order;
    return 0;
}

int command_order(const PGresult *result, int row, const char *turn_secret, int64_t now_us, struct order **out,
                  uint64_t *sweep_id, uint32_t *generation)
{
    struct draft *draft = calloc(1, sizeof(*draft));
    if (!draft)
        return -ENOMEM;
    int64_t agent_id = row_number(result, row, "agent_id");
    read_scalars(draft, result, row);
    *sweep_id = draft->key.sweep_id;
    *generation = draft->key.generation;
    int error = read_ranges(draft, result, row);
    if (!error)
        error = read_servers(draft, row_text(result, row, "servers"));
    if (!error && turn_secret)
        error = mint(draft, turn_secret, agent_id, now_us);
    if (!error) {
        Envelope envelope = NATSWEEP__ENVELOPE__INIT;
        envelope.body_case = NATSWEEP__ENVELOPE__BODY_START_SWEEP;
        envelope.start_sweep = &draft->start;
        error = encode_order(&envelope, agent_id, out);
    }
    if (!error) {
        (*out)->sweep_id = draft->key.sweep_id;
        (*out)->generation = draft->key.generation;
    }
    explicit_bzero(draft, sizeof(*draft)); /* it holds a password */
    free(draft);
    return error;
}

int command_cancel(int64_t agent_id, uint64_t sweep_id, uint32_t generation, const char *message, struct order **out)
{
    char text[WIRE_TEXT_BYTES_MAX];
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    key.sweep_id = sweep_id;
    key.generation = generation;
    Natsweep__Cancel cancel = NATSWEEP__CANCEL__INIT;
    cancel.key = &key;
    cancel.message = text_copy(text, sizeof(text), message, TEXT_LINE);
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_CANCEL;
    envelope.cancel = &cancel;
    return encode_order(&envelope, agent_id, out);
}
