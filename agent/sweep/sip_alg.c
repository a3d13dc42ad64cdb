#include "sweep/sip_alg.h"

#include "sip/diff.h"
#include "sip/echo.h"
#include "sweep/chance.h"
#include "sweep/pacer.h"
#include "sweep/rto.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An address that has not answered yet gets six requests three times: below the 20 packets that anybody may be sent
 * unasked. */
#define SENDS_UNANSWERED 3u
#define SENDS_ANSWERED 8u /* at 20 % loss each way, one request in 3,500 stays unanswered */
#define MEDIA_FIRST 40000u
#define EXCHANGES (SIP_PLACES * SIP_METHODS)

/* One request to one place; its fate is in the finding. */
struct exchange {
    struct sip_probe probe;
    enum sip_place place;
    bool over;
    unsigned sends;
    uint64_t sent_us, due_us, give_up_us;
};

struct sip_alg {
    uint64_t patience_us; /* with one request; 0 = as many sends as there are */
    struct rto rto;
    struct pacer pacer;
    bool answered; /* the echo is one, and wants our requests */
    unsigned over;
    struct exchange exchanges[EXCHANGES];
    enum sip_method told; /* whose diff the finding holds */
    struct sip_finding finding;
};

struct address sip_alg_control_address(const struct address *echo)
{
    struct address control = *echo;
    bool room = echo->port <= UINT16_MAX - SIP_ALG_CONTROL_OFFSET;
    control.port = (uint16_t)(room ? echo->port + SIP_ALG_CONTROL_OFFSET : echo->port - SIP_ALG_CONTROL_OFFSET);
    return control;
}

/* RTP takes an even port and RTCP the next: both must be free of the plan. Returns 0 when there is none. */
static uint16_t find_media_port(const struct port_list *ports)
{
    for (unsigned port = MEDIA_FIRST; port < UINT16_MAX; port += 2)
        if (!port_list_contains(ports, TRANSPORT_UDP, (uint16_t)port) &&
            !port_list_contains(ports, TRANSPORT_UDP, (uint16_t)(port + 1)))
            return (uint16_t)port;
    return 0;
}

static void end_exchange(struct sip_alg *alg, struct exchange *exchange, enum sip_fate fate)
{
    exchange->over = true;
    alg->over++;
    alg->finding.fates[exchange->place][exchange->probe.method] = (uint8_t)fate;
}

static void write_probes(struct sip_alg *alg, const struct plan *plan, const struct address *local)
{
    struct chance chance = {plan->seed ^ UINT64_C(0x534950)}; /* not the sequence of the ports' transaction ids */
    uint16_t media_port = find_media_port(&plan->ports);

    for (unsigned i = 0; i < EXCHANGES; i++) {
        struct exchange *exchange = &alg->exchanges[i];
        enum sip_method method = (enum sip_method)(i / SIP_PLACES);
        exchange->place = (enum sip_place)(i % SIP_PLACES);
        exchange->probe.method = method;
        if ((method == SIP_INVITE && media_port == 0) ||
            sip_probe_write(&exchange->probe, method, local, &plan->sip_echo.address, media_port,
                            chance_u64(&chance)) != 0)
            end_exchange(alg, exchange, SIP_NOT_SENT);
    }
}

struct sip_alg *sip_alg_create(const struct plan *plan, const struct address *local, const struct report *report)
{
    struct sip_alg *alg = calloc(1, sizeof *alg);
    if (!alg)
        return NULL;
    alg->patience_us = plan->timeout_us;
    alg->pacer = pacer_make(plan->pace_pps);
    alg->finding.echo = plan->sip_echo.address;
    alg->finding.control = sip_alg_control_address(&plan->sip_echo.address);
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].rtt_us != RTT_UNKNOWN_US)
            rto_sample(&alg->rto, (uint64_t)report->ports[i].rtt_us);
    write_probes(alg, plan, local);
    return alg;
}

void sip_alg_destroy(struct sip_alg *alg)
{
    free(alg);
}

/* --- sending --- */

static bool exhausted(const struct sip_alg *alg, const struct exchange *exchange, uint64_t now_us)
{
    if (alg->patience_us > 0 && exchange->sends > 0 && now_us >= exchange->give_up_us)
        return true;
    return exchange->sends >= (alg->answered ? SENDS_ANSWERED : SENDS_UNANSWERED);
}

