/* The gateway as a whole. */
#include "gateway/gateway.h"

#include "dealer.h"

#include "exchange/delivery.h"

#include <string.h>
#include <sys/eventfd.h>
#include <zmq.h>

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

static void draining_waits_for_what_is_out(void **state)
{
    struct bed *bed = *state;
    bed_know_keys(bed, AGENT_ACTIVE, AGENT_ACTIVE);
    void *dealer = dealer_greeted(bed, &bed->agent, 7);
    dealer_report(dealer, 5);
    struct delivery *delivery = bed_wait_for(bed->store, PATIENCE_MS);
    assert_non_null(delivery);
    assert_int_equal(eventfd_write(bed->stop_fd, 1), 0);
    do { /* until the drain has begun */
        dealer_report(dealer, 6);
        Envelope *envelope = dealer_receive(dealer, 20);
        if (envelope) {
            assert_int_equal(envelope->body_case, NATSWEEP__ENVELOPE__BODY_WAIT);
            wire_free(envelope);
            break;
        }
    } while (true);
    for (struct delivery *more = delivery; more; more = bed_wait_for(bed->store, 0)) {
        more->fate = DELIVERY_STORED;
        assert_int_equal(mailbox_send(bed->store, more), 0);
    }
    assert_int_equal(bed_stop(bed), 0);
    for (bool acknowledged = false; !acknowledged;) {
        Envelope *envelope = dealer_receive(dealer, PATIENCE_MS);
        assert_non_null(envelope);
        acknowledged = envelope->body_case == NATSWEEP__ENVELOPE__BODY_ACK;
        wire_free(envelope);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_bed(draining_waits_for_what_is_out),
        with_bed(a_port_in_use_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
