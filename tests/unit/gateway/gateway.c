/* The gateway as a whole, with real libzmq: agents are DEALERs of this test, control and store are the test itself. */
#include "gateway/gateway.h"
#include "gateway/peers.h"

#include "base/log.h"
#include "base/zsocket.h"
#include "exchange/delivery.h"
#include "exchange/notice.h"
#include "exchange/order.h"
#include "proto/wire.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

#include <cmocka.h>

#define PATIENCE_MS 10000

static const struct zsocket_limits agent_limits = {
    .high_water_mark = 1000, .max_message_bytes = WIRE_FRAME_BYTES_MAX, .linger_ms = 0};

struct bed {
    void *context, *agents_context;
    struct mailbox_pair *control_pair, *store_pair;
    struct mailbox *control, *store; /* the ends of this test */
    struct mailbox *gateway_stores[1];
    struct curve_key_pair server, agent, other;
    struct gateway *gateway;
    struct gateway_config config;
    pthread_t thread;
    size_t left; /* reports that the gateway still missed at its end */
    int stop_fd;
    void *dealers[8]; /* of the test's agents, closed at its end */
    size_t dealer_count;
};

static void *run_gateway(void *argument)
{
    struct bed *bed = argument;
    bed->left = gateway_run(bed->gateway);
    return NULL;
}

static struct bed *bed_create(uint64_t queue_bytes, uint32_t heartbeat_ms)
{
    log_set_level(LOG_LEVEL_ERROR);
    struct bed *bed = calloc(1, sizeof(*bed));
    bed->context = zmq_ctx_new();
    bed->agents_context = zmq_ctx_new();
    bed->control_pair = mailbox_pair_create(bed->context, "control");
    bed->store_pair = mailbox_pair_create(bed->context, "store");
    bed->control = mailbox_end(bed->control_pair, 1);
    bed->store = mailbox_end(bed->store_pair, 1);
    bed->gateway_stores[0] = mailbox_end(bed->store_pair, 0);
    bed->stop_fd = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(curve_key_generate(&bed->server), 0);
    assert_int_equal(curve_key_generate(&bed->agent), 0);
    assert_int_equal(curve_key_generate(&bed->other), 0);
    bed->config = (struct gateway_config){.listen = "tcp://127.0.0.1:*",
                                          .listen_enroll = "tcp://127.0.0.1:*",
                                          .server = &bed->server,
                                          .heartbeat_ms = heartbeat_ms,
                                          .heartbeat_misses = 4,
                                          .queue_bytes = queue_bytes,
                                          .enroll_source_per_minute = 3,
                                          .enroll_total_per_minute = 100,
                                          .drain_ms = PATIENCE_MS,
                                          .control = mailbox_end(bed->control_pair, 0),
                                          .stores = bed->gateway_stores,
                                          .store_count = 1,
                                          .stop_fd = bed->stop_fd};
    char message[GATEWAY_MESSAGE_BYTES] = "";
    bed->gateway = gateway_create(bed->context, &bed->config, message);
    assert_string_equal(message, "");
    assert_non_null(bed->gateway);
    assert_int_equal(pthread_create(&bed->thread, NULL, run_gateway, bed), 0);
    return bed;
}

static int set_up(void **state)
{
    *state = bed_create(1 << 20, 60000);
    return 0;
}

/* Returns how many reports the gateway still missed. */
static size_t stop(struct bed *bed)
{
    assert_int_equal(eventfd_write(bed->stop_fd, 1), 0);
    assert_int_equal(pthread_join(bed->thread, NULL), 0);
    bed->thread = 0;
    return bed->left;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    for (size_t i = 0; i < bed->dealer_count; i++)
        zmq_close(bed->dealers[i]);
    if (bed->thread)
        (void)stop(bed);
    gateway_destroy(bed->gateway);
    mailbox_pair_destroy(bed->control_pair, order_free, notice_free);
    mailbox_pair_destroy(bed->store_pair, delivery_free, delivery_free);
    zmq_ctx_term(bed->agents_context);
    zmq_ctx_term(bed->context);
    close(bed->stop_fd);
    free(bed);
    return 0;
}

