/* Any payload with a right check sum as an enrolment token: what parses must format to the same text again. */
#include "proto/token.h"
#include "base/crc32.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    uint8_t summed[TOKEN_BYTES_MAX];
    if (len > sizeof summed - 4)
        return 0;
    memcpy(summed, bytes, len);
    uint32_t sum = crc32_of(bytes, len);
    for (size_t i = 0; i < 4; i++)
        summed[len + i] = (uint8_t)(sum >> (24 - 8 * i));
    char text[TOKEN_TEXT_BYTES], again[TOKEN_TEXT_BYTES];
    base64url_encode(summed, len + 4, stpcpy(text, TOKEN_PREFIX));
    struct token token;
    if (token_parse(text, &token) == 0 && (token_format(&token, again) != 0 || strcmp(again, text) != 0))
        abort();
    return 0;
}
