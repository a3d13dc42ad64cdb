/* Any datagram as the echo's answer, and any echo into the diff. */
#include "sip/echo.h"
#include "sip/diff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct address here = {.family = 4, .port = 5060, .ip = {192, 168, 77, 2}};
    struct sip_probe probe;
    char arrived[SIP_PROBE_BYTES * 2], diff[512];
    size_t arrived_len;
    if (sip_probe_write(&probe, SIP_INVITE, &here, &here, 40000, 1) != 0)
        return 0;
    if (sip_echo_read(data, size, &probe, arrived, &arrived_len) == 0)
        sip_diff(probe.text, probe.len, arrived, arrived_len, diff, sizeof diff);
    sip_diff(probe.text, probe.len, (const char *)data, size, diff, sizeof diff);
    return 0;
}