/* What control does first: agent 1 of site 11 has key `agent`, agent 2 of site 12 has key `other`. */
static void order_keys(struct bed *bed, enum agent_state agent, enum agent_state other)
{
    struct order *order = order_create(ORDER_KEYRING);
    order->keys = calloc(2, sizeof(*order->keys));
    order->key_count = 2;
    order->keys[0] = (struct agent_key){.agent_id = 1, .site_id = 11, .state = agent, .site = "north"};
    order->keys[1] = (struct agent_key){.agent_id = 2, .site_id = 12, .state = other, .site = "south"};
    memcpy(order->keys[0].public_key, bed->agent.public_key, CURVE_KEY_BYTES);
    memcpy(order->keys[1].public_key, bed->other.public_key, CURVE_KEY_BYTES);
    assert_int_equal(mailbox_send(bed->control, order), 0);
}

static void *wait_for(struct mailbox *mailbox, int patience_ms)
{
    zmq_pollitem_t item = {.socket = mailbox_socket(mailbox), .events = ZMQ_POLLIN};
    (void)zmq_poll(&item, 1, patience_ms);
    return mailbox_receive(mailbox);
}

static struct notice *expect_notice(struct bed *bed, enum notice_kind kind)
{
    struct notice *notice = wait_for(bed->control, PATIENCE_MS);
    assert_non_null(notice);
    assert_int_equal(notice->kind, kind);
    return notice;
}

static void *make_dealer(struct bed *bed, const struct curve_key_pair *key)
{
    assert_true(bed->dealer_count < sizeof(bed->dealers) / sizeof(bed->dealers[0]));
    void *dealer = zsocket_curve_dealer(bed->agents_context, key, bed->server.public_key, &agent_limits);
    assert_non_null(dealer);
    bed->dealers[bed->dealer_count++] = dealer;
    return dealer;
}

static void hang_up_last(struct bed *bed)
{
    zmq_close(bed->dealers[--bed->dealer_count]);
}

/* Keys that the gateway knows for sure before anybody connects: orders are carried out in turn. */
static void know_keys(struct bed *bed, enum agent_state agent, enum agent_state other)
{
    order_keys(bed, agent, other);
    struct order *order = order_create(ORDER_SEND);
    *order = (struct order){.kind = ORDER_SEND, .agent_id = 99, .sweep_id = 1};
    assert_int_equal(mailbox_send(bed->control, order), 0);
    notice_free(expect_notice(bed, NOTICE_UNDELIVERED));
}

static void *connect_agent(struct bed *bed, const struct curve_key_pair *key, const char *endpoint)
{
    void *dealer = make_dealer(bed, key);
    int reconnect_ms = 10; /* the tests do not have a session that tries again */
    assert_int_equal(zmq_setsockopt(dealer, ZMQ_RECONNECT_IVL, &reconnect_ms, sizeof(reconnect_ms)), 0);
    assert_int_equal(zmq_connect(dealer, endpoint), 0);
    return dealer;
}

static void send_envelope(void *dealer, Envelope *envelope)
{
    uint8_t *frame;
    size_t len;
    assert_int_equal(wire_encode(envelope, &frame, &len), 0);
    int timeout_ms = PATIENCE_MS;
    (void)zmq_setsockopt(dealer, ZMQ_SNDTIMEO, &timeout_ms, sizeof(timeout_ms));
    assert_int_equal(zmq_send(dealer, frame, len, 0), len);
    free(frame);
}