static void send_probe(struct sip_alg *alg, struct exchange *exchange, uint64_t now_us, struct sip_alg_action *action)
{
    if (exchange->sends++ == 0)
        exchange->give_up_us = now_us + alg->patience_us;
    bool last = exhausted(alg, exchange, now_us);
    exchange->sent_us = now_us;
    exchange->due_us = now_us + (last ? rto_last_wait_us(&alg->rto) : rto_interval_us(&alg->rto, exchange->sends));
    if (alg->patience_us > 0 && exchange->due_us > exchange->give_up_us)
        exchange->due_us = exchange->give_up_us;
    *action = (struct sip_alg_action){.kind = SIP_ALG_SEND,
                                      .to = exchange->place == SIP_AT_ECHO ? alg->finding.echo : alg->finding.control,
                                      .bytes = (const uint8_t *)exchange->probe.text,
                                      .len = exchange->probe.len};
}

enum sip_alg_action_kind sip_alg_next(struct sip_alg *alg, uint64_t now_us, struct sip_alg_action *action)
{
    uint64_t wake_us = UINT64_MAX;

    for (unsigned i = 0; i < EXCHANGES; i++) {
        struct exchange *exchange = &alg->exchanges[i];
        bool due = !exchange->over && exchange->due_us <= now_us;
        if (due && exhausted(alg, exchange, now_us))
            end_exchange(alg, exchange, (enum sip_fate)alg->finding.fates[exchange->place][exchange->probe.method]);
        else if (due && pacer_take(&alg->pacer, now_us)) {
            send_probe(alg, exchange, now_us, action);
            return action->kind;
        }
        uint64_t next_us = due ? pacer_wake_us(&alg->pacer) : exchange->due_us;
        if (!exchange->over && next_us < wake_us)
            wake_us = next_us;
    }
    *action = (struct sip_alg_action){.kind = alg->over == EXCHANGES ? SIP_ALG_DONE : SIP_ALG_WAIT, .wake_us = wake_us};
    return action->kind;
}

/* --- answers --- */

/* Shows what was done to the request with the most to rewrite: of two rewritten ones the later method. */
static void keep_diff(struct sip_alg *alg, const struct exchange *exchange, const char *diff)
{
    bool first = alg->finding.diff[0] == '\0';
    if (exchange->place != SIP_AT_ECHO || (!first && exchange->probe.method < alg->told))
        return;
    alg->told = exchange->probe.method;
    memcpy(alg->finding.diff, diff, SIP_ALG_DIFF_BYTES);
}

static void read_echo(struct sip_alg *alg, struct exchange *exchange, uint64_t now_us, const char *arrived, size_t len)
{
    const struct sip_probe *probe = &exchange->probe;
    char diff[SIP_ALG_DIFF_BYTES];

    alg->answered = true;
    if (exchange->sends == 1) /* Karn: of a repeated request nobody knows which send was answered */
        rto_sample(&alg->rto, now_us - exchange->sent_us);
    if (sip_diff(probe->text, probe->len, arrived, len, diff, sizeof diff) == 0) {
        end_exchange(alg, exchange, SIP_INTACT);
        return;
    }
    keep_diff(alg, exchange, diff);
    end_exchange(alg, exchange, SIP_REWRITTEN);
}

void sip_alg_received(struct sip_alg *alg, uint64_t now_us, const struct address *from, const uint8_t *bytes,
                      size_t len)
{
    char arrived[SIP_PROBE_BYTES * 2];
    size_t arrived_len;

    if (!address_same_ip(from, &alg->finding.echo))
        return;
    for (unsigned i = 0; i < EXCHANGES; i++) {
        struct exchange *exchange = &alg->exchanges[i];
        if (exchange->over || exchange->sends == 0)
            continue;
        int rc = sip_echo_read(bytes, len, &exchange->probe, arrived, &arrived_len);
        if (rc == 0)
            read_echo(alg, exchange, now_us, arrived, arrived_len);
        else if (rc != -ENOENT) /* the echo may still answer: a gateway says "100 Trying" first */
            alg->finding.fates[exchange->place][exchange->probe.method] = SIP_UNREADABLE;
        if (rc != -ENOENT)
            return;
    }
}

const struct sip_finding *sip_alg_finding(const struct sip_alg *alg)
{
    return &alg->finding;
}
