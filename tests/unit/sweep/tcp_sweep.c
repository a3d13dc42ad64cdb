#include "sweep/tcp_sweep.h"

#include "stun/attribute.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#define XOR_PEER_ADDRESS 0x0012
#define XOR_RELAYED_ADDRESS 0x0016
#define SECOND UINT64_C(1000000)
#define RTT_US 20000u

static const struct address server_address = {.family = 4, .port = 3478, .ip = {203, 0, 113, 10}};
static const struct address public_address = {.family = 4, .port = 41000, .ip = {203, 0, 113, 2}};
static const struct address relayed = {.family = 4, .port = 50000, .ip = {203, 0, 113, 11}};

/* What the network does with the server's connection to a port. */
enum fate { FORWARDED, FILTERED, REJECTED, ELSEWHERE, DENIED, BANNED_LATER, SHIFTED, LOST_TWICE };

/* What is due later: the arrival of a connection, or an answer over the control connection. */
struct due {
    uint64_t at_us;
    bool arrival;
    uint16_t port;
    size_t len;
    uint8_t bytes[TURN_MESSAGE_BYTES];
};

/* One TURN server, one router and one host. Each Connect meets the fate of its port. */
static struct world {
    struct plan plan;
    struct report *report;
    struct tcp_sweep *sweep;
    uint64_t now_us;
    enum fate fates[65536];
    int connect_error;      /* of the control connection: 0 = it stands, -1 = silence */
    uint16_t allocate_code; /* what the server answers to an authenticated Allocate; 0 = it allocates */
    struct address relay;
    unsigned hang_up_after; /* Connects of one connection; 0 = never */
    unsigned connects, allocations;
    unsigned connects_of[65536];
    bool listening[65536];
    uint16_t held;          /* a port that another program listens at */
    struct path_facts path; /* what the UDP ports found out */
    struct address other;
    enum reason udp_reason; /* of the UDP port, which was judged before */
    struct due queue[512];
    size_t queued;
} world;

static int make_world(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.plan = (struct plan){.family = 4, .live = true, .seed = 42, .user = "1700000000:pbx", .password = "secret"};
    world.relay = relayed;
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    tcp_sweep_destroy(world.sweep);
    report_free(world.report);
    return 0;
}

static void push(uint64_t at_us, bool arrival, uint16_t port, const uint8_t *bytes, size_t len)
{
    assert_true(world.queued < ARRAY_LEN(world.queue));
    struct due *due = &world.queue[world.queued++];
    *due = (struct due){.at_us = at_us, .arrival = arrival, .port = port, .len = len};
    if (len > 0)
        memcpy(due->bytes, bytes, len);
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
        stun_write_xor_address(writer, STUN_XOR_MAPPED_ADDRESS, &public_address);
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
    push(at_us, false, 0, bytes, (size_t)len);
}

static void meet_fate(const struct stun_message *request, uint16_t port)
{
    uint64_t soon = world.now_us + RTT_US;
    world.connects++;
    world.connects_of[port]++;
    switch (world.fates[port]) {
    case SHIFTED: /* nobody listens there, or somebody does */
        push(soon, true, (uint16_t)(port + 1), NULL, 0);
        answer(soon + 1, request, port % 2 == 0 ? 447 : 0);
        break;
    case LOST_TWICE:
        if (world.connects_of[port] > 2)
            push(soon, true, port, NULL, 0);
        break;
    case BANNED_LATER:
        if (world.connects == 1)
            push(soon, true, port, NULL, 0);
        break;
    case FORWARDED:
        push(soon, true, port, NULL, 0);
        answer(soon + 1, request, 0);
        break;
    case FILTERED: answer(world.now_us + 30 * SECOND, request, 447); break;
    case REJECTED: answer(soon, request, 447); break;
    case ELSEWHERE: answer(soon, request, 0); break;
    case DENIED: answer(soon, request, 403); break;
    }
}