static void send_hello(void *dealer, uint64_t instance)
{
    Natsweep__Hello hello = NATSWEEP__HELLO__INIT;
    hello.instance = instance;
    hello.hostname = (char[]){"pbx"};
    hello.agent_version = (char[]){"0.1.0"};
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HELLO;
    envelope.hello = &hello;
    send_envelope(dealer, &envelope);
}

static void send_heartbeat(void *dealer)
{
    Natsweep__Heartbeat heartbeat = NATSWEEP__HEARTBEAT__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HEARTBEAT;
    envelope.heartbeat = &heartbeat;
    send_envelope(dealer, &envelope);
}

/* A report of one port, sent as the agent makes it. */
static void send_report(void *dealer, uint64_t sweep_id)
{
    struct report *report = report_create(1, 0);
    report->outcome = OUTCOME_SUPPORTED;
    report->family = 4;
    report->started_at_us = 1;
    report->nat.nat_class = NAT_CLASS_UNKNOWN;
    report->nat.mapping = report->nat.filtering = BEHAVIOUR_UNKNOWN;
    report->nat.binding_lifetime_s = -1;
    report->ports[0] = (struct port_result){.port = 5060,
                                            .transport = TRANSPORT_UDP,
                                            .role = ROLE_SIP,
                                            .expect = EXPECT_OPEN,
                                            .verdict = VERDICT_PASS,
                                            .rtt_us = RTT_UNKNOWN_US};
    uint8_t *frame;
    size_t len;
    assert_int_equal(wire_encode_report_batch(report, sweep_id, 1000, 0, &frame, &len), 0);
    assert_int_equal(zmq_send(dealer, frame, len, 0), len);
    free(frame);
    report_free(report);
}

static Envelope *receive_within(void *dealer, int patience_ms)
{
    zmq_pollitem_t item = {.socket = dealer, .events = ZMQ_POLLIN};
    if (zmq_poll(&item, 1, patience_ms) != 1)
        return NULL;
    uint8_t frame[4096];
    int len = zmq_recv(dealer, frame, sizeof(frame), 0);
    assert_true(len > 0);
    Envelope *envelope;
    assert_int_equal(wire_decode(frame, (size_t)len, &envelope), 0);
    return envelope;
}

static void expect_welcome(void *dealer, Natsweep__Welcome__Status status)
{
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_non_null(envelope);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_WELCOME);
    assert_int_equal(envelope->welcome->status, status);
    wire_free(envelope);
}

static void expect_body(void *dealer, int body)
{
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_non_null(envelope);
    assert_int_equal(envelope->body_case, body);
    wire_free(envelope);
}

/* A connected agent whose hello has reached control. */
static void *greeted_agent(struct bed *bed, const struct curve_key_pair *key, uint64_t instance)
{
    void *dealer = connect_agent(bed, key, gateway_endpoint(bed->gateway));
    send_hello(dealer, instance);
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__WELCOME);
    notice_free(expect_notice(bed, NOTICE_MESSAGE));
    return dealer;
}

static void a_known_key_is_welcomed(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = connect_agent(bed, &bed->agent, gateway_endpoint(bed->gateway));
    send_hello(dealer, 7);
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_int_equal(envelope->welcome->status, NATSWEEP__WELCOME__STATUS__WELCOME);
    assert_string_equal(envelope->welcome->site, "north");
    assert_int_equal(envelope->welcome->heartbeat_ms, 60000);
    wire_free(envelope);
    struct notice *notice = expect_notice(bed, NOTICE_MESSAGE);
    assert_int_equal(notice->agent_id, 1);
    assert_int_equal(notice->site_id, 11);
    assert_int_equal(notice->envelope->hello->instance, 7);
    assert_string_equal(notice->address, "127.0.0.1");
    notice_free(notice);
}

