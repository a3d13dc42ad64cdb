/* What control sends to agents. */
#include "gateway/agent_orders.h"

#include "dealer.h"

#include <stdlib.h>

static void the_newest_connection_wins(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *old = dealer_greeted(bed, &bed->agent, 7);
    void *young = dealer_greeted(bed, &bed->agent, 7);
    dealer_heartbeat(old);
    dealer_expect_welcome(old, NATSWEEP__WELCOME__STATUS__UNAVAILABLE);
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
    dealer_expect_body(young, NATSWEEP__ENVELOPE__BODY_CANCEL);
}

static void an_order_for_nobody_comes_back(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    struct order *order = order_create(ORDER_SEND);
    *order = (struct order){.kind = ORDER_SEND, .agent_id = 1, .sweep_id = 33, .generation = 2};
    assert_int_equal(mailbox_send(bed->control, order), 0);
    struct notice *notice = bed_expect_notice(bed, NOTICE_UNDELIVERED);
    assert_int_equal(notice->sweep_id, 33);
    assert_int_equal(notice->generation, 2);
    notice_free(notice);
}

static void a_lost_connection_gives_the_order_back(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    (void)dealer_greeted(bed, &bed->agent, 7);
    dealer_hang_up_last(bed);
    for (enum notice_kind kind = NOTICE_MESSAGE; kind != NOTICE_GONE;) {
        struct order *order = order_create(ORDER_SEND);
        *order = (struct order){.kind = ORDER_SEND, .agent_id = 1, .frame = malloc(1), .frame_bytes = 1, .sweep_id = 1};
        assert_int_equal(mailbox_send(bed->control, order), 0);
        struct notice *notice = bed_wait_for(bed->control, 50); /* none as long as libzmq has not noticed */
        if (notice)
            kind = notice->kind;
        notice_free(notice);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bed(the_newest_connection_wins),
        with_bed(an_order_for_nobody_comes_back),
        with_bed(a_lost_connection_gives_the_order_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
