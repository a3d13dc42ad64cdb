/* Answers over HTTP with the headers that every one of them carries. A response is NULL when memory is short. */
#ifndef DASHBOARD_HTTP_H
#define DASHBOARD_HTTP_H

#include "base/address.h"
#include "base/attributes.h"
#include "dashboard/asset.h"
#include "dashboard/failure.h"

#include <libpq-fe.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#define HTTP_PLAIN "text/plain; charset=utf-8"

struct MHD_Response *http_text(const char *text, const char *type) MUST_CHECK;
/* `sentence` NULL: the failure's own. */
struct MHD_Response *http_failure(enum failure failure, const char *sentence) MUST_CHECK;
/* The one value of a result, which the response clears in its time. `file_name` NULL: JSON, else CSV to be saved. */
struct MHD_Response *http_value(PGresult *result, const char *file_name) MUST_CHECK;
/* Sets *status: 304 when the browser has it. */
struct MHD_Response *http_asset(struct MHD_Connection *http, const struct asset *asset, unsigned *status) MUST_CHECK;

/* Makes an answer the last of its connection. */
void http_close_after(struct MHD_Response *response);
/* Adds what every answer carries, sends and forgets it. */
enum MHD_Result http_send(struct MHD_Connection *http, unsigned status, struct MHD_Response *response,
                          bool behind_tls) MUST_CHECK;

/* The session's cookie. `id` NULL takes it away. */
void http_set_cookie(struct MHD_Response *response, const char *id, bool behind_tls);
const char *http_cookie(struct MHD_Connection *http, bool behind_tls) MUST_CHECK;

const char *http_header(struct MHD_Connection *http, const char *name) MUST_CHECK; /* NULL: absent */
/* Of several lines with this name the one that was added last. */
const char *http_last_header(struct MHD_Connection *http, const char *name) MUST_CHECK;
/* Whether whoever reads the request finds the same end of it: what a proxy before us took for its body could otherwise
 * be a request of somebody else's connection to us (RFC 9112, 11.2). */
bool http_ends_clearly(struct MHD_Connection *http) MUST_CHECK;
struct address http_source(struct MHD_Connection *http) MUST_CHECK;
/* The query string as a JSON object of texts, which the caller frees; NULL when memory is short. */
char *http_query(struct MHD_Connection *http) MUST_CHECK;

#endif
