#include "command/policy.h"

#include "base/random.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Long enough for all ports at a crawl; a forgotten deadline must not keep an agent busy for ever. */
#define DEADLINE_MOST_S 21600u
#define PATIENCE_MOST_S 3600u

static int PRINTF_LIKE(3, 4) refuse(struct refusal *refusal, const char *code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    refusal->code = code;
    vsnprintf(refusal->message, sizeof refusal->message, format, arguments);
    va_end(arguments);
    return strcmp(code, "bad_command") == 0 ? -EINVAL : -EPERM;
}

static bool follows(const struct port_range *previous, const struct port_range *range)
{
    if (previous->transport != range->transport)
        return previous->transport < range->transport;
    return previous->last < range->first;
}

int policy_read_ports(const Natsweep__StartSweep *command, struct port_list *ports)
{
    if (command->n_ports == 0 || command->n_ports > PORT_RANGES_MAX)
        return -EINVAL;
    for (size_t i = 0; i < command->n_ports; i++) {
        const Natsweep__PortRange *from = command->ports[i];
        struct port_range *to = &ports->ranges[i];
        if (from->first < 1 || from->last > 65535 || from->first > from->last || !transport_word(from->transport))
            return -EINVAL;
        *to = (struct port_range){.first = (uint16_t)from->first,
                                  .last = (uint16_t)from->last,
                                  .transport = (uint8_t)from->transport,
                                  .role = (uint8_t)from->role,
                                  .expect = (uint8_t)from->expect,
                                  .group = (uint8_t)from->group};
        if (i > 0 && !follows(to - 1, to))
            return -EINVAL;
    }
    ports->count = command->n_ports;
    return 0;
}

/* The first port of `range` outside the ascending list `allowed`; 0 when all are inside. */
static unsigned first_outside(const struct port_list *allowed, const struct port_range *range)
{
    unsigned port = range->first;
    for (size_t i = 0; i < allowed->count && port <= range->last; i++) {
        const struct port_range *inside = &allowed->ranges[i];
        if (inside->transport == range->transport && port >= inside->first && port <= inside->last)
            port = inside->last + 1u;
    }
    return port <= range->last ? port : 0;
}

static int judge_ports(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                       struct refusal *refusal)
{
    struct port_list *ports = &job->plan.ports;
    if (policy_read_ports(command, ports))
        return refuse(refusal, "bad_command", "the command's ports are not ascending, separate ranges within 1-65535");
    for (size_t i = 0; i < ports->count; i++) {
        unsigned outside = first_outside(&policy->allowed, &ports->ranges[i]);
        if (outside)
            return refuse(refusal, "policy_ports",
                          "this agent's settings (policy.allowed_ports) do not allow a test of port %u/%s", outside,
                          transport_word(ports->ranges[i].transport));
    }
    return 0;
}

static int judge_pace(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                      struct refusal *refusal)
{
    uint32_t most = policy->max_pace_pps < SWEEP_PACE_PPS_MAX ? policy->max_pace_pps : SWEEP_PACE_PPS_MAX;
    if (command->pace_pps == 0)
        return refuse(refusal, "policy_pace",
                      "an unpaced sweep is not for collectors to ask for; this agent sends up to %u packets per second",
                      most);
    if (command->pace_pps > most)
        return refuse(refusal, "policy_pace",
                      "this agent sends up to %u packets per second (policy.max_pace_pps); %u were asked for", most,
                      (unsigned)command->pace_pps);
    job->plan.pace_pps = command->pace_pps;
    return 0;
}

static int judge_mode(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                      struct refusal *refusal)
{
    if (!mode_word(command->mode))
        return refuse(refusal, "bad_command", "the command names no mode that this agent knows");
    if (command->mode == MODE_EXCLUSIVE && !policy->allow_exclusive)
        return refuse(refusal, "policy_mode",
                      "this agent's settings (policy.allow_exclusive) do not allow the PBX to be stopped for a test");
    if (command->family != 4 && command->family != 6)
        return refuse(refusal, "bad_command", "the command's address family is neither 4 nor 6");
    job->plan.mode = (enum sweep_mode)command->mode;
    job->pbx = policy->pbx;
    job->plan.family = (uint8_t)command->family;
    return 0;
}

static int judge_servers(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                         struct refusal *refusal)
{
    (void)policy; /* whom to ask is the collector's choice: the sweep itself demands the server's consent */
    if (command->n_servers == 0 || command->n_servers > COMMAND_SERVERS_MAX)
        return refuse(refusal, "bad_command", "the command must name 1 to %d STUN servers", COMMAND_SERVERS_MAX);
    for (size_t i = 0; i < command->n_servers; i++) {
        char *name = job->servers.names[i];
        if ((size_t)snprintf(name, SERVER_NAME_BYTES, "%s", command->servers[i]) >= SERVER_NAME_BYTES)
            return refuse(refusal, "bad_command", "the name of a STUN server is too long");
    }
    job->servers.count = command->n_servers;
    if ((size_t)snprintf(job->servers.turn, SERVER_NAME_BYTES, "%s", command->turn_server) >= SERVER_NAME_BYTES ||
        (size_t)snprintf(job->servers.sip_echo, SERVER_NAME_BYTES, "%s", command->sip_echo) >= SERVER_NAME_BYTES)
        return refuse(refusal, "bad_command", "the name of the TURN server or SIP echo is too long");
    return 0;
}

static int judge_credentials(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                             struct refusal *refusal)
{
    (void)policy;
    const Natsweep__Credentials *credentials = command->credentials;
    struct plan *plan = &job->plan;
    if (!credentials)
        return 0;
    if ((size_t)snprintf(plan->user, sizeof plan->user, "%s", credentials->user) >= sizeof plan->user ||
        (size_t)snprintf(plan->password, sizeof plan->password, "%s", credentials->password) >= sizeof plan->password)
        return refuse(refusal, "bad_command", "the credentials are longer than %d bytes", PLAN_CREDENTIAL_BYTES - 1);
    return 0;
}

static uint64_t at_most_us(uint32_t wanted_s, uint32_t most_s)
{
    return (uint64_t)(wanted_s < most_s ? wanted_s : most_s) * 1000000;
}

int policy_judge(const struct policy *policy, const Natsweep__StartSweep *command, struct job *job,
                 struct refusal *refusal)
{
    static int (*const judges[])(const struct policy *, const Natsweep__StartSweep *, struct job *,
                                 struct refusal *) = {judge_ports, judge_pace, judge_mode, judge_servers,
                                                      judge_credentials};
    memset(job, 0, sizeof *job);
    for (size_t i = 0; i < ARRAY_LEN(judges); i++) {
        int error = judges[i](policy, command, job, refusal);
        if (error)
            return error;
    }
    uint32_t deadline_s = command->deadline_s ? command->deadline_s : DEADLINE_MOST_S;
    job->plan.deadline_us = at_most_us(deadline_s, DEADLINE_MOST_S);
    job->plan.patience_us = at_most_us(command->patience_s, PATIENCE_MOST_S);
    job->plan.seed = random_u64();
    return 0;
}
