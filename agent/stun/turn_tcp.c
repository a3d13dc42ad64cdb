#include "stun/turn_tcp.h"

#include "stun/attribute.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TURN_XOR_PEER_ADDRESS 0x0012
#define TURN_XOR_RELAYED_ADDRESS 0x0016
#define TURN_LIFETIME 0x000D
#define TURN_REQUESTED_ADDRESS_FAMILY 0x0017
#define TURN_REQUESTED_TRANSPORT 0x0019
#define TURN_PROTOCOL_TCP 6
#define TURN_FAMILY_IPV6 2

#define UNAUTHORIZED 401
#define STALE_NONCE 438

/* Every allocation lives at least this long (RFC 8656 section 3.2); asked again at half of what the server grants. */
#define DEFAULT_LIFETIME_S 600u
#define LIFETIME_S_MIN 10u
#define LIFETIME_S_MAX 3600u

/* 401 to learn the nonce, 438 when it has gone stale; more is a server that never agrees. */
#define CHALLENGES_MAX 3

/* One request: waiting to be sent, then waiting for its answer. */
struct request {
    uint16_t method; /* 0: free */
    bool sent;
    uint8_t challenges;
    uint32_t token;
    uint32_t number; /* the end of its transaction id */
    struct address peer;
};

enum allocation { ALLOCATING, ALLOCATED, FAILED };

struct turn_tcp {
    uint8_t family;
    const char *user, *password;
    enum allocation allocation;
    struct stun_challenge challenge;
    struct stun_key key;
    uint8_t id_prefix[8];
    uint32_t next_number;
    uint64_t refresh_at_us; /* 0: none due */
    struct request control; /* Allocate, later Refresh */
    struct request connects[TURN_CONNECTS_MAX];
    uint8_t input[STUN_MESSAGE_BYTES_MAX];
    size_t input_len;
};

static void ask(struct turn_tcp *turn, struct request *request, enum stun_method method)
{
    request->method = (uint16_t)method;
    request->sent = false;
    request->number = turn->next_number++;
}

struct turn_tcp *turn_tcp_create(uint8_t family, const char *user, const char *password, uint64_t seed)
{
    struct turn_tcp *turn = calloc(1, sizeof *turn);
    if (!turn)
        return NULL;
    turn->family = family;
    turn->user = user;
    turn->password = password;
    memcpy(turn->id_prefix, &seed, sizeof turn->id_prefix);
    ask(turn, &turn->control, STUN_ALLOCATE);
    return turn;
}

void turn_tcp_destroy(struct turn_tcp *turn)
{
    if (turn)
        explicit_bzero(&turn->key, sizeof turn->key);
    free(turn);
}

int turn_tcp_connect(struct turn_tcp *turn, const struct address *peer, uint32_t token)
{
    for (size_t i = 0; turn->allocation == ALLOCATED && i < TURN_CONNECTS_MAX; i++) {
        struct request *request = &turn->connects[i];
        if (request->method)
            continue;
        *request = (struct request){.token = token, .peer = *peer};
        ask(turn, request, STUN_CONNECT);
        return 0;
    }
    return -EBUSY;
}

void turn_tcp_forget(struct turn_tcp *turn, uint32_t token)
{
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++) {
        if (turn->connects[i].method && turn->connects[i].token == token)
            turn->connects[i].method = 0;
    }
}

void turn_tcp_refresh(struct turn_tcp *turn)
{
    if (turn->allocation != ALLOCATED || turn->control.method)
        return;
    turn->refresh_at_us = 0;
    turn->control.challenges = 0;
    ask(turn, &turn->control, STUN_REFRESH);
}

bool turn_tcp_refreshing(const struct turn_tcp *turn)
{
    return turn->control.method != 0;
}

static void transaction_id(const struct turn_tcp *turn, uint32_t number, uint8_t id[STUN_TRANSACTION_ID_BYTES])
{
    memcpy(id, turn->id_prefix, sizeof turn->id_prefix);
    memcpy(id + sizeof turn->id_prefix, &number, sizeof number);
}

