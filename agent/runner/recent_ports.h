/* Which UDP ports our sweeps have sent from in the last 300 s, remembered across runs of the program in a file below
 * /run, one for each network namespace. A mapping that an earlier sweep left alive in the NAT looks like a static
 * forward. */
#ifndef RUNNER_RECENT_PORTS_H
#define RUNNER_RECENT_PORTS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECENT_PORTS_BYTES 8192           /* a bit a port */
#define RECENT_PORTS_WINDOW_US 300000000u /* CONTRACT: silent for 300 s */

struct port_set {
    uint8_t bits[RECENT_PORTS_BYTES];
};

static inline void port_set_add(struct port_set *set, uint16_t port)
{
    set->bits[port / 8] = (uint8_t)(set->bits[port / 8] | 1u << port % 8);
}

static inline bool port_set_has(const struct port_set *set, uint16_t port)
{
    return (set->bits[port / 8] >> port % 8 & 1) != 0;
}

/* The file for this network namespace: in /run/natsweep, or below XDG_RUNTIME_DIR for who may not write there. Makes
 * the folder. Returns 0 or -errno: then no port may be called silent. */
int recent_ports_path(char *path, size_t capacity) MUST_CHECK;

/* Ports sent from within the window before now_us (clock_monotonic_us). No file = none. Returns 0 or -errno. */
int recent_ports_read(const char *path, uint64_t now_us, struct port_set *out) MUST_CHECK;

/* Adds that `ports` are being sent from. A damaged file makes every port a recent one. The first of a namespace
 * removes what others left in the folder and is too old to matter. Returns 0 or -errno. */
int recent_ports_note(const char *path, uint64_t now_us, const struct port_set *ports) MUST_CHECK;

#endif
