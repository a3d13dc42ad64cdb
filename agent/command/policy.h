/* The agent's last word: which commands of a collector it carries out. */
#ifndef COMMAND_POLICY_H
#define COMMAND_POLICY_H

#include "base/attributes.h"
#include "command/job.h"
#include "proto/port_list.h"
#include "proto/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct policy {
    struct port_list allowed;
    uint32_t max_pace_pps; /* SWEEP_PACE_PPS_MAX bounds it once more */
    bool allow_exclusive;
    const struct pbx_config *pbx; /* what exclusive jobs stop; NULL = nothing */
};

struct refusal {
    const char *code; /* a stable word: bad_command, policy_ports, policy_pace, policy_mode */
    char message[WIRE_TEXT_BYTES_MAX];
};

/* Turns a decoded command into a job. Returns 0, or -EPERM or -EINVAL with the reason in `refusal`; `job` is then
 * undefined. */
int policy_judge(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                 struct refusal *refusal) MUST_CHECK;

/* The ports of a command, allowed or not. Returns 0, or -EINVAL when they are no ascending, disjoint ranges. */
int policy_read_ports(const Natsweep__StartSweep *command, struct port_list *ports) MUST_CHECK;

#endif
