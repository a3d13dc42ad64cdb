/* The ports of a report batch as columns (natsweep.proto, PortColumns): pure, about 1.2 bytes a port with full
 * evidence, 0.03 when only verdicts are known.
 *
 * A port's key is transport << 16 | port; keys ascend strictly. A *run column* is a list of pairs (value, length - 1):
 * so many ports in a row have that value; the lengths add up to the number of ports.
 *
 * - port_runs: the value is the gap between this run's first key and the key after the previous run (0 before the
 *   first). So a duplicate or a port out of order cannot be written down.
 * - plan_runs: role | expect << 4
 * - verdict_runs: verdict | reason << 4
 * - fact_runs: reached | preserved << 2 | inbound << 4 | unsolicited << 6 | live << 8 | rtt_known << 9
 * - attempt_runs: requests sent
 * - mapped_ip_runs: 0 = mapped address unknown, else 1 + index into mapped_ips (4 or 16 bytes each)
 * - mapped_ports: of each port whose mapped address is known and that is not preserved: its offset (mapped port -
 *   port, modulo 2^16) minus the offset of the one before (0 at first), as a signed 16 bit number, zigzag varint
 * - rtt: of each port whose RTT is known: RTT - rtt_median, both in rtt_unit_us, zigzag varint. The encoder takes the
 *   smallest unit of 1, 2, 5, 10, 20, 50, ... us in which nine of ten ports need one byte: about a hundredth of the
 *   path's own jitter.
 * - owner_runs: 0 = no owner, else 1 + index into owners
 *
 * mapped_ips and owners hold each value once; what goes past REPORT_BATCH_IPS and REPORT_BATCH_OWNERS is left out (0).
 */
#ifndef PROTO_COLUMNS_H
#define PROTO_COLUMNS_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"
#include "proto/port_result.h"

#include <stddef.h>

enum {
    COLUMNS_PLAN_SHIFT = 4,
    COLUMNS_VERDICT_SHIFT = 4,
    COLUMNS_LIVE_BIT = 1 << 8,
    COLUMNS_RTT_KNOWN_BIT = 1 << 9,
    COLUMNS_FACTS_END = 1 << 10
};

/* Makes columns of at most REPORT_BATCH_PORTS ports. Returns 0 and a message that columns_free releases, WIRE_MEMORY,
 * or WIRE_FIELD when the ports do not ascend, a word is missing, or a preserved port has another mapped port. The
 * message points into `ports`, which must outlive it. */
int columns_encode(const struct port_result *ports, size_t count, Natsweep__PortColumns **out) MUST_CHECK;
void columns_free(Natsweep__PortColumns *columns); /* NULL is fine */

/* Number of ports in the columns; negative (WIRE_FIELD) when the runs are not what they must be. */
int columns_count(const Natsweep__PortColumns *columns) MUST_CHECK;

/* Fills `count` = columns_count() ports and one owner for each element of columns->owners; ports point to their owners.
 * Returns 0 or WIRE_FIELD, both arrays then undefined. */
int columns_decode(const Natsweep__PortColumns *columns, struct port_result *ports, size_t count,
                   struct port_owner *owners) MUST_CHECK;

#endif
