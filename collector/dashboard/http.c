#include "dashboard/http.h"

#include "dashboard/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COOKIE_BYTES 192
#define JSON_TYPE "application/json"

/* Nothing of the page comes from elsewhere, nothing of it is written into markup, nobody may frame it. */
static const struct {
    const char *name, *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
     "form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (response)
        (void)MHD_add_response_header(response, name, value);
}

static struct MHD_Response *typed(struct MHD_Response *response, const char *type)
{
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return response;
}

struct MHD_Response *http_text(const char *text, const char *type)
{
    return typed(MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY), type);
}

struct MHD_Response *http_failure(enum failure failure, const char *sentence)
{
    struct json json;
    json_begin(&json);
    json_add_text(&json, "code", failure_word(failure));
    json_add_text(&json, "message", sentence ? sentence : failure_sentence(failure));
    char *text = json_end(&json);
    if (!text)
        return NULL;
    struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(text);
    else if (failure == FAILURE_TOO_MANY_SIGN_INS)
        add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, "60");
    return typed(response, JSON_TYPE);
}

static void clear_result(void *result)
{
    PQclear(result);
}

struct MHD_Response *http_value(PGresult *result, const char *file_name)
{
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        (size_t)PQgetlength(result, 0, 0), PQgetvalue(result, 0, 0), clear_result, result);
    if (!response) {
        PQclear(result);
        return NULL;
    }
    if (!file_name)
        return typed(response, JSON_TYPE);
    char disposition[128];
    snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s\"", file_name);
    add_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
    return typed(response, "text/csv; charset=utf-8");
}

struct MHD_Response *http_asset(struct MHD_Connection *http, const struct asset *asset, unsigned *status)
{
    char tag[ASSET_TAG_BYTES];
    const char *known = http_header(http, MHD_HTTP_HEADER_IF_NONE_MATCH);
    (void)asset_tag(asset, tag);
    bool has_it = known && strstr(known, tag);
    size_t len = has_it ? 0 : (size_t)(asset->end - asset->start);
    struct MHD_Response *response = MHD_create_response_from_buffer(len, (void *)asset->start, MHD_RESPMEM_PERSISTENT);
    add_header(response, MHD_HTTP_HEADER_ETAG, tag);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, asset->content_type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
    *status = has_it ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK;
    return response;
}

void http_close_after(struct MHD_Response *response)
{
    add_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
}

enum MHD_Result http_send(struct MHD_Connection *http, unsigned status, struct MHD_Response *response, bool behind_tls)
{
    if (!response)
        return MHD_NO; /* the connection is dropped; there is no memory to say why */
    for (size_t i = 0; i < ARRAY_LEN(always); i++)
        add_header(response, always[i].name, always[i].value);
    if (behind_tls)
        add_header(response, "Strict-Transport-Security", "max-age=31536000");
    enum MHD_Result sent = MHD_queue_response(http, status, response);
    MHD_destroy_response(response);
    return sent;
}

/* With the prefix, a browser takes it only from this very host and over TLS (RFC 6265bis, 4.1.3). */
static const char *cookie_name(bool behind_tls)
{
    return behind_tls ? "__Host-natsweep" : "natsweep";
}

void http_set_cookie(struct MHD_Response *response, const char *id, bool behind_tls)
{
    char cookie[COOKIE_BYTES];
    snprintf(cookie, sizeof(cookie), "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(behind_tls),
             id ? id : "", id ? "" : "; Max-Age=0", behind_tls ? "; Secure" : "");
    add_header(response, MHD_HTTP_HEADER_SET_COOKIE, cookie);
}

const char *http_cookie(struct MHD_Connection *http, bool behind_tls)
{
    return MHD_lookup_connection_value(http, MHD_COOKIE_KIND, cookie_name(behind_tls));
}

const char *http_header(struct MHD_Connection *http, const char *name)
{
    return MHD_lookup_connection_value(http, MHD_HEADER_KIND, name);
}

struct last_header {
    const char *name, *value;
};

static enum MHD_Result look_at_header(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct last_header *last = closure;
    (void)kind;
    if (strcasecmp(name, last->name) == 0)
        last->value = value;
    return MHD_YES;
}

const char *http_last_header(struct MHD_Connection *http, const char *name)
{
    struct last_header last = {.name = name};
    (void)MHD_get_connection_values(http, MHD_HEADER_KIND, look_at_header, &last);
    return last.value;
}

struct framing {
    unsigned lengths, encodings;
    bool chunked;
};

static enum MHD_Result count_framing(void *context, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct framing *framing = context;
    (void)kind;
    if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0)
        framing->lengths++;
    if (strcasecmp(key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        framing->encodings++;
        framing->chunked = value && strcasecmp(value, "chunked") == 0;
    }
    return MHD_YES;
}

bool http_ends_clearly(struct MHD_Connection *http)
{
    struct framing framing = {0};
    (void)MHD_get_connection_values(http, MHD_HEADER_KIND, count_framing, &framing);
    return framing.lengths + framing.encodings <= 1 && (framing.encodings == 0 || framing.chunked);
}

struct address http_source(struct MHD_Connection *http)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(http, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info && info->client_addr ? address_from_sockaddr(info->client_addr) : (struct address){0};
}

static enum MHD_Result add_argument(void *json, enum MHD_ValueKind kind, const char *key, size_t key_len,
                                    const char *value, size_t value_len)
{
    (void)kind;
    json_add(json, key, key_len, value ? value : "", value ? value_len : 0);
    return MHD_YES;
}

char *http_query(struct MHD_Connection *http)
{
    struct json json;
    json_begin(&json);
    (void)MHD_get_connection_values_n(http, MHD_GET_ARGUMENT_KIND, add_argument, &json);
    return json_end(&json);
}
