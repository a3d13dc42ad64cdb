/* A request from its first line to the end of its answer. One that needs PostgreSQL waits, suspended, for a connection
 * of its session and then for the answer; meanwhile the program serves others. */
#ifndef DASHBOARD_CALL_H
#define DASHBOARD_CALL_H

#include "base/attributes.h"
#include "base/list.h"
#include "dashboard/failure.h"
#include "dashboard/route.h"
#include "dashboard/session.h"

#include <libpq-fe.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#define CALL_BODY_BYTES_MAX 1048576u       /* a selection of ten thousand sites has a tenth of it */
#define CALL_STRANGER_BODY_BYTES_MAX 4096u /* the longest name and password, every byte of them escaped, take half */

enum call_state {
    CALL_RECEIVING,
    CALL_WAITING, /* for a connection, or for one to open */
    CALL_RUNNING,
    CALL_ANSWERED /* its response goes out when it is called again */
};

struct call {
    struct list link;
    struct MHD_Connection *http;
    const struct route *route;
    enum call_state state;
    struct session *session;
    char *body; /* NUL-terminated; then what the function is asked */
    size_t body_len, body_capacity;
    size_t body_max; /* a stranger's, until somebody raises it */
    bool too_large;
    bool suspended;
    bool behind_tls;
    struct MHD_Response *response;
    unsigned status;
};

struct call *call_create(struct MHD_Connection *http, struct list *calls) MUST_CHECK; /* NULL: memory is short */
void call_destroy(struct call *call);

/* Takes a part of the body. */
void call_receive(struct call *call, const char *bytes, size_t len);

/* The call will be answered later. */
void call_suspend(struct call *call);

/* Each ends the call in one way; a suspended one goes on. */
void call_answer(struct call *call, unsigned status, struct MHD_Response *response);
void call_fail(struct call *call, enum failure failure);
/* With what PostgreSQL says; takes over the result. */
void call_answer_result(struct call *call, PGresult *result, size_t bytes_max);

#endif
