/* One attempt to send an event: an HTTPS POST that libcurl runs. It follows no redirect, uses no proxy, and looks at
 * the very address that it is about to connect to, so that a name which is resolved once more, or otherwise, gains
 * nothing. */
#ifndef ALERT_POST_H
#define ALERT_POST_H

#include "base/attributes.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POST_ERROR_BYTES 320

/* Texts belong to the caller. */
struct post_event {
    const char *delivery_id, *event, *attempt;
    const char *url, *body;
    const uint8_t *secret;
    size_t secret_bytes;
    bool private_allowed;
};

struct post_result {
    long status; /* HTTP's; 0 = there was no answer */
    bool arrived;
    bool forbidden;               /* the address is not one of the public internet */
    char error[POST_ERROR_BYTES]; /* empty when it arrived */
};

struct post;

/* What it needs of `event` it copies. `ca_file` NULL: the system's authorities. NULL when memory is short. */
struct post *post_create(const struct post_event *event, const char *ca_file, int64_t now_s) MUST_CHECK;
void post_destroy(struct post *post); /* NULL is fine; not while a multi handle has it */

CURL *post_handle(const struct post *post);            /* whose private pointer is the post */
const char *post_delivery_id(const struct post *post); /* as it was given */
void post_result(const struct post *post, CURLcode code, struct post_result *out);

#endif