/* Counts the handshakes that fail for want of authority. */
static void a_random_key_is_refused(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = make_dealer(bed, &stranger);
    void *monitor = zmq_socket(bed->agents_context, ZMQ_PAIR);
    assert_int_equal(
        zmq_socket_monitor(dealer, "inproc://monitor", ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_SUCCEEDED),
        0);
    assert_int_equal(zmq_connect(monitor, "inproc://monitor"), 0);
    assert_int_equal(zmq_connect(dealer, gateway_endpoint(bed->gateway)), 0);
    uint8_t frame[6];
    uint16_t event;
    assert_int_equal(zmq_recv(monitor, frame, sizeof(frame), 0), 6);
    memcpy(&event, frame, sizeof(event));
    assert_int_equal(event, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    zmq_close(monitor);
}

static void a_pending_agent_is_told_to_wait(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_PENDING, AGENT_ACTIVE);
    void *dealer = connect_agent(bed, &bed->agent, gateway_endpoint(bed->gateway));
    send_hello(dealer, 7);
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__PENDING);
    send_report(dealer, 5);
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__PENDING);
    assert_null(wait_for(bed->store, 0));
}

static void a_key_revoked_on_a_live_connection_ends_it(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    order_keys(bed, AGENT_REVOKED, AGENT_ACTIVE);
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__REVOKED);
    struct notice *gone = expect_notice(bed, NOTICE_GONE);
    assert_int_equal(gone->agent_id, 1);
    notice_free(gone);
    send_report(dealer, 5); /* libzmq keeps the connection: each message is refused */
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__REVOKED);
    send_hello(dealer, 8);
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__REVOKED);
    assert_null(wait_for(bed->store, 0));
    assert_null(wait_for(bed->control, 0));
}

/* A known key that names its connection itself could take over another's. */
static void a_self_made_routing_id_is_not_served(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *victim = greeted_agent(bed, &bed->agent, 7);
    void *thief = make_dealer(bed, &bed->other);
    assert_int_equal(zmq_setsockopt(thief, ZMQ_ROUTING_ID, "agent", 5), 0);
    assert_int_equal(zmq_connect(thief, gateway_endpoint(bed->gateway)), 0);
    send_hello(thief, 9);
    send_heartbeat(victim);
    expect_body(victim, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    assert_null(receive_within(thief, 100));
}

/* Whatever a frame says, who sent it is decided by the key of its connection. */
static void reports_belong_to_the_key(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->other, 7);
    send_report(dealer, 5);
    struct delivery *delivery = wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    assert_int_equal(delivery->agent_id, 2);
    assert_int_equal(delivery->site_id, 12);
    assert_int_equal(delivery->envelope->report_batch->sweep_id, 5);
    delivery->fate = DELIVERY_ABANDONED;
    assert_int_equal(mailbox_send(bed->store, delivery), 0);
}

static void the_newest_connection_wins(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *old = greeted_agent(bed, &bed->agent, 7);
    void *young = greeted_agent(bed, &bed->agent, 7);
    send_heartbeat(old);
    expect_welcome(old, NATSWEEP__WELCOME__STATUS__UNAVAILABLE);
    struct order *order = order_create(ORDER_SEND);
    order->agent_id = 1;
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    key.sweep_id = 3;
    Natsweep__Cancel cancel = NATSWEEP__CANCEL__INIT;
    cancel.key = &key;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_CANCEL;
    envelope.cancel = &cancel;
    assert_int_equal(wire_encode(&envelope, &order->frame, &order->frame_bytes), 0);
    assert_int_equal(mailbox_send(bed->control, order), 0);
    expect_body(young, NATSWEEP__ENVELOPE__BODY_CANCEL);
}

static void an_order_for_nobody_comes_back(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    struct order *order = order_create(ORDER_SEND);
    *order = (struct order){.kind = ORDER_SEND, .agent_id = 1, .sweep_id = 33, .generation = 2};
    assert_int_equal(mailbox_send(bed->control, order), 0);
    struct notice *notice = expect_notice(bed, NOTICE_UNDELIVERED);
    assert_int_equal(notice->sweep_id, 33);
    assert_int_equal(notice->generation, 2);
    notice_free(notice);
}

