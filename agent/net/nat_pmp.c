#include "net/nat_pmp.h"

#include <errno.h>
#include <string.h>

#define ANSWER_BYTES 12
#define HEAD_BYTES 4
#define OPCODE_EXTERNAL_ADDRESS 128 /* 0, as an answer */
#define RESULT_UNSUPPORTED_VERSION 1
#define ADDRESS_OFFSET 8

void nat_pmp_write_request(uint8_t out[NAT_PMP_REQUEST_BYTES])
{
    memset(out, 0, NAT_PMP_REQUEST_BYTES); /* version 0, opcode 0 */
}

int nat_pmp_read(const uint8_t *bytes, size_t len, struct address *external)
{
    static const uint8_t none[4];

    if (len < HEAD_BYTES || (bytes[1] & 0x80) == 0)
        return -EBADMSG;
    unsigned result = (unsigned)bytes[2] << 8 | bytes[3];
    if (result == RESULT_UNSUPPORTED_VERSION) /* PCP's code is the same, in the second of the two bytes */
        return -EPROTONOSUPPORT;
    if (bytes[0] != 0 || bytes[1] != OPCODE_EXTERNAL_ADDRESS)
        return -EBADMSG;
    if (result != 0)
        return -EREMOTEIO;
    if (len < ANSWER_BYTES)
        return -EBADMSG;
    if (memcmp(bytes + ADDRESS_OFFSET, none, sizeof none) == 0) /* no uplink */
        return -EREMOTEIO;
    *external = (struct address){.family = 4};
    memcpy(external->ip, bytes + ADDRESS_OFFSET, 4);
    return 0;
}
