/* Any bytes through the whole reading side of the codec, as a stranger's datagram goes. */
#include "stun/message.h"
#include "stun/attribute.h"
#include "stun/auth.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const uint16_t types[] = {STUN_MAPPED_ADDRESS,  STUN_CHANGE_REQUEST,     STUN_SOURCE_ADDRESS,
                                 STUN_CHANGED_ADDRESS, STUN_XOR_MAPPED_ADDRESS, STUN_RESPONSE_PORT,
                                 STUN_RESPONSE_ORIGIN, STUN_OTHER_ADDRESS};

static void read_everything(const struct stun_message *message)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        struct address address;
        uint32_t number = 0;
        int plain = stun_attribute_address(message, types[i], &address);
        int masked = stun_attribute_xor_address(message, types[i], &address);
        if (plain != masked || stun_attribute_u32(message, types[i], &number) > 0)
            abort();
    }
    uint16_t code = 0;
    struct stun_challenge challenge;
    if (stun_attribute_error_code(message, &code) == 0 && (code < 300 || code > 699))
        abort();
    if (stun_challenge_read(message, &challenge) == 0 && (challenge.nonce_len == 0 || challenge.realm_len == 0))
        abort();
    if (stun_check_integrity(message, "key", 3) > 0)
        abort();
    (void)stun_attribute_unknown(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct stun_message message;
    if (stun_message_parse(bytes, len, &message) != 0)
        return 0;
    if (message.len > len || !stun_message_is_stun(bytes, len))
        abort();
    read_everything(&message);
    return 0;
}