static void take_connect(const struct stun_message *request)
{
    struct address peer;
    assert_int_equal(request->method, STUN_CONNECT);
    assert_int_equal(stun_attribute_xor_address(request, XOR_PEER_ADDRESS, &peer), 0);
    assert_true(address_same_ip(&peer, &public_address)); /* never anybody else's */
    if (peer.port == world.held)
        return;
    assert_true(world.plan.live || world.listening[peer.port]);
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
        tcp_sweep_arrived(world.sweep, world.now_us, due.port, &relayed);
    else
        tcp_sweep_control_received(world.sweep, world.now_us, due.bytes, due.len);
}

static void open_control(const struct address *to)
{
    assert_true(address_equal(to, &server_address));
    if (world.connect_error == 0)
        tcp_sweep_control_opened(world.sweep, world.now_us);
    else if (world.connect_error > 0)
        tcp_sweep_control_failed(world.sweep, world.now_us, world.connect_error);
}

static void listen_at(uint16_t port)
{
    static const struct port_owner nginx = {.pid = 80, .name = "nginx"};
    world.listening[port] = port != world.held;
    if (port == world.held)
        tcp_sweep_listen_failed(world.sweep, port, EADDRINUSE, &nginx);
}

static void act(const struct tcp_action *action)
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

static void start(uint16_t first, uint16_t last)
{
    size_t count = (size_t)(last - first) + 1;
    world.report = report_create(count + 1, 0);
    assert_non_null(world.report);
    world.report->ports[0] = (struct port_result){
        .port = 5060, .transport = TRANSPORT_UDP, .verdict = VERDICT_PASS, .reason = (uint8_t)world.udp_reason};
    for (size_t i = 0; i < count; i++)
        world.report->ports[i + 1] = (struct port_result){
            .port = (uint16_t)(first + i), .transport = TRANSPORT_TCP, .expect = EXPECT_OPEN, .rtt_us = RTT_UNKNOWN_US};
    world.report->path = world.path;
    world.report->server_other_address = world.other;
    world.sweep = tcp_sweep_create(&world.plan, &server_address, world.report, world.now_us);
    assert_non_null(world.sweep);
}

static void finish(void)
{
    struct tcp_action action;
    for (int steps = 0; tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE; steps++) {
        assert_true(steps < 1000000);
        act(&action);
    }
    for (unsigned port = 0; port < 65536; port++)
        assert_false(world.listening[port]);
    assert_int_equal(world.report->ports[0].verdict, VERDICT_PASS); /* UDP is none of its business */
}

static void run(uint16_t first, uint16_t last)
{
    start(first, last);
    finish();
}

static const struct port_result *result(uint16_t port)
{
    size_t i = 1;
    while (i < world.report->port_count && world.report->ports[i].port != port)
        i++;
    assert_true(i < world.report->port_count);
    return &world.report->ports[i];
}

static void assert_verdict(uint16_t port, enum verdict verdict, enum reason reason)
{
    assert_string_equal(verdict_word(result(port)->verdict), verdict_word(verdict));
    assert_int_equal(result(port)->reason, reason);
}

static void set_fates(uint16_t first, uint16_t last, enum fate fate)
{
    for (unsigned port = first; port <= last; port++)
        world.fates[port] = fate;
}