static void a_lost_connection_gives_the_order_back(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    (void)greeted_agent(bed, &bed->agent, 7);
    hang_up_last(bed);
    for (enum notice_kind kind = NOTICE_MESSAGE; kind != NOTICE_GONE;) {
        struct order *order = order_create(ORDER_SEND);
        *order = (struct order){.kind = ORDER_SEND, .agent_id = 1, .frame = malloc(1), .frame_bytes = 1, .sweep_id = 1};
        assert_int_equal(mailbox_send(bed->control, order), 0);
        struct notice *notice = wait_for(bed->control, 50); /* none as long as libzmq has not noticed */
        if (notice)
            kind = notice->kind;
        notice_free(notice);
    }
}

static void a_stored_report_is_acknowledged(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    send_report(dealer, 5);
    send_report(dealer, 6);
    struct delivery *first = wait_for(bed->store, PATIENCE_MS);
    struct delivery *second = wait_for(bed->store, PATIENCE_MS);
    assert_null(receive_within(dealer, 50)); /* never before the commit */
    first->fate = DELIVERY_STORED;
    assert_int_equal(mailbox_send(bed->store, first), 0);
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_int_equal(envelope->ack->n_stored, 1);
    assert_int_equal(envelope->ack->stored[0]->sweep_id, 5);
    wire_free(envelope);
    second->fate = DELIVERY_REJECTED;
    strcpy(second->message, "not this site's sweep");
    assert_int_equal(mailbox_send(bed->store, second), 0);
    envelope = receive_within(dealer, PATIENCE_MS);
    assert_int_equal(envelope->ack->n_stored, 0);
    assert_int_equal(envelope->ack->n_rejected, 1);
    assert_int_equal(envelope->ack->rejected[0]->sweep_id, 6);
    assert_string_equal(envelope->ack->message, "not this site's sweep");
    wire_free(envelope);
}

static void a_full_queue_makes_agents_wait_and_heartbeats_go_on(void **state)
{
    struct bed *bed = *state = bed_create(12000, 60000); /* about ten small reports */
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    for (uint64_t sweep_id = 1; sweep_id <= 30; sweep_id++)
        send_report(dealer, sweep_id);
    send_heartbeat(dealer);
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_WAIT); /* said once */
    assert_in_range(envelope->wait->wait_ms, 1000, 3000);
    wire_free(envelope);
    expect_body(dealer, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    size_t taken = 0;
    for (struct delivery *delivery = wait_for(bed->store, 0); delivery; delivery = wait_for(bed->store, 0), taken++) {
        delivery->fate = DELIVERY_STORED;
        assert_int_equal(mailbox_send(bed->store, delivery), 0);
    }
    assert_in_range(taken, 5, 10);
    expect_body(dealer, NATSWEEP__ENVELOPE__BODY_ACK);
    send_report(dealer, 31); /* there is room again */
    struct delivery *delivery = wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    delivery->fate = DELIVERY_ABANDONED;
    assert_int_equal(mailbox_send(bed->store, delivery), 0);
}