static void write_wishes(const struct turn_tcp *turn, struct stun_writer *writer)
{
    static const uint8_t tcp[4] = {TURN_PROTOCOL_TCP}, ipv6[4] = {TURN_FAMILY_IPV6};
    stun_writer_attribute(writer, TURN_REQUESTED_TRANSPORT, tcp, sizeof tcp);
    if (turn->family == 6) /* RFC 8656 section 7.1: without it the relay is an IPv4 one */
        stun_writer_attribute(writer, TURN_REQUESTED_ADDRESS_FAMILY, ipv6, sizeof ipv6);
}

static size_t write_request(struct turn_tcp *turn, struct request *request, uint8_t bytes[TURN_MESSAGE_BYTES])
{
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    struct stun_writer writer;
    transaction_id(turn, request->number, id);
    stun_writer_begin(&writer, bytes, TURN_MESSAGE_BYTES, STUN_REQUEST, (enum stun_method)request->method, id);
    if (request->method == STUN_ALLOCATE)
        write_wishes(turn, &writer);
    if (request->method == STUN_CONNECT)
        stun_write_xor_address(&writer, TURN_XOR_PEER_ADDRESS, &request->peer);
    if (turn->challenge.nonce_len > 0)
        stun_write_credentials(&writer, turn->user, &turn->challenge, &turn->key);
    request->sent = true;
    int len = stun_writer_finish(&writer);
    return len > 0 ? (size_t)len : 0;
}

size_t turn_tcp_output(struct turn_tcp *turn, uint64_t now_us, uint8_t bytes[TURN_MESSAGE_BYTES])
{
    if (turn->refresh_at_us != 0 && now_us >= turn->refresh_at_us) {
        turn->refresh_at_us = 0;
        ask(turn, &turn->control, STUN_REFRESH);
    }
    if (turn->control.method && !turn->control.sent)
        return write_request(turn, &turn->control, bytes);
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++) {
        if (turn->connects[i].method && !turn->connects[i].sent)
            return write_request(turn, &turn->connects[i], bytes);
    }
    return 0;
}

uint64_t turn_tcp_wake_us(const struct turn_tcp *turn)
{
    return turn->refresh_at_us ? turn->refresh_at_us : UINT64_MAX;
}

static struct request *find_request(struct turn_tcp *turn, const struct stun_message *message)
{
    uint32_t number;
    if (memcmp(message->transaction_id, turn->id_prefix, sizeof turn->id_prefix) != 0)
        return NULL;
    memcpy(&number, message->transaction_id + sizeof turn->id_prefix, sizeof number);
    if (turn->control.method && turn->control.sent && turn->control.number == number)
        return &turn->control;
    for (size_t i = 0; i < TURN_CONNECTS_MAX; i++) {
        struct request *request = &turn->connects[i];
        if (request->method && request->sent && request->number == number)
            return request;
    }
    return NULL;
}

static void fail(struct turn_tcp *turn, uint16_t error_code, struct turn_event *event)
{
    turn->allocation = FAILED;
    turn->control.method = 0;
    turn->refresh_at_us = 0;
    *event = (struct turn_event){.kind = TURN_FAILED, .error_code = error_code};
}

/* Takes the server's realm and nonce and asks again. False when it has had its chances. */
static bool answer_challenge(struct turn_tcp *turn, struct request *request, const struct stun_message *error)
{
    struct stun_challenge challenge;
    if (turn->user[0] == '\0')
        return false;
    if (++request->challenges > CHALLENGES_MAX || stun_challenge_read(error, &challenge) != 0)
        return false;
    turn->challenge = challenge;
    turn->key = stun_key_long_term(turn->user, &turn->challenge, turn->password);
    ask(turn, request, (enum stun_method)request->method);
    return true;
}

static uint64_t granted_lifetime_us(const struct stun_message *message)
{
    uint32_t lifetime_s;
    if (stun_attribute_u32(message, TURN_LIFETIME, &lifetime_s) != 0)
        lifetime_s = DEFAULT_LIFETIME_S;
    if (lifetime_s < LIFETIME_S_MIN)
        lifetime_s = LIFETIME_S_MIN;
    if (lifetime_s > LIFETIME_S_MAX)
        lifetime_s = LIFETIME_S_MAX;
    return lifetime_s * UINT64_C(1000000);
}

