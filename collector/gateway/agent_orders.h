/* What control wants of the endpoint of agents. */
#ifndef GATEWAY_AGENT_ORDERS_H
#define GATEWAY_AGENT_ORDERS_H

#include "gateway/agent_endpoint.h"

/* Carries out ORDER_KEYRING (taking its keys), ORDER_KEY, ORDER_NEXT_KEY, ORDER_DIRECTORY or ORDER_SEND. */
void agent_orders_carry_out(struct agent_endpoint *endpoint, struct order *order);

#endif