static void an_agent_has_only_its_credit(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    for (uint64_t sweep_id = 1; sweep_id <= PEER_CREDIT + 5; sweep_id++)
        send_report(dealer, sweep_id);
    expect_body(dealer, NATSWEEP__ENVELOPE__BODY_WAIT);
    send_heartbeat(dealer);
    expect_body(dealer, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    size_t taken = 0;
    for (struct delivery *delivery = wait_for(bed->store, 0); delivery; delivery = wait_for(bed->store, 0), taken++) {
        delivery->fate = DELIVERY_STORED;
        assert_int_equal(mailbox_send(bed->store, delivery), 0);
    }
    assert_int_equal(taken, PEER_CREDIT);
    expect_body(dealer, NATSWEEP__ENVELOPE__BODY_ACK);
    send_report(dealer, 100);
    struct delivery *delivery = wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    delivery->fate = DELIVERY_ABANDONED;
    assert_int_equal(mailbox_send(bed->store, delivery), 0);
}

static void hostile_frames_are_survived(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    zmq_send(dealer, "", 0, 0); /* without a version */
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__VERSION_TOO_OLD);
    zmq_send(dealer, "rubbish", 7, 0);
    zmq_send(dealer, "two", 3, ZMQ_SNDMORE);
    zmq_send(dealer, "frames", 6, 0);
    zmq_send(dealer, "\x08\x01", 2, 0); /* no body */
    Natsweep__Welcome welcome = NATSWEEP__WELCOME__INIT;
    welcome.status = NATSWEEP__WELCOME__STATUS__WELCOME;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &welcome;
    send_envelope(dealer, &envelope); /* only a collector says that */
    send_heartbeat(dealer);
    expect_body(dealer, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
}

/* libzmq cuts the connection; the agent's next one is served. */
static void an_oversize_frame_costs_the_connection(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    size_t len = WIRE_FRAME_BYTES_MAX + 1024;
    uint8_t *frame = calloc(1, len);
    assert_int_equal(zmq_send(dealer, frame, len, 0), len);
    free(frame);
    assert_null(wait_for(bed->store, 100));
    (void)greeted_agent(bed, &bed->agent, 8);
}

static void a_silent_agent_is_gone(void **state)
{
    struct bed *bed = *state = bed_create(1 << 20, 50);
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    struct notice *notice = expect_notice(bed, NOTICE_GONE);
    assert_int_equal(notice->agent_id, 1);
    notice_free(notice);
    send_heartbeat(dealer); /* the connection still stands: it is told to say hello again */
    expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__UNAVAILABLE);
}

static void send_enroll(void *dealer, const struct curve_key_pair *key, const char *hostname)
{
    uint8_t token[32] = "not really secret";
    Natsweep__Enroll enroll = NATSWEEP__ENROLL__INIT;
    enroll.token = (ProtobufCBinaryData){.data = token, .len = sizeof(token)};
    enroll.public_key = (ProtobufCBinaryData){.data = (uint8_t *)key->public_key, .len = CURVE_KEY_BYTES};
    enroll.hostname = (char *)hostname;
    enroll.agent_version = (char[]){"0.1.0"};
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLL;
    envelope.enroll = &enroll;
    send_envelope(dealer, &envelope);
}

static void reply_enrolled(struct bed *bed, const struct notice *notice)
{
    Natsweep__Enrolled enrolled = NATSWEEP__ENROLLED__INIT;
    enrolled.status = NATSWEEP__ENROLLED__STATUS__ENROLLED;
    enrolled.site = (char[]){"east"};
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLLED;
    envelope.enrolled = &enrolled;
    struct order *order = order_create(ORDER_REPLY);
    order->route = notice->route;
    assert_int_equal(wire_encode(&envelope, &order->frame, &order->frame_bytes), 0);
    assert_int_equal(mailbox_send(bed->control, order), 0);
}

static void a_stranger_may_enroll(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = connect_agent(bed, &stranger, gateway_enroll_endpoint(bed->gateway));
    send_enroll(dealer, &stranger, "pbx-east");
    struct notice *notice = expect_notice(bed, NOTICE_ENROLL);
    assert_string_equal(notice->envelope->enroll->hostname, "pbx-east");
    assert_memory_equal(notice->public_key, stranger.public_key, CURVE_KEY_BYTES);
    reply_enrolled(bed, notice);
    notice_free(notice);
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_int_equal(envelope->enrolled->status, NATSWEEP__ENROLLED__STATUS__ENROLLED);
    assert_string_equal(envelope->enrolled->site, "east");
    wire_free(envelope);
}

