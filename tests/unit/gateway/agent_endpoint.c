/* Who is let in, and for how long. */
#include "gateway/agent_endpoint.h"

#include "dealer.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

static void a_known_key_is_welcomed(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_connect(bed, &bed->agent, gateway_endpoint(bed->gateway));
    dealer_hello(dealer, 7);
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_int_equal(envelope->welcome->status, NATSWEEP__WELCOME__STATUS__WELCOME);
    assert_string_equal(envelope->welcome->site, "north");
    assert_int_equal(envelope->welcome->heartbeat_ms, 60000);
    wire_free(envelope);
    struct notice *notice = bed_expect_notice(bed, NOTICE_MESSAGE);
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
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = dealer_make(bed, &stranger);
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
    bed_know_keys(bed, AGENT_PENDING, AGENT_ACTIVE);
    void *dealer = dealer_connect(bed, &bed->agent, gateway_endpoint(bed->gateway));
    dealer_hello(dealer, 7);
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__PENDING);
    dealer_report(dealer, 5);
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__PENDING);
    assert_null(bed_wait_for(bed->store, 0));
}

static void a_key_revoked_on_a_live_connection_ends_it(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    bed_order_keys(bed, AGENT_REVOKED, AGENT_ACTIVE);
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__REVOKED);
    struct notice *gone = bed_expect_notice(bed, NOTICE_GONE);
    assert_int_equal(gone->agent_id, 1);
    notice_free(gone);
    dealer_report(dealer, 5); /* libzmq keeps the connection: each message is refused */
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__REVOKED);
    dealer_hello(dealer, 8);
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__REVOKED);
    assert_null(bed_wait_for(bed->store, 0));
    assert_null(bed_wait_for(bed->control, 0));
}

/* A known key that names its connection itself could take over another's. */
static void a_self_made_routing_id_is_not_served(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *victim = dealer_greeted(bed, &bed->agent, 7);
    void *thief = dealer_make(bed, &bed->other);
    assert_int_equal(zmq_setsockopt(thief, ZMQ_ROUTING_ID, "agent", 5), 0);
    assert_int_equal(zmq_connect(thief, gateway_endpoint(bed->gateway)), 0);
    dealer_hello(thief, 9);
    dealer_heartbeat(victim);
    dealer_expect_body(victim, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    assert_null(dealer_receive(thief, 100));
}

static void a_silent_agent_is_gone(void **state)
{
    struct bed *bed = *state = bed_create(1 << 20, 50);
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    struct notice *notice = bed_expect_notice(bed, NOTICE_GONE);
    assert_int_equal(notice->agent_id, 1);
    notice_free(notice);
    dealer_heartbeat(dealer); /* the connection still stands: it is told to say hello again */
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__UNAVAILABLE);
}

static void hostile_frames_are_survived(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    zmq_send(dealer, "", 0, 0); /* without a version */
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__VERSION_TOO_OLD);
    zmq_send(dealer, "rubbish", 7, 0);
    zmq_send(dealer, "two", 3, ZMQ_SNDMORE);
    zmq_send(dealer, "frames", 6, 0);
    zmq_send(dealer, "\x08\x01", 2, 0); /* no body */
    Natsweep__Welcome welcome = NATSWEEP__WELCOME__INIT;
    welcome.status = NATSWEEP__WELCOME__STATUS__WELCOME;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &welcome;
    dealer_send(dealer, &envelope); /* only a collector says that */
    dealer_heartbeat(dealer);
    dealer_expect_body(dealer, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
}

/* libzmq cuts the connection; the agent's next one is served. */
static void an_oversize_frame_costs_the_connection(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    size_t len = WIRE_FRAME_BYTES_MAX + 1024;
    uint8_t *frame = calloc(1, len);
    assert_int_equal(zmq_send(dealer, frame, len, 0), len);
    free(frame);
    assert_null(bed_wait_for(bed->store, 100));
    (void)dealer_greeted(bed, &bed->agent, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bed(a_known_key_is_welcomed),
        with_bed(a_random_key_is_refused),
        with_bed(a_pending_agent_is_told_to_wait),
        with_bed(a_key_revoked_on_a_live_connection_ends_it),
        with_bed(a_self_made_routing_id_is_not_served),
        with_bed(hostile_frames_are_survived),
        with_bed(an_oversize_frame_costs_the_connection),
        with_own_bed(a_silent_agent_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
