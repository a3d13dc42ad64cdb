#include "dealer.h"

#include "base/zsocket.h"
#include "sample/report_sample.h"

#include <stdlib.h>
#include <zmq.h>

static const struct zsocket_limits agent_limits = {
    .high_water_mark = 1000, .max_message_bytes = WIRE_FRAME_BYTES_MAX, .linger_ms = 0};

void *dealer_make(struct bed *bed, const struct curve_key_pair *key)
{
    assert_true(bed->dealer_count < sizeof(bed->dealers) / sizeof(bed->dealers[0]));
    void *dealer = zsocket_curve_dealer(bed->agents_context, key, bed->server.public_key, &agent_limits);
    assert_non_null(dealer);
    bed->dealers[bed->dealer_count++] = dealer;
    return dealer;
}

void dealer_hang_up_last(struct bed *bed)
{
    zmq_close(bed->dealers[--bed->dealer_count]);
}

void *dealer_connect(struct bed *bed, const struct curve_key_pair *key, const char *endpoint)
{
    void *dealer = dealer_make(bed, key);
    int reconnect_ms = 10; /* the tests do not have a session that tries again */
    assert_int_equal(zmq_setsockopt(dealer, ZMQ_RECONNECT_IVL, &reconnect_ms, sizeof(reconnect_ms)), 0);
    assert_int_equal(zmq_connect(dealer, endpoint), 0);
    return dealer;
}

void dealer_send(void *dealer, Envelope *envelope)
{
    uint8_t *frame;
    size_t len;
    assert_int_equal(wire_encode(envelope, &frame, &len), 0);
    int timeout_ms = PATIENCE_MS;
    (void)zmq_setsockopt(dealer, ZMQ_SNDTIMEO, &timeout_ms, sizeof(timeout_ms));
    assert_int_equal(zmq_send(dealer, frame, len, 0), len);
    free(frame);
}

void dealer_hello(void *dealer, uint64_t instance)
{
    Natsweep__Hello hello = NATSWEEP__HELLO__INIT;
    hello.instance = instance;
    hello.hostname = (char[]){"pbx"};
    hello.agent_version = (char[]){"0.1.0"};
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HELLO;
    envelope.hello = &hello;
    dealer_send(dealer, &envelope);
}

void dealer_heartbeat(void *dealer)
{
    Natsweep__Heartbeat heartbeat = NATSWEEP__HEARTBEAT__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HEARTBEAT;
    envelope.heartbeat = &heartbeat;
    dealer_send(dealer, &envelope);
}

void dealer_report(void *dealer, uint64_t sweep_id)
{
    struct report *report = report_sample(SAMPLE_SUPPORTED, "5060/udp", 1);
    uint8_t *frame;
    size_t len;
    assert_non_null(report);
    assert_int_equal(wire_encode_report_batch(report, sweep_id, 1000, 0, &frame, &len), 0);
    assert_int_equal(zmq_send(dealer, frame, len, 0), len);
    free(frame);
    report_free(report);
}

Envelope *dealer_receive(void *dealer, int patience_ms)
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

void dealer_expect_welcome(void *dealer, Natsweep__Welcome__Status status)
{
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_non_null(envelope);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_WELCOME);
    assert_int_equal(envelope->welcome->status, status);
    wire_free(envelope);
}

void dealer_expect_body(void *dealer, int body)
{
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_non_null(envelope);
    assert_int_equal(envelope->body_case, body);
    wire_free(envelope);
}

void *dealer_greeted(struct bed *bed, const struct curve_key_pair *key, uint64_t instance)
{
    void *dealer = dealer_connect(bed, key, gateway_endpoint(bed->gateway));
    dealer_hello(dealer, instance);
    dealer_expect_welcome(dealer, NATSWEEP__WELCOME__STATUS__WELCOME);
    notice_free(bed_expect_notice(bed, NOTICE_MESSAGE));
    return dealer;
}
