/* Any datagram as a router's PCP answer. */
#include "net/pcp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct address local = {.family = 4, .port = 40000, .ip = {192, 168, 77, 2}};
    static const uint8_t nonce[PCP_NONCE_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    struct address external = {0};
    if (pcp_read_map(data, size, &local, nonce, &external) == 0 && !address_known(&external))
        abort();
    return 0;
}
