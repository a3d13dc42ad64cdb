#include "sip/echo.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/base64.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A piece of the answer, not terminated. */
struct text {
    const char *at;
    size_t len;
};

/* Cuts the next line off `rest`. */
static bool next_line(struct text *rest, struct text *line)
{
    const char *end = memmem(rest->at, rest->len, "\r\n", 2);
    if (!end)
        return false;
    *line = (struct text){rest->at, (size_t)(end - rest->at)};
    rest->len -= line->len + 2;
    rest->at = end + 2;
    return true;
}

static bool starts_with(struct text line, const char *prefix)
{
    size_t len = strlen(prefix);
    return line.len >= len && strncasecmp(line.at, prefix, len) == 0;
}

static bool has_token(struct text text, const struct sip_probe *probe)
{
    char token[17];
    snprintf(token, sizeof token, "%016" PRIx64, probe->token);
    return memmem(text.at, text.len, token, 16);
}

/* Call-ID, or i in its compact form; an ALG may rewrite the host behind the @, never the token before it. */
static bool names_probe(struct text line, const struct sip_probe *probe)
{
    bool is_call_id = starts_with(line, "Call-ID") || starts_with(line, "i:") || starts_with(line, "i ");
    return is_call_id && has_token(line, probe);
}

/* Reads the head up to the empty line and leaves the body in `rest`. */
static bool head_answers(struct text *rest, const struct sip_probe *probe)
{
    struct text line;
    bool ours = false;
    if (!next_line(rest, &line) || !starts_with(line, "SIP/2.0 "))
        return false;
    while (next_line(rest, &line)) {
        if (line.len == 0)
            return ours;
        ours |= names_probe(line, probe);
    }
    return false;
}

/* Another probe's request, or one cut short, is the echo's mistake: an ALG changes a request, it does not end it. */
static bool is_request(struct text decoded, const struct sip_probe *probe)
{
    bool cut = decoded.len < probe->len && memcmp(decoded.at, probe->text, decoded.len) == 0;
    return has_token(decoded, probe) && !cut;
}

int sip_echo_read(const uint8_t *bytes, size_t len, const struct sip_probe *probe, char arrived[SIP_PROBE_BYTES * 2],
                  size_t *arrived_len)
{
    struct text rest = {(const char *)bytes, len};
    if (!head_answers(&rest, probe))
        return -ENOENT;
    struct base64_decode_ctx decoder;
    uint8_t decoded[SIP_PROBE_BYTES * 2];
    size_t decoded_len = sizeof decoded;
    base64_decode_init(&decoder);
    if (rest.len == 0 || BASE64_DECODE_LENGTH(rest.len) > sizeof decoded ||
        !base64_decode_update(&decoder, &decoded_len, decoded, rest.len, rest.at) || !base64_decode_final(&decoder))
        return -EBADMSG;
    if (!is_request((struct text){(const char *)decoded, decoded_len}, probe))
        return -EBADMSG;
    memcpy(arrived, decoded, decoded_len);
    *arrived_len = decoded_len;
    return 0;
}
