/* The UDP ports of a plan: numbered, shuffled, and which one is to be tested next. TCP ports have numbers too, after
 * those. */
#ifndef SWEEP_ROSTER_H
#define SWEEP_ROSTER_H

#include "base/attributes.h"
#include "proto/port_list.h"

#include <stdbool.h>
#include <stdint.h>

#define ROSTER_NOBODY UINT32_MAX

struct roster;

/* `list` must outlive it. NULL when memory is short. */
struct roster *roster_create(const struct port_list *list, uint64_t seed) MUST_CHECK;
void roster_destroy(struct roster *roster); /* NULL is fine */

uint32_t roster_size(const struct roster *roster);     /* all transports */
uint32_t roster_udp_size(const struct roster *roster); /* numbers below it are UDP ports */
/* The range that number `index` is of, and its port. */
const struct port_range *roster_range(const struct roster *roster, uint32_t index, uint16_t *port);
/* ROSTER_NOBODY when `port` is no UDP port of the plan. */
uint32_t roster_find(const struct roster *roster, uint16_t port);

/* Takes the next UDP port: first those that were put back, then the shuffled rest. ROSTER_NOBODY when none is left. */
uint32_t roster_take(struct roster *roster);
void roster_put_back(struct roster *roster, uint32_t index); /* each index at most once at a time */
uint32_t roster_left(const struct roster *roster);

#endif
