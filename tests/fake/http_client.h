/* A client of an HTTP server on loopback, for tests; what cannot be done fails the test. */
#ifndef FAKE_HTTP_CLIENT_H
#define FAKE_HTTP_CLIENT_H

#include "base/address.h"

#include <stddef.h>

/* A port of loopback that nobody held a moment ago. */
struct address http_client_free_address(void);

/* As soon as somebody listens: says all of `request` and hears all of the answer until the connection ends. */
void http_client_ask(const struct address *address, const char *request, size_t len, char *answer, size_t answer_bytes);

/* Opens `count` connections, each of which has begun a request and never ends it. */
void http_client_dawdle(const struct address *address, int *fds, size_t count);

#endif
