#include "world.h"

#include "stun/attribute.h"

#include <errno.h>
#include <string.h>

#define XOR_PEER_ADDRESS 0x0012
#define XOR_RELAYED_ADDRESS 0x0016

struct world world;
const struct address world_server = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
const struct address world_relay = {.family = 4, .port = 50000, .ip = {203, 0, 113, 11}};
const struct address world_site = {.family = 4, .port = 41000, .ip = {203, 0, 113, 2}};

int world_begin(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.plan = (struct plan){.family = 4, .live = true, .seed = 42, .user = "1700000000:pbx", .password = "secret"};
    world.relay = world_relay;
    world.mapped = world_site;
    return 0;
}

int world_end(void **state)
{
    (void)state;
    tcp_sweep_destroy(world.sweep);
    report_free(world.report);
    return 0;
}

static struct due *push(uint64_t at_us)
{
    assert_true(world.queued < ARRAY_LEN(world.queue));
    struct due *due = &world.queue[world.queued++];
    *due = (struct due){.at_us = at_us};
    return due;
}

static void push_arrival(uint64_t at_us, const struct address *from, uint16_t port)
{
    struct due *due = push(at_us);
    due->arrival = true;
    due->from = *from;
    due->port = port;
}

static struct stun_key server_key(void)
{
    struct stun_challenge challenge = {.realm_len = 1, .nonce_len = 1, .realm = "r", .nonce = "n"};
    return stun_key_long_term("1700000000:pbx", &challenge, "secret");
}

static void write_body(struct stun_writer *writer, uint16_t method, uint16_t code)
{
    struct stun_key key = server_key();
    if (code)
        stun_write_error_code(writer, code, "");
    if (code == 401) {
        stun_writer_attribute(writer, STUN_REALM, "r", 1);
        stun_writer_attribute(writer, STUN_NONCE, "n", 1);
        return;
    }
    if (!code && method == STUN_ALLOCATE) {
        stun_write_xor_address(writer, XOR_RELAYED_ADDRESS, &world.relay);
        stun_write_xor_address(writer, STUN_XOR_MAPPED_ADDRESS, &world.mapped);
    }
    stun_write_integrity(writer, key.bytes, key.len);
}

static void answer(uint64_t at_us, const struct stun_message *request, uint16_t code)
{
    uint8_t bytes[TURN_MESSAGE_BYTES];
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, sizeof bytes, code ? STUN_ERROR : STUN_SUCCESS, (enum stun_method)request->method,
                      request->transaction_id);
    write_body(&writer, request->method, code);
    int len = stun_writer_finish(&writer);
    assert_true(len > 0);
    struct due *due = push(at_us);
    due->len = (size_t)len;
    memcpy(due->bytes, bytes, due->len);
}

static void meet_fate(const struct stun_message *request, uint16_t port)
{
    uint64_t soon;
    if (world.busy_until_us < world.now_us)
        world.busy_until_us = world.now_us;
    world.busy_until_us += world.serial_us;
    soon = world.busy_until_us + RTT_US;
    world.connects++;
    world.connects_of[port]++;
    switch (world.fates[port]) {
    case SHIFTED: /* nobody listens there, or somebody does */
        push_arrival(soon, &world_relay, (uint16_t)(port + 1));
        answer(soon + 1, request, port % 2 == 0 ? 447 : 0);
        break;
    case LOST_ONCE: /* the server's kernel repeats it */
        push_arrival(soon + (world.connects_of[port] == 1 ? SECOND : 0), &world_relay, port);
        break;
    case LOST_TWICE:
        if (world.connects_of[port] > 2)
            push_arrival(soon, &world_relay, port);
        break;
    case BANNED_LATER:
        if (world.connects == 1)
            push_arrival(soon, &world_relay, port);
        break;
    case FORWARDED:
        push_arrival(soon, &world_relay, port);
        answer(soon + 1, request, 0);
        break;
    case FILTERED: answer(world.now_us + 30 * SECOND, request, 447); break;
    case VISITED_LATER:
    case VISITED: /* whether a program listens, none does, or nobody says anything */
        push_arrival(soon, world.fates[port] == VISITED || world.connects_of[port] > 1 ? &world.visitor : &world_relay,
                     port);
        if (port % 3 != 2)
            answer(soon + 1, request, port % 3 == 0 ? 0 : 447);
        break;
    case REJECTED: answer(soon, request, 447); break;
    case ELSEWHERE: answer(soon, request, 0); break;
    case DENIED: answer(soon, request, 403); break;
    }
}

static bool is_held(uint16_t port)
{
    return port == world.held && world.allocations >= world.held_after;
}

static void take_connect(const struct stun_message *request)
{
    struct address peer;
    assert_int_equal(request->method, STUN_CONNECT);
    assert_int_equal(stun_attribute_xor_address(request, XOR_PEER_ADDRESS, &peer), 0);
    assert_true(address_same_ip(&peer, &world.mapped)); /* never anybody else's */
    if (is_held(peer.port))
        return;
    assert_true(world.plan.live || world.listening[peer.port] || world.unlistened);
    meet_fate(request, peer.port);
}

