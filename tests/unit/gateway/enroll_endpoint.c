/* How strangers enrol. */
#include "gateway/enroll_endpoint.h"

#include "dealer.h"

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
    dealer_send(dealer, &envelope);
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
    void *dealer = dealer_connect(bed, &stranger, gateway_enroll_endpoint(bed->gateway));
    send_enroll(dealer, &stranger, "pbx-east");
    struct notice *notice = bed_expect_notice(bed, NOTICE_ENROLL);
    assert_string_equal(notice->envelope->enroll->hostname, "pbx-east");
    assert_memory_equal(notice->public_key, stranger.public_key, CURVE_KEY_BYTES);
    reply_enrolled(bed, notice);
    notice_free(notice);
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_int_equal(envelope->enrolled->status, NATSWEEP__ENROLLED__STATUS__ENROLLED);
    assert_string_equal(envelope->enrolled->site, "east");
    wire_free(envelope);
}

static void only_a_small_enroll_for_the_own_key_is_heard(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = dealer_connect(bed, &stranger, gateway_enroll_endpoint(bed->gateway));
    dealer_hello(dealer, 7);
    send_enroll(dealer, &bed->other, "thief");
    send_enroll(dealer, &stranger, "honest");
    struct notice *notice = bed_expect_notice(bed, NOTICE_ENROLL);
    assert_string_equal(notice->envelope->enroll->hostname, "honest");
    notice_free(notice);
}

static void enrolments_are_rate_limited(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair stranger;
    assert_int_equal(curve_key_generate(&stranger), 0);
    void *dealer = dealer_connect(bed, &stranger, gateway_enroll_endpoint(bed->gateway));
    for (int i = 0; i < 4; i++)
        send_enroll(dealer, &stranger, "eager");
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_non_null(envelope);
    assert_int_equal(envelope->enrolled->status, NATSWEEP__ENROLLED__STATUS__UNAVAILABLE);
    wire_free(envelope);
    for (int i = 0; i < 3; i++)
        notice_free(bed_expect_notice(bed, NOTICE_ENROLL));
    assert_null(bed_wait_for(bed->control, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bed(a_stranger_may_enroll),
        with_bed(only_a_small_enroll_for_the_own_key_is_heard),
        with_bed(enrolments_are_rate_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
