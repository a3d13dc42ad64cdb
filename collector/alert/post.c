#include "alert/post.h"

#include "alert/signature.h"
#include "alert/target.h"
#include "base/address.h"
#include "proto/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_BYTES 160
#define DELIVERY_ID_BYTES 40
#define CONNECT_MS 5000L
#define WHOLE_MS 15000L        /* a quarter of natsweep.claim_webhooks()'s lease */
#define ANSWER_BYTES_MAX 65536 /* nobody reads it */

struct post {
    CURL *handle;
    struct curl_slist *headers;
    char delivery_id[DELIVERY_ID_BYTES];
    char curl_error[CURL_ERROR_SIZE];
    bool private_allowed;
    size_t answer_bytes;
    struct address forbidden; /* what it was about to connect to */
};

/* libcurl asks here with each address that it has resolved, right before it connects. */
static curl_socket_t open_socket(void *closure, curlsocktype purpose, struct curl_sockaddr *target)
{
    struct post *post = closure;
    const struct address address = address_from_sockaddr(&target->addr);
    (void)purpose;
    if (!post->private_allowed && !target_is_public(&address)) {
        post->forbidden = address;
        return CURL_SOCKET_BAD;
    }
    return socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

static size_t swallow(char *bytes, size_t size, size_t count, void *closure)
{
    struct post *post = closure;
    (void)bytes;
    post->answer_bytes += size * count;
    return post->answer_bytes <= ANSWER_BYTES_MAX ? size * count : 0;
}

static bool add_header(struct post *post, const char *name, const char *value)
{
    char header[HEADER_BYTES];
    snprintf(header, sizeof(header), "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(post->headers, header);
    if (longer)
        post->headers = longer;
    return longer != NULL;
}

static bool add_headers(struct post *post, const struct post_event *event, int64_t now_s)
{
    char signature[SIGNATURE_TEXT_BYTES];
    signature_make(event->secret, event->secret_bytes, now_s, event->body, signature);
    return add_header(post, "Content-Type", "application/json") && add_header(post, "Expect", "") &&
           add_header(post, "Natsweep-Event", event->event) &&
           add_header(post, "Natsweep-Delivery", event->delivery_id) &&
           add_header(post, "Natsweep-Attempt", event->attempt) && add_header(post, "Natsweep-Signature", signature);
}

static void set_limits(CURL *handle, const char *ca_file)
{
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, ""); /* nor one of the environment */
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, WHOLE_MS);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    /* Else the end of an attempt waits for its name to be resolved, and all others wait with it. */
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
    if (ca_file)
        curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file);
}

static bool set_event(struct post *post, const struct post_event *event)
{
    CURL *handle = post->handle;
    curl_easy_setopt(handle, CURLOPT_PRIVATE, post);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, post->curl_error);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, post);
    /* A connection that is kept would be used without asking open_socket(), by webhooks that may not have it. */
    curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, post);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "natsweep/" NATSWEEP_VERSION);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, post->headers);
    return curl_easy_setopt(handle, CURLOPT_URL, event->url) == CURLE_OK &&
           curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, event->body) == CURLE_OK;
}

struct post *post_create(const struct post_event *event, const char *ca_file, int64_t now_s)
{
    struct post *post = calloc(1, sizeof(*post));
    if (!post)
        return NULL;
    post->private_allowed = event->private_allowed;
    snprintf(post->delivery_id, sizeof(post->delivery_id), "%s", event->delivery_id);
    post->handle = curl_easy_init();
    if (post->handle && add_headers(post, event, now_s) && set_event(post, event)) {
        set_limits(post->handle, ca_file);
        return post;
    }
    post_destroy(post);
    return NULL;
}

void post_destroy(struct post *post)
{
    if (!post)
        return;
    curl_easy_cleanup(post->handle);
    curl_slist_free_all(post->headers);
    free(post);
}

CURL *post_handle(const struct post *post)
{
    return post->handle;
}

const char *post_delivery_id(const struct post *post)
{
    return post->delivery_id;
}

static void explain(const struct post *post, CURLcode code, struct post_result *out)
{
    char address[ADDRESS_TEXT_BYTES], said[CURL_ERROR_SIZE];
    text_copy(said, sizeof(said), post->curl_error[0] ? post->curl_error : curl_easy_strerror(code), TEXT_LINE);
    if (out->forbidden)
        snprintf(out->error, sizeof(out->error),
                 "%s is no address of the public internet; an administrator can allow it",
                 address_format_ip(&post->forbidden, address));
    else if (out->status >= 300 && out->status < 400)
        snprintf(out->error, sizeof(out->error), "redirects (HTTP %ld) are not followed: name the final address",
                 out->status);
    else if (out->status > 0)
        snprintf(out->error, sizeof(out->error), "the receiver answered with HTTP %ld", out->status);
    else
        snprintf(out->error, sizeof(out->error), "%s", said);
}

/* An answer that was too long to read to its end is an answer all the same. */
void post_result(const struct post *post, CURLcode code, struct post_result *out)
{
    *out = (struct post_result){.forbidden = code != CURLE_OK && address_known(&post->forbidden)};
    (void)curl_easy_getinfo(post->handle, CURLINFO_RESPONSE_CODE, &out->status);
    out->arrived = (code == CURLE_OK || code == CURLE_WRITE_ERROR) && out->status >= 200 && out->status < 300;
    if (!out->arrived)
        explain(post, code, out);
}