static void hang_up(void)
{
    world.queued = 0;
    tcp_sweep_control_failed(world.sweep, world.now_us, 0);
}

static void take_request(const uint8_t *bytes, size_t len)
{
    struct stun_message request;
    struct stun_key key = server_key();
    assert_int_equal(stun_message_parse(bytes, len, &request), 0);
    if (stun_check_integrity(&request, key.bytes, key.len) != 0) {
        answer(world.now_us + RTT_US, &request, 401);
    } else if (request.method == STUN_ALLOCATE) {
        world.allocations++;
        answer(world.now_us + RTT_US, &request, world.allocate_code);
    } else if (request.method == STUN_REFRESH) {
        uint64_t free_us = world.busy_until_us > world.now_us ? world.busy_until_us : world.now_us;
        if (!world.deaf)
            answer(free_us + RTT_US, &request, 0);
    } else {
        take_connect(&request);
        if (world.hang_up_after > 0 && world.connects % world.hang_up_after == 0)
            hang_up();
    }
}

/* Time goes on to the next event, or to when the sweep wants to wake. */
static void pass_time(uint64_t wake_us)
{
    size_t next = world.queued;
    for (size_t i = 0; i < world.queued; i++)
        if (next == world.queued || world.queue[i].at_us < world.queue[next].at_us)
            next = i;
    if (next == world.queued || world.queue[next].at_us > wake_us) {
        assert_true(wake_us != UINT64_MAX); /* it would wait for ever */
        world.now_us = wake_us;
        return;
    }
    struct due due = world.queue[next];
    world.queue[next] = world.queue[--world.queued];
    world.now_us = due.at_us;
    if (due.arrival)
        tcp_sweep_arrived(world.sweep, world.now_us, due.port, &due.from);
    else
        tcp_sweep_control_received(world.sweep, world.now_us, due.bytes, due.len);
}

static void open_control(const struct address *to)
{
    assert_true(address_equal(to, &world_server));
    if (world.connect_error == 0)
        tcp_sweep_control_opened(world.sweep, world.now_us);
    else if (world.connect_error > 0)
        tcp_sweep_control_failed(world.sweep, world.now_us, world.connect_error);
}

static void listen_at(uint16_t port)
{
    static const struct port_owner nginx = {.pid = 80, .name = "nginx"};
    world.listening[port] = !is_held(port);
    if (is_held(port))
        tcp_sweep_listen_failed(world.sweep, port, EADDRINUSE, &nginx);
}

void world_act(const struct tcp_action *action)
{
    switch (action->kind) {
    case TCP_CONTROL_OPEN: open_control(&action->address); break;
    case TCP_CONTROL_SEND: take_request(action->bytes, action->len); break;
    case TCP_CONTROL_CLOSE: world.queued = 0; break;
    case TCP_LISTEN: listen_at(action->port); break;
    case TCP_UNLISTEN: world.listening[action->port] = false; break;
    case TCP_WAIT: pass_time(action->wake_us); break;
    case TCP_DONE: break;
    }
}

void world_start(uint16_t first, uint16_t last)
{
    size_t count = (size_t)(last - first) + 1;
    world.report = report_create(count + 1, 0);
    assert_non_null(world.report);
    world.report->ports[0] = (struct port_result){.port = 5060,
                                                  .transport = TRANSPORT_UDP,
                                                  .verdict = VERDICT_PASS,
                                                  .reason = (uint8_t)world.udp_reason,
                                                  .mapped = world.udp_mapped};
    for (size_t i = 0; i < count; i++)
        world.report->ports[i + 1] = (struct port_result){
            .port = (uint16_t)(first + i), .transport = TRANSPORT_TCP, .expect = EXPECT_OPEN, .rtt_us = RTT_UNKNOWN_US};
    world.report->path = world.path;
    world.report->server_other_address = world.other;
    world.report->public_address = world.public;
    world.report->local_address = world.local;
    world.sweep = tcp_sweep_create(&world.plan, &world_server, world.report, world.now_us);
    assert_non_null(world.sweep);
}

void world_finish(void)
{
    struct tcp_action action;
    for (int steps = 0; tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE; steps++) {
        assert_true(steps < 1000000);
        world_act(&action);
    }
    for (unsigned port = 0; port < 65536; port++)
        assert_false(world.listening[port]);
    assert_int_equal(world.report->ports[0].verdict, VERDICT_PASS); /* UDP is none of its business */
}

void world_sweep(uint16_t first, uint16_t last)
{
    world_start(first, last);
    world_finish();
}

const struct port_result *world_result(uint16_t port)
{
    size_t i = 1;
    while (i < world.report->port_count && world.report->ports[i].port != port)
        i++;
    assert_true(i < world.report->port_count);
    return &world.report->ports[i];
}

void world_expect(uint16_t port, enum verdict verdict, enum reason reason)
{
    assert_string_equal(verdict_word(world_result(port)->verdict), verdict_word(verdict));
    assert_int_equal(world_result(port)->reason, reason);
}

void world_set_fates(uint16_t first, uint16_t last, enum fate fate)
{
    for (unsigned port = first; port <= last; port++)
        world.fates[port] = fate;
}
