#include "proto/token.h"

#include "base/crc32.h"

#include <ctype.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

#define VERSIONLESS_PREFIX "natsweep"
#define SCHEME "tcp://"
#define CHECK_BYTES 4

bool token_endpoint_valid(const char *address)
{
    if (strncmp(address, SCHEME, strlen(SCHEME)) != 0 || strlen(address) >= WIRE_NAME_BYTES_MAX)
        return false;
    for (const char *c = address; *c != '\0'; c++)
        if (!isgraph((unsigned char)*c))
            return false;
    const char *host = address + strlen(SCHEME), *colon = strrchr(host, ':');
    if (colon == NULL || colon == host || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    unsigned long port = strtoul(colon + 1, NULL, 10);
    return port >= 1 && port <= 65535;
}

/* The coding: secret, then for each endpoint its key, one byte of length and the address, then the CRC-32 of all that.
 */
static size_t encode(const struct token *token, uint8_t bytes[TOKEN_BYTES_MAX])
{
    uint8_t *next = mempcpy(bytes, token->secret, TOKEN_SECRET_BYTES);
    for (size_t i = 0; i < token->endpoint_count; i++) {
        const struct token_endpoint *endpoint = &token->endpoints[i];
        next = mempcpy(next, endpoint->server_key, CURVE_KEY_BYTES);
        size_t len = strlen(endpoint->address);
        *next++ = (uint8_t)len;
        next = mempcpy(next, endpoint->address, len);
    }
    uint32_t check = crc32_of(bytes, (size_t)(next - bytes));
    for (unsigned shift = 32; shift > 0; shift -= 8)
        *next++ = (uint8_t)(check >> (shift - 8));
    return (size_t)(next - bytes);
}

int token_format(const struct token *token, char text[TOKEN_TEXT_BYTES])
{
    if (token->endpoint_count == 0 || token->endpoint_count > TOKEN_ENDPOINTS_MAX)
        return -EINVAL;
    for (size_t i = 0; i < token->endpoint_count; i++)
        if (!token_endpoint_valid(token->endpoints[i].address))
            return -EINVAL;
    uint8_t bytes[TOKEN_BYTES_MAX];
    size_t len = encode(token, bytes);
    base64url_encode(bytes, len, stpcpy(text, TOKEN_PREFIX));
    explicit_bzero(bytes, sizeof bytes);
    return 0;
}

static bool check_sum_right(const uint8_t *bytes, size_t len)
{
    if (len < CHECK_BYTES)
        return false;
    const uint8_t *sum = bytes + len - CHECK_BYTES;
    uint32_t told = (uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 | sum[3];
    return told == crc32_of(bytes, len - CHECK_BYTES);
}

/* Reads one endpoint at *offset; false when it does not fit into what is left or is none. */
static bool decode_endpoint(const uint8_t *bytes, size_t len, size_t *offset, struct token_endpoint *out)
{
    if (len - *offset < CURVE_KEY_BYTES + 1)
        return false;
    const uint8_t *key = bytes + *offset, *address = key + CURVE_KEY_BYTES + 1;
    size_t address_len = key[CURVE_KEY_BYTES];
    if (address_len > len - *offset - CURVE_KEY_BYTES - 1 || address_len >= sizeof out->address)
        return false;
    memcpy(out->server_key, key, CURVE_KEY_BYTES);
    memcpy(out->address, address, address_len);
    out->address[address_len] = '\0';
    *offset += CURVE_KEY_BYTES + 1 + address_len;
    return strlen(out->address) == address_len && token_endpoint_valid(out->address);
}

/* `len` without the check sum. */
static int decode(const uint8_t *bytes, size_t len, struct token *out)
{
    if (len <= TOKEN_SECRET_BYTES)
        return -EINVAL;
    struct token token = {0};
    memcpy(token.secret, bytes, TOKEN_SECRET_BYTES);
    int error = 0;
    for (size_t offset = TOKEN_SECRET_BYTES; error == 0 && offset < len; token.endpoint_count++)
        if (token.endpoint_count == TOKEN_ENDPOINTS_MAX ||
            !decode_endpoint(bytes, len, &offset, &token.endpoints[token.endpoint_count]))
            error = -EINVAL;
    if (error == 0)
        *out = token;
    explicit_bzero(&token, sizeof token);
    return error;
}

int token_parse(const char *text, struct token *token)
{
    text += strspn(text, " \t\r\n");
    size_t text_len = strcspn(text, " \t\r\n");
    if (text[text_len + strspn(text + text_len, " \t\r\n")] != '\0')
        return -EINVAL;
    if (strncmp(text, TOKEN_PREFIX, strlen(TOKEN_PREFIX)) != 0) {
        bool other_version = strncmp(text, VERSIONLESS_PREFIX, strlen(VERSIONLESS_PREFIX)) == 0;
        return other_version && isdigit((unsigned char)text[strlen(VERSIONLESS_PREFIX)]) ? -EPROTONOSUPPORT : -EINVAL;
    }
    uint8_t bytes[TOKEN_BYTES_MAX];
    size_t len = 0;
    int error = -EBADMSG;
    if (base64url_decode(text + strlen(TOKEN_PREFIX), text_len - strlen(TOKEN_PREFIX), bytes, sizeof bytes, &len) ==
            0 &&
        check_sum_right(bytes, len))
        error = decode(bytes, len - CHECK_BYTES, token);
    explicit_bzero(bytes, sizeof bytes);
    return error;
}

void token_hash(const uint8_t *secret, size_t len, uint8_t hash[TOKEN_HASH_BYTES])
{
    struct sha256_ctx sha256;
    sha256_init(&sha256);
    sha256_update(&sha256, len, secret);
    sha256_digest(&sha256, TOKEN_HASH_BYTES, hash);
}