static bool control_succeeded(struct turn_tcp *turn, uint64_t now_us, const struct stun_message *message,
                              struct turn_event *event)
{
    turn->refresh_at_us = now_us + granted_lifetime_us(message) / 2;
    bool was_allocate = turn->control.method == STUN_ALLOCATE;
    turn->control.method = 0;
    if (!was_allocate)
        return false;
    struct turn_event allocated = {.kind = TURN_ALLOCATED};
    if (stun_attribute_xor_address(message, TURN_XOR_RELAYED_ADDRESS, &allocated.address) != 0 ||
        stun_attribute_xor_address(message, STUN_XOR_MAPPED_ADDRESS, &allocated.mapped) != 0 ||
        allocated.address.family != turn->family || allocated.mapped.family != turn->family) {
        fail(turn, 0, event);
        return true;
    }
    turn->allocation = ALLOCATED;
    *event = allocated;
    return true;
}

static bool request_failed(struct turn_tcp *turn, struct request *request, const struct stun_message *message,
                           struct turn_event *event)
{
    uint16_t code = 0;
    if (stun_attribute_error_code(message, &code) != 0)
        code = 0;
    if ((code == UNAUTHORIZED || code == STALE_NONCE) && answer_challenge(turn, request, message))
        return false;
    if (request == &turn->control) {
        fail(turn, code, event);
        return true;
    }
    *event = (struct turn_event){
        .kind = TURN_CONNECT_FAILED, .error_code = code, .token = request->token, .address = request->peer};
    request->method = 0;
    return true;
}

/* Returns whether the message made an event. What answers no request of ours, or is not signed with our key, says
 * nothing. */
static bool take_message(struct turn_tcp *turn, uint64_t now_us, const struct stun_message *message,
                         struct turn_event *event)
{
    struct request *request = find_request(turn, message);
    if (!request || request->method != message->method)
        return false;
    if (message->message_class == STUN_ERROR)
        return request_failed(turn, request, message, event);
    if (message->message_class != STUN_SUCCESS)
        return false;
    bool signed_by_us = turn->challenge.nonce_len > 0;
    if (signed_by_us && stun_check_integrity(message, turn->key.bytes, turn->key.len) != 0)
        return false;
    if (request == &turn->control)
        return control_succeeded(turn, now_us, message, event);
    *event = (struct turn_event){.kind = TURN_CONNECTED, .token = request->token, .address = request->peer};
    request->method = 0;
    return true;
}

/* How many bytes the message that starts in the buffer has; 0 = not known yet, -1 = this is no STUN. */
static int message_bytes(const struct turn_tcp *turn)
{
    if (turn->input_len < STUN_HEADER_BYTES)
        return 0;
    if (!stun_message_is_stun(turn->input, turn->input_len))
        return -1;
    int len = STUN_HEADER_BYTES + (turn->input[2] << 8 | turn->input[3]);
    return len % 4 == 0 && len <= STUN_MESSAGE_BYTES_MAX ? len : -1;
}

/* Moves bytes into the buffer up to `want` in all. */
static size_t fill(struct turn_tcp *turn, size_t want, const uint8_t *bytes, size_t len)
{
    size_t missing = want - turn->input_len;
    size_t take = len < missing ? len : missing;
    memcpy(turn->input + turn->input_len, bytes, take);
    turn->input_len += take;
    return take;
}

size_t turn_tcp_input(struct turn_tcp *turn, uint64_t now_us, const uint8_t *bytes, size_t len, bool *has_event,
                      struct turn_event *event)
{
    *has_event = false;
    if (turn->allocation == FAILED)
        return len;
    size_t taken = 0;
    if (turn->input_len < STUN_HEADER_BYTES)
        taken = fill(turn, STUN_HEADER_BYTES, bytes, len);
    int whole = message_bytes(turn);
    if (whole > 0)
        taken += fill(turn, (size_t)whole, bytes + taken, len - taken);
    if (whole == 0 || (whole > 0 && turn->input_len < (size_t)whole))
        return taken;
    struct stun_message message;
    if (whole < 0 || stun_message_parse(turn->input, turn->input_len, &message) != 0) {
        fail(turn, 0, event);
        *has_event = true;
        return len;
    }
    *has_event = take_message(turn, now_us, &message, event);
    turn->input_len = 0;
    return taken;
}