static void only_a_small_enroll_for_the_own_key_is_heard(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = connect_agent(bed, &stranger, gateway_enroll_endpoint(bed->gateway));
    send_hello(dealer, 7);
    send_enroll(dealer, &bed->other, "thief");
    send_enroll(dealer, &stranger, "honest");
    struct notice *notice = expect_notice(bed, NOTICE_ENROLL);
    assert_string_equal(notice->envelope->enroll->hostname, "honest");
    notice_free(notice);
}

static void enrolments_are_rate_limited(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = connect_agent(bed, &stranger, gateway_enroll_endpoint(bed->gateway));
    for (int i = 0; i < 4; i++)
        send_enroll(dealer, &stranger, "eager");
    Envelope *envelope = receive_within(dealer, PATIENCE_MS);
    assert_non_null(envelope);
    assert_int_equal(envelope->enrolled->status, NATSWEEP__ENROLLED__STATUS__UNAVAILABLE);
    wire_free(envelope);
    for (int i = 0; i < 3; i++)
        notice_free(expect_notice(bed, NOTICE_ENROLL));
    assert_null(wait_for(bed->control, 0));
}

static void draining_waits_for_what_is_out(void **state)
{
    struct bed *bed = *state;
    know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = greeted_agent(bed, &bed->agent, 7);
    send_report(dealer, 5);
    struct delivery *delivery = wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    assert_int_equal(eventfd_write(bed->stop_fd, 1), 0);
    do { /* until the drain has begun */
        send_report(dealer, 6);
        Envelope *envelope = receive_within(dealer, 20);
        if (envelope) {
            assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_WAIT);
            wire_free(envelope);
            break;
        }
    } while (true);
    for (struct delivery *more = delivery; more; more = wait_for(bed->store, 0)) {
        more->fate = DELIVERY_STORED;
        assert_int_equal(mailbox_send(bed->store, more), 0);
    }
    assert_int_equal(stop(bed), 0);
    bool acknowledged = false;
    for (Envelope *envelope = receive_within(dealer, 200); envelope; envelope = receive_within(dealer, 200)) {
        acknowledged |= envelope->body_case == NATSWEEP__ENVELOPE__BODY_ACK;
        wire_free(envelope);
    }
    assert_true(acknowledged);
}

static void a_port_in_use_is_told(void **state)
{
    struct bed *bed = *state;
    void *context = zmq_ctx_new();
    struct gateway_config config = bed->config;
    config.listen = gateway_endpoint(bed->gateway);
    char message[GATEWAY_MESSAGE_BYTES] = "";
    assert_null(gateway_create(context, &config, message));
    assert_non_null(strstr(message, "another program"));
    assert_non_null(strstr(message, config.listen));
    zmq_ctx_term(context);
}

#define with_bed(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define with_own_bed(test) cmocka_unit_test_teardown(test, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bed(a_known_key_is_welcomed),
        with_bed(a_random_key_is_refused),
        with_bed(a_pending_agent_is_told_to_wait),
        with_bed(a_key_revoked_on_a_live_connection_ends_it),
        with_bed(a_self_made_routing_id_is_not_served),
        with_bed(reports_belong_to_the_key),
        with_bed(the_newest_connection_wins),
        with_bed(an_order_for_nobody_comes_back),
        with_bed(a_lost_connection_gives_the_order_back),
        with_bed(a_stored_report_is_acknowledged),
        with_own_bed(a_full_queue_makes_agents_wait_and_heartbeats_go_on),
        with_bed(an_agent_has_only_its_credit),
        with_bed(hostile_frames_are_survived),
        with_bed(an_oversize_frame_costs_the_connection),
        with_own_bed(a_silent_agent_is_gone),
        with_bed(a_stranger_may_enroll),
        with_bed(only_a_small_enroll_for_the_own_key_is_heard),
        with_bed(enrolments_are_rate_limited),
        with_bed(draining_waits_for_what_is_out),
        with_bed(a_port_in_use_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
