/* A gateway that runs, with real libzmq: agents are DEALERs of the test (dealer.h), control and store are the test
 * itself.
 */
#ifndef GATEWAY_BED_H
#define GATEWAY_BED_H

#include "base/curve_key.h"
#include "exchange/mailbox.h"
#include "exchange/notice.h"
#include "exchange/order.h"
#include "gateway/gateway.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PATIENCE_MS 10000

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

/* Fails the test rather than return NULL. */
struct bed *bed_create(uint64_t queue_bytes, uint32_t heartbeat_ms);
size_t bed_stop(struct bed *bed); /* returns how many reports the gateway still missed */

/* For tests: a bed with room, whose agents are not missed; and the end of any. */
int bed_set_up(void **state);
int bed_tear_down(void **state);
#define with_bed(test) cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)
#define with_own_bed(test) cmocka_unit_test_teardown(test, bed_tear_down)

/* What control does first: agent 1 of site 11 has key `agent`, agent 2 of site 12 has key `other`. */
void bed_order_keys(struct bed *bed, enum agent_state agent, enum agent_state other);
/* The same; the gateway knows them for sure before anybody connects. */
void bed_know_keys(struct bed *bed, enum agent_state agent, enum agent_state other);

/* What the gateway has told control or store, NULL when nothing came. */
void *bed_wait_for(struct mailbox *mailbox, int patience_ms);
struct notice *bed_expect_notice(struct bed *bed, enum notice_kind kind);

#endif
