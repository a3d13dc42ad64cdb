/* The way of a report from its agent to the store and back. */
#include "dealer.h"

#include "exchange/delivery.h"
#include "gateway/peers.h"

#include <string.h>

/* Whatever a frame says, who sent it is decided by the key of its connection. */
static void reports_belong_to_the_key(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->other, 7);
    dealer_report(dealer, 5);
    struct delivery *delivery = bed_wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    assert_int_equal(delivery->agent_id, 2);
    assert_int_equal(delivery->site_id, 12);
    assert_int_equal(delivery->envelope->report_batch->sweep_id, 5);
    delivery->fate = DELIVERY_ABANDONED;
    assert_int_equal(mailbox_send(bed->store, delivery), 0);
}

static void a_stored_report_is_acknowledged(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    dealer_report(dealer, 5);
    dealer_report(dealer, 6);
    struct delivery *first = bed_wait_for(bed->store, PATIENCE_MS);
    struct delivery *second = bed_wait_for(bed->store, PATIENCE_MS);
    assert_null(dealer_receive(dealer, 50)); /* never before the commit */
    first->fate = DELIVERY_STORED;
    assert_int_equal(mailbox_send(bed->store, first), 0);
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_int_equal(envelope->ack->n_stored, 1);
    assert_int_equal(envelope->ack->stored[0]->sweep_id, 5);
    wire_free(envelope);
    second->fate = DELIVERY_REJECTED;
    strcpy(second->message, "not this site's sweep");
    assert_int_equal(mailbox_send(bed->store, second), 0);
    envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_int_equal(envelope->ack->n_stored, 0);
    assert_int_equal(envelope->ack->n_rejected, 1);
    assert_int_equal(envelope->ack->rejected[0]->sweep_id, 6);
    assert_string_equal(envelope->ack->message, "not this site's sweep");
    wire_free(envelope);
}

/* Stores what has come to the store already; returns how many. */
static size_t store_waiting(struct bed *bed)
{
    size_t count = 0;
    for (struct delivery *delivery = bed_wait_for(bed->store, 0); delivery;
         delivery = bed_wait_for(bed->store, 0), count++) {
        delivery->fate = DELIVERY_STORED;
        assert_int_equal(mailbox_send(bed->store, delivery), 0);
    }
    return count;
}

/* Until the gateway has acknowledged this many, in as many messages as it likes. */
static void expect_stored(void *dealer, size_t count)
{
    for (size_t stored = 0; stored < count;) {
        Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
        assert_non_null(envelope);
        assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_ACK);
        assert_int_not_equal(envelope->ack->n_stored, 0);
        stored += envelope->ack->n_stored;
        wire_free(envelope);
    }
}

static void a_full_queue_makes_agents_wait_and_heartbeats_go_on(void **state)
{
    struct bed *bed = *state = bed_create(12000, 60000); /* about ten small reports */
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    for (uint64_t sweep_id = 1; sweep_id <= 30; sweep_id++)
        dealer_report(dealer, sweep_id);
    dealer_heartbeat(dealer);
    Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
    assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_WAIT); /* said once */
    assert_in_range(envelope->wait->wait_ms, 1000, 3000);
    wire_free(envelope);
    dealer_expect_body(dealer, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    size_t stored = store_waiting(bed);
    assert_in_range(stored, 5, 10);
    expect_stored(dealer, stored);
    dealer_report(dealer, 31); /* there is room again */
    struct delivery *delivery = bed_wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    delivery->fate = DELIVERY_ABANDONED;
    assert_int_equal(mailbox_send(bed->store, delivery), 0);
}

static void an_agent_has_only_its_credit(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    for (uint64_t sweep_id = 1; sweep_id <= PEER_CREDIT + 5; sweep_id++)
        dealer_report(dealer, sweep_id);
    dealer_expect_body(dealer, NATSWEEP__ENVELOPE__BODY_WAIT);
    dealer_heartbeat(dealer);
    dealer_expect_body(dealer, NATSWEEP__ENVELOPE__BODY_HEARTBEAT);
    assert_int_equal(store_waiting(bed), PEER_CREDIT);
    expect_stored(dealer, PEER_CREDIT);
    dealer_report(dealer, 100);
    struct delivery *delivery = bed_wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    delivery->fate = DELIVERY_ABANDONED;
    assert_int_equal(mailbox_send(bed->store, delivery), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bed(reports_belong_to_the_key),
        with_bed(a_stored_report_is_acknowledged),
        with_own_bed(a_full_queue_makes_agents_wait_and_heartbeats_go_on),
        with_bed(an_agent_has_only_its_credit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
