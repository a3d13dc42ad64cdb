#include "store/multirange.h"

#include <stdint.h>

#define RANGE_LOWER_INCLUSIVE 0x02
#define RANGE_BYTES 17 /* flags, two bounds of 4 bytes, each with its length */

static size_t run_length(const struct port_result *const *ports, size_t count)
{
    size_t len = 1;
    while (len < count && ports[len]->port == ports[len - 1]->port + 1)
        len++;
    return len;
}

static void write_range(struct pg_binary *out, uint32_t first, uint32_t end)
{
    static const uint8_t flags = RANGE_LOWER_INCLUSIVE;
    pg_raw4(out, RANGE_BYTES);
    pg_bytes(out, &flags, sizeof flags);
    pg_int4(out, (int32_t)first);
    pg_int4(out, (int32_t)end);
}

void multirange_write(struct pg_binary *out, const struct port_result *const *ports, size_t count)
{
    uint32_t ranges = 0;
    for (size_t at = 0; at < count; at += run_length(ports + at, count - at))
        ranges++;
    size_t opened = pg_open(out);
    pg_raw4(out, ranges);
    for (size_t at = 0; at < count;) {
        size_t len = run_length(ports + at, count - at);
        write_range(out, ports[at]->port, ports[at]->port + (uint32_t)len);
        at += len;
    }
    pg_close(out, opened);
}
