#include "bed.h"

#include "base/log.h"
#include "exchange/delivery.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

static void *run_gateway(void *argument)
{
    struct bed *bed = argument;
    bed->left = gateway_run(bed->gateway);
    return NULL;
}

struct bed *bed_create(uint64_t queue_bytes, uint32_t heartbeat_ms)
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

int bed_set_up(void **state)
{
    *state = bed_create(1 << 20, 60000);
    return 0;
}

size_t bed_stop(struct bed *bed)
{
    assert_int_equal(eventfd_write(bed->stop_fd, 1), 0);
    assert_int_equal(pthread_join(bed->thread, NULL), 0);
    bed->thread = 0;
    return bed->left;
}

int bed_tear_down(void **state)
{
    struct bed *bed = *state;
    for (size_t i = 0; i < bed->dealer_count; i++)
        zmq_close(bed->dealers[i]);
    if (bed->thread)
        (void)bed_stop(bed);
    gateway_destroy(bed->gateway);
    mailbox_pair_destroy(bed->control_pair, order_free, notice_free);
    mailbox_pair_destroy(bed->store_pair, delivery_free, delivery_free);
    zmq_ctx_term(bed->agents_context);
    zmq_ctx_term(bed->context);
    close(bed->stop_fd);
    free(bed);
    return 0;
}

void bed_order_keys(struct bed *bed, enum agent_state agent, enum agent_state other)
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

void *bed_wait_for(struct mailbox *mailbox, int patience_ms)
{
    zmq_pollitem_t item = {.socket = mailbox_socket(mailbox), .events = ZMQ_POLLIN};
    (void)zmq_poll(&item, 1, patience_ms);
    return mailbox_receive(mailbox);
}

struct notice *bed_expect_notice(struct bed *bed, enum notice_kind kind)
{
    struct notice *notice = bed_wait_for(bed->control, PATIENCE_MS);
    assert_non_null(notice);
    assert_int_equal(notice->kind, kind);
    return notice;
}

/* Orders are carried out in turn. */
void bed_know_keys(struct bed *bed, enum agent_state agent, enum agent_state other)
{
    bed_order_keys(bed, agent, other);
    struct order *order = order_create(ORDER_SEND);
    *order = (struct order){.kind = ORDER_SEND, .agent_id = 99, .sweep_id = 1};
    assert_int_equal(mailbox_send(bed->control, order), 0);
    notice_free(bed_expect_notice(bed, NOTICE_UNDELIVERED));
}
