/* Agents of a test, each a DEALER of libzmq; the bed closes them. */
#ifndef GATEWAY_DEALER_H
#define GATEWAY_DEALER_H

#include "bed.h"

#include "proto/wire.h"

void *dealer_make(struct bed *bed, const struct curve_key_pair *key);
void *dealer_connect(struct bed *bed, const struct curve_key_pair *key, const char *endpoint);
/* Connected to the endpoint of agents, and its hello has reached control. */
void *dealer_greeted(struct bed *bed, const struct curve_key_pair *key, uint64_t instance);
void dealer_hang_up_last(struct bed *bed);

void dealer_send(void *dealer, Envelope *envelope);
void dealer_hello(void *dealer, uint64_t instance);
void dealer_heartbeat(void *dealer);
void dealer_report(void *dealer, uint64_t sweep_id); /* of one port, as the agent makes it */

/* The caller frees it by wire_free; NULL when nothing came. */
Envelope *dealer_receive(void *dealer, int patience_ms);
void dealer_expect_welcome(void *dealer, Natsweep__Welcome__Status status);
void dealer_expect_body(void *dealer, int body);

#endif