static void every_fate_has_its_verdict(void **state)
{
    (void)state;
    world.fates[5061] = FILTERED;
    world.fates[5062] = REJECTED;
    world.fates[5063] = ELSEWHERE;
    world.fates[5064] = DENIED;
    run(5060, 5064);
    assert_verdict(5060, VERDICT_PASS, REASON_NONE);
    assert_verdict(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_verdict(5062, VERDICT_REFUSED, REASON_NONE);
    assert_verdict(5063, VERDICT_WRONG_HOST, REASON_NONE);
    assert_verdict(5064, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_int_equal(result(5060)->inbound, TRI_YES);
    assert_int_equal(result(5060)->rtt_us, RTT_US);
    assert_int_equal(result(5061)->inbound, TRI_NO);
    assert_int_equal(result(5064)->inbound, TRI_UNKNOWN);
    assert_int_equal(world.allocations, 2); /* the failures were confirmed on a second one */
}

static void open_ports_take_a_few_round_trips(void **state)
{
    (void)state;
    run(9000, 9099);
    assert_true(world.now_us < 10 * RTT_US);
    assert_int_equal(world.allocations, 1);
}

static void filtered_ports_share_one_deadline(void **state)
{
    (void)state;
    set_fates(9000, 9099, FILTERED);
    run(9000, 9099);
    assert_true(world.now_us < 4 * SECOND);
    assert_verdict(9050, VERDICT_CLOSED, REASON_TIMEOUT);
}

static void more_ports_than_a_server_bears_at_once_wait_their_turn(void **state)
{
    (void)state;
    set_fates(9000, 9399, FILTERED);
    run(9000, 9400);
    for (uint16_t port = 9000; port < 9400; port++)
        assert_verdict(port, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_verdict(9400, VERDICT_PASS, REASON_NONE);
}

static void a_router_that_bans_the_server_is_no_closed_port(void **state)
{
    (void)state;
    set_fates(9000, 9009, BANNED_LATER);
    run(9000, 9009);
    unsigned passed = 0;
    for (uint16_t port = 9000; port < 9010; port++) {
        passed += result(port)->verdict == VERDICT_PASS;
        if (result(port)->verdict != VERDICT_PASS)
            assert_verdict(port, VERDICT_INCONCLUSIVE, REASON_SCAN_PROTECTION);
    }
    assert_int_equal(passed, 1);
    assert_string_equal(world.report->warnings[0].code, "scan_protection");
}

static void a_forward_to_the_next_port_passes_none(void **state)
{
    (void)state;
    set_fates(5060, 5062, SHIFTED);
    world.fates[5070] = FORWARDED;
    set_fates(5063, 5069, FILTERED);
    run(5060, 5070);
    for (uint16_t port = 5060; port < 5070; port++)
        assert_verdict(port, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_verdict(5070, VERDICT_PASS, REASON_NONE);
    assert_string_equal(world.report->warnings[0].code, "other_port");
}

/* The neighbour's number in one forward, and no forward for the neighbour. */
static void a_port_that_only_another_s_forward_reaches_does_not_pass(void **state)
{
    (void)state;
    world.fates[5060] = SHIFTED;
    world.fates[5061] = FILTERED;
    run(5060, 5065);
    assert_verdict(5060, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_verdict(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    for (uint16_t port = 5062; port < 5066; port++)
        assert_verdict(port, VERDICT_PASS, REASON_NONE);
}

static void without_raw_sockets_such_a_port_does_not_pass_either(void **state)
{
    (void)state;
    world.plan.live = false;
    set_fates(5060, 5062, SHIFTED);
    run(5060, 5062);
    for (uint16_t port = 5060; port < 5063; port++)
        assert_int_not_equal(result(port)->verdict, VERDICT_PASS);
}

static void on_a_line_that_loses_packets_silence_is_asked_again(void **state)
{
    (void)state;
    world.path.sends_needed = 8;
    world.fates[5060] = LOST_TWICE;
    world.fates[5061] = FILTERED;
    run(5060, 5062);
    assert_verdict(5060, VERDICT_PASS, REASON_NONE);
    assert_verdict(5061, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_int_equal(world.connects_of[5061], 3);
}

static void on_a_line_that_loses_too_much_silence_says_nothing(void **state)
{
    (void)state;
    world.path = (struct path_facts){.sends_needed = 12, .loss_too_high = true};
    world.fates[5060] = FILTERED;
    world.fates[5061] = REJECTED;
    run(5060, 5062);
    assert_verdict(5060, VERDICT_INCONCLUSIVE, REASON_LOSS);
    assert_verdict(5061, VERDICT_REFUSED, REASON_NONE);
}

static void a_relay_that_was_never_heard_closes_no_port(void **state)
{
    (void)state;
    world.other = relayed;
    world.path.second_heard = TRI_NO;
    world.fates[5060] = FILTERED;
    world.fates[5061] = REJECTED;
    run(5060, 5061);
    assert_verdict(5060, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_verdict(5061, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    end_world(state);
    make_world(state);
    world.other = relayed;
    world.path.second_heard = TRI_NO;
    world.fates[5060] = FILTERED;
    run(5060, 5061);
    assert_verdict(5060, VERDICT_CLOSED, REASON_TIMEOUT);
}

static void what_blocked_the_udp_ports_is_no_closed_tcp_port(void **state)
{
    static const enum reason reasons[] = {REASON_SCAN_PROTECTION, REASON_TABLE_FULL};
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
        world.fates[9001] = FILTERED;
        world.fates[9002] = REJECTED;
        world.fates[9003] = ELSEWHERE;
        world.udp_reason = reasons[i];
        run(9000, 9003);
        assert_verdict(9000, VERDICT_PASS, REASON_NONE);
        assert_verdict(9001, VERDICT_INCONCLUSIVE, reasons[i]);
        assert_verdict(9002, VERDICT_INCONCLUSIVE, reasons[i]);
        assert_verdict(9003, VERDICT_WRONG_HOST, REASON_NONE);
        assert_int_equal(result(9001)->inbound, TRI_UNKNOWN);
        end_world(state);
        make_world(state);
    }
}

/* A table that the UDP ports filled has no room for the connection to the server either; who is turned away is not
 * waiting for room. */
static void a_full_table_is_no_unreachable_server(void **state)
{
    world.udp_reason = REASON_TABLE_FULL;
    world.connect_error = ETIMEDOUT;
    run(5060, 5061);
    assert_verdict(5060, VERDICT_INCONCLUSIVE, REASON_TABLE_FULL);
    assert_int_equal(result(5060)->reached, TRI_UNKNOWN);
    end_world(state);
    make_world(state);
    world.connect_error = ECONNREFUSED;
    run(5060, 5061);
    assert_verdict(5060, VERDICT_UNREACHABLE, REASON_PORT_UNREACHABLE);
}

static void a_server_that_cannot_be_reached_is_said_with_its_reason(void **state)
{
    static const struct {
        int error;
        enum reason reason;
    } cases[] = {{ECONNREFUSED, REASON_PORT_UNREACHABLE},
                 {EHOSTUNREACH, REASON_ADMIN_PROHIBITED},
                 {ENETUNREACH, REASON_NO_ROUTE},
                 {ETIMEDOUT, REASON_TIMEOUT},
                 {-1, REASON_TIMEOUT}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        world.connect_error = cases[i].error;
        run(5060, 5061);
        assert_verdict(5060, VERDICT_UNREACHABLE, cases[i].reason);
        assert_int_equal(result(5060)->reached, TRI_NO);
        assert_false(tcp_sweep_answered(world.sweep));
        end_world(state);
        make_world(state);
    }
    run(5060, 5060);
}

static void a_server_that_gives_no_relay_fails_no_port(void **state)
{
    static const uint16_t codes[] = {400, 403, 437, 442, 486, 508};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        world.allocate_code = codes[i];
        run(5060, 5061);
        assert_verdict(5060, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
        assert_string_equal(world.report->warnings[0].code, "no_relay");
        assert_true(tcp_sweep_answered(world.sweep));
        end_world(state);
        make_world(state);
    }
    world.relay = (struct address){.family = 4, .port = 50000, .ip = {10, 0, 0, 1}};
    run(5060, 5061);
    assert_verdict(5060, VERDICT_NO_SECOND_ADDRESS, REASON_NONE);
}

static void refused_credentials_test_nothing(void **state)
{
    static const char *const passwords[] = {"wrong", ""};
    for (size_t i = 0; i < ARRAY_LEN(passwords); i++) {
        strcpy(world.plan.password, passwords[i]);
        world.plan.user[i == 0 ? 1 : 0] = '\0';
        run(5060, 5061);
        assert_verdict(5060, VERDICT_NOT_TESTED, REASON_NO_TURN_CREDENTIALS);
        assert_string_equal(world.report->warnings[0].code, "turn_unauthorized");
        assert_true(tcp_sweep_answered(world.sweep));
        end_world(state);
        make_world(state);
    }
    run(5060, 5060);
}

static void a_server_that_hangs_up_is_asked_again_and_then_blamed_itself(void **state)
{
    (void)state;
    set_fates(9000, 9019, FILTERED);
    world.hang_up_after = 10;
    run(9000, 9019);
    for (uint16_t port = 9000; port < 9020; port++)
        assert_verdict(port, VERDICT_INCONCLUSIVE, REASON_SERVER_FAULT);
    assert_int_equal(world.allocations, 3);
}

static void without_raw_sockets_free_ports_are_listened_at_and_held_ones_named(void **state)
{
    (void)state;
    world.plan.live = false;
    world.held = 5061;
    world.fates[5062] = FILTERED;
    run(5060, 5062);
    assert_verdict(5060, VERDICT_PASS, REASON_NONE);
    assert_verdict(5061, VERDICT_IN_USE, REASON_NONE);
    assert_verdict(5062, VERDICT_CLOSED, REASON_TIMEOUT);
    assert_int_equal(result(5061)->owner->pid, 80);
    assert_string_equal(result(5061)->owner->name, "nginx");
}

static void a_strangers_connection_is_no_pass(void **state)
{
    (void)state;
    static const struct address stranger = {.family = 4, .port = 50000, .ip = {198, 51, 100, 1}};
    struct tcp_action action;
    world.fates[5060] = FILTERED;
    start(5060, 5060);
    while (tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE) {
        tcp_sweep_arrived(world.sweep, world.now_us, 5060, &stranger);
        tcp_sweep_arrived(world.sweep, world.now_us, 5061, &relayed);
        act(&action);
    }
    assert_verdict(5060, VERDICT_CLOSED, REASON_TIMEOUT);
}

static void cancelled_ports_are_not_tested(void **state)
{
    (void)state;
    struct tcp_action action;
    set_fates(9001, 9019, FILTERED);
    start(9000, 9019);
    while (result(9000)->verdict != VERDICT_PASS) {
        assert_int_not_equal(tcp_sweep_next(world.sweep, world.now_us, &action), TCP_DONE);
        act(&action);
    }
    tcp_sweep_cancel(world.sweep, world.now_us);
    while (tcp_sweep_next(world.sweep, world.now_us, &action) != TCP_DONE)
        assert_int_equal(action.kind, TCP_CONTROL_CLOSE);
    assert_verdict(9000, VERDICT_PASS, REASON_NONE);
    assert_verdict(9001, VERDICT_NOT_TESTED, REASON_CANCELLED);
}

/* Steps until one port passed and one failed, all that is judged before a new allocation confirms it. */
static void run_into_a_failure(void)
{
    struct tcp_action action;
    world.plan.live = false;
    world.plan.pace_pps = 1;
    world.fates[9001] = REJECTED;
    world.fates[9002] = REJECTED;
    start(9000, 9005);
    while (result(9000)->verdict != VERDICT_PASS || result(9001)->verdict != VERDICT_REFUSED ||
           result(9002)->verdict != VERDICT_REFUSED) {
        assert_int_not_equal(tcp_sweep_next(world.sweep, world.now_us, &action), TCP_DONE);
        act(&action);
    }
    assert_int_equal(world.allocations, 1);
}

static void a_failure_is_not_believed_when_the_sweep_ends_before_its_time(void **state)
{
    (void)state;
    run_into_a_failure();
    tcp_sweep_fail(world.sweep);
    finish();
    assert_verdict(9000, VERDICT_PASS, REASON_NONE);
    assert_verdict(9001, VERDICT_INCONCLUSIVE, REASON_LOCAL_ERROR);
    assert_int_equal(result(9001)->inbound, TRI_UNKNOWN);
    end_world(state);
    make_world(state);
    run_into_a_failure();
    tcp_sweep_cancel(world.sweep, world.now_us);
    finish();
    assert_verdict(9002, VERDICT_INCONCLUSIVE, REASON_CANCELLED);
}

static void a_confirmed_failure_stays_when_the_sweep_fails_after_its_end(void **state)
{
    (void)state;
    world.fates[5061] = REJECTED;
    run(5060, 5061);
    tcp_sweep_fail(world.sweep);
    assert_verdict(5061, VERDICT_REFUSED, REASON_NONE);
}

static void at_the_deadline_all_ports_are_left_and_no_failure_is_believed(void **state)
{
    (void)state;
    world.plan.live = false;
    world.plan.pace_pps = 10;
    world.plan.ports_until_us = 5 * SECOND + 1;
    set_fates(9001, 9099, FILTERED);
    set_fates(9050, 9099, REJECTED);
    run(9000, 9099);
    assert_int_equal(world.now_us, world.plan.ports_until_us);
    unsigned untested = 0;
    for (uint16_t port = 9001; port < 9100; port++) {
        untested += result(port)->verdict == VERDICT_NOT_TESTED;
        if (result(port)->verdict != VERDICT_NOT_TESTED)
            assert_verdict(port, VERDICT_INCONCLUSIVE, REASON_NEVER_REACHED);
        assert_int_equal(result(port)->inbound, TRI_UNKNOWN);
    }
    assert_in_range(untested, 50, 98);
}

static void after_the_deadline_no_port_is_listened_at_but_the_server_is_asked(void **state)
{
    (void)state;
    world.now_us = 2 * SECOND;
    world.plan.live = false;
    world.plan.ports_until_us = 1 * SECOND;
    run(5060, 5061);
    assert_verdict(5060, VERDICT_NOT_TESTED, REASON_NEVER_REACHED);
    assert_int_equal(world.connects, 0);
    assert_false(tcp_sweep_answered(world.sweep));
    tcp_sweep_destroy(world.sweep);
    world.report->port_count = 1;
    world.sweep = tcp_sweep_create(&world.plan, &server_address, world.report, world.now_us);
    finish();
    assert_true(tcp_sweep_answered(world.sweep));
}

static void the_pace_holds(void **state)
{
    (void)state;
    world.plan.pace_pps = 10;
    run(9000, 9019);
    assert_true(world.now_us >= 19 * SECOND / 10);
    assert_true(world.now_us < 3 * SECOND);
}

#define in_world(function) cmocka_unit_test_setup_teardown(function, make_world, end_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_world(every_fate_has_its_verdict),
        in_world(open_ports_take_a_few_round_trips),
        in_world(filtered_ports_share_one_deadline),
        in_world(more_ports_than_a_server_bears_at_once_wait_their_turn),
        in_world(a_router_that_bans_the_server_is_no_closed_port),
        in_world(a_forward_to_the_next_port_passes_none),
        in_world(a_port_that_only_another_s_forward_reaches_does_not_pass),
        in_world(without_raw_sockets_such_a_port_does_not_pass_either),
        in_world(on_a_line_that_loses_packets_silence_is_asked_again),
        in_world(on_a_line_that_loses_too_much_silence_says_nothing),
        in_world(a_relay_that_was_never_heard_closes_no_port),
        in_world(what_blocked_the_udp_ports_is_no_closed_tcp_port),
        in_world(a_full_table_is_no_unreachable_server),
        in_world(a_server_that_cannot_be_reached_is_said_with_its_reason),
        in_world(a_server_that_gives_no_relay_fails_no_port),
        in_world(refused_credentials_test_nothing),
        in_world(a_server_that_hangs_up_is_asked_again_and_then_blamed_itself),
        in_world(without_raw_sockets_free_ports_are_listened_at_and_held_ones_named),
        in_world(a_strangers_connection_is_no_pass),
        in_world(cancelled_ports_are_not_tested),
        in_world(a_failure_is_not_believed_when_the_sweep_ends_before_its_time),
        in_world(a_confirmed_failure_stays_when_the_sweep_fails_after_its_end),
        in_world(at_the_deadline_all_ports_are_left_and_no_failure_is_believed),
        in_world(after_the_deadline_no_port_is_listened_at_but_the_server_is_asked),
        in_world(the_pace_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
