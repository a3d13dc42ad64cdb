/* Any datagram as a router's NAT-PMP answer. */
#include "net/nat_pmp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct address external = {0};
    if (nat_pmp_read(data, size, &external) == 0 && !address_known(&external))
        abort();
    return 0;
}
