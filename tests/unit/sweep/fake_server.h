/* A STUN server as short as can be, for tests of engines that only ask it for their mapped address. */
#ifndef TEST_SWEEP_FAKE_SERVER_H
#define TEST_SWEEP_FAKE_SERVER_H

#include "stun/attribute.h"
#include "stun/message.h"
#include "sweep/sweep.h"

#include <stdbool.h>

#define FAKE_SERVER_BYTES 128

/* Answers the request that `action` sends. Returns the length of `bytes`. */
static inline size_t fake_server_answer(const struct sweep_action *action, const struct address *mapped,
                                        uint8_t bytes[FAKE_SERVER_BYTES])
{
    struct stun_message request;
    struct stun_writer writer;
    assert_int_equal(stun_message_parse(action->packet, action->len, &request), 0);
    stun_writer_begin(&writer, bytes, FAKE_SERVER_BYTES, STUN_SUCCESS, STUN_BINDING, request.transaction_id);
    stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, mapped);
    int len = stun_writer_finish(&writer);
    assert_true(len > 0);
    return (size_t)len;
}

/* The RESPONSE-PORT that `action` asks for, 0 = none. */
static inline uint16_t fake_server_response_port(const struct sweep_action *action)
{
    struct stun_message request;
    const uint8_t *value;
    size_t len;
    assert_int_equal(stun_message_parse(action->packet, action->len, &request), 0);
    if (stun_attribute_find(&request, STUN_RESPONSE_PORT, &value, &len) != 0)
        return 0;
    return (uint16_t)(value[0] << 8 | value[1]);
}

#endif
