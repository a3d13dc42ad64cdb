/* The open endpoints of a sweep: which number has which socket. A live endpoint has none, the raw sockets serve them
 * all. */
#ifndef RUNNER_ENDPOINTS_H
#define RUNNER_ENDPOINTS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct endpoints;

struct endpoints *endpoints_create(void) MUST_CHECK; /* NULL when memory is short */
void endpoints_destroy(struct endpoints *endpoints); /* closes every socket; NULL is fine */

/* Takes over `fd`. Returns 0, or -ENOMEM: then fd is still the caller's. */
int endpoints_add(struct endpoints *endpoints, uint32_t number, int fd) MUST_CHECK;
void endpoints_add_live(struct endpoints *endpoints, uint16_t port);
void endpoints_remove(struct endpoints *endpoints, uint32_t number); /* closes its socket */

int endpoints_fd(const struct endpoints *endpoints, uint32_t number); /* -1: not open, or live */
bool endpoints_is_live(const struct endpoints *endpoints, uint32_t number);

#endif
