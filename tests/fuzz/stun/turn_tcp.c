/* A hostile TURN server: any bytes of the stream, in any pieces. */
#include "stun/turn_tcp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct address peer = {.family = 4, .port = 5060, .ip = {203, 0, 113, 2}};
    struct turn_tcp *turn = turn_tcp_create(4, "user", "password", 0);
    if (!turn)
        return 0;
    uint8_t request[TURN_MESSAGE_BYTES];
    uint64_t now_us = 0;
    uint32_t token = 0;
    while (size > 0) {
        size_t piece = (size_t)data[0] + 1 < size ? (size_t)data[0] + 1 : size;
        bool has_event;
        struct turn_event event;
        size_t taken = turn_tcp_input(turn, now_us += 1000000, data, piece, &has_event, &event);
        if (taken == 0 || taken > piece)
            abort();
        data += taken;
        size -= taken;
        if (turn_tcp_connect(turn, &peer, token) == 0)
            token++;
        while (turn_tcp_output(turn, now_us, request) > 0) {
        }
    }
    turn_tcp_destroy(turn);
    return 0;
}
