/* What this host can tell about the UDP ports of a plan before they are swept: who holds them, and which were silent.
 */
#ifndef RUNNER_HOST_PORTS_H
#define RUNNER_HOST_PORTS_H

#include "base/attributes.h"
#include "net/port_owner.h"
#include "runner/recent_ports.h"
#include "sweep/plan.h"

#include <stdint.h>

#define HOST_PORTS_PATH_BYTES 256

struct host_ports {
    struct port_owner_table *owners; /* when the sweep began; NULL = unknown */
    struct port_set planned, probes;
    char recent_path[HOST_PORTS_PATH_BYTES]; /* empty: the ports that were sent from cannot be remembered */
    char probes_path[HOST_PORTS_PATH_BYTES]; /* the same for those of probes */
};

/* Looks around and marks the plan's silent and probed ports (see plan_mark_silent, plan_mark_probed). What cannot be
 * known only costs verdicts. */
void host_ports_look(struct host_ports *ports, struct plan *plan, uint64_t now_us);
void host_ports_release(struct host_ports *ports);

/* A probe leaves from `port`. */
void host_ports_probe(struct host_ports *ports, uint16_t port);
/* Remembers for later runs that the planned ports, and those of the probes, are being sent from. */
void host_ports_note(const struct host_ports *ports, uint64_t now_us);

/* Remembers that the planned ports which programs hold just now are being sent from: when the PBX is stopped, its
 * mappings live on. Returns 0 or -errno: then none of them may be tested as free. */
int host_ports_note_held(const struct plan *plan, uint64_t now_us) MUST_CHECK;

const struct port_owner *host_ports_owner(const struct host_ports *ports, uint16_t port); /* NULL = unknown */

#endif
