#include "runner/surroundings.h"

#include "base/clock.h"
#include "base/random.h"
#include "net/gateway.h"
#include "net/hop.h"
#include "net/nat_pmp.h"
#include "net/pcp.h"
#include "net/route.h"
#include "net/udp_socket.h"
#include "stun/message.h"
#include "sweep/double_nat.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 3
#define ROUND_US 100000u /* the routers asked are near */
#define BYTES 1280
#define MAPPING_S 30 /* of a PCP mapping, should its deletion be lost */

enum gateway_state { GATEWAY_NONE, GATEWAY_NAT_PMP, GATEWAY_PCP, GATEWAY_SETTLED };

struct surroundings {
    const struct report *report;
    struct address local, gateway;
    int hop_fd, gateway_fd;
    enum gateway_state state;
    bool hop_settled;
    uint8_t nonce[PCP_NONCE_BYTES];
    struct double_nat_evidence evidence;
};

/* --- the second router: it says that it dropped a packet --- */

static void send_hop_probe(struct surroundings *around)
{
    uint8_t id[STUN_TRANSACTION_ID_BYTES], request[STUN_HEADER_BYTES];
    struct stun_writer writer;

    random_bytes(id, sizeof id);
    stun_writer_begin(&writer, request, sizeof request, STUN_REQUEST, STUN_BINDING, id);
    int len = stun_writer_finish(&writer);
    if (len < 0 || udp_socket_send(around->hop_fd, &around->report->server_address, request, (size_t)len) != 0)
        around->hop_settled = true;
}

static void read_hop(struct surroundings *around)
{
    struct address from;
    unsigned routers;
    int rc;

    while ((rc = hop_receive(around->hop_fd, &from)) == 0 || rc == -ENOENT)
        if (rc == 0) {
            around->evidence.second_hop = from;
            around->hop_settled = true;
        }
    while (hop_receive_answer(around->hop_fd, &from, &routers) == 0)
        if (address_equal(&from, &around->report->server_address)) {
            /* Of a server that is farther off a router on the way gives every packet a new limit. */
            around->evidence.server_is_second_hop = routers == 1;
            around->hop_settled = true;
        }
}

/* --- the first router: NAT-PMP, or PCP when it knows nothing else --- */

static void send_to_gateway(struct surroundings *around, uint32_t lifetime_s)
{
    uint8_t bytes[PCP_MAP_BYTES];
    size_t len = NAT_PMP_REQUEST_BYTES;

    if (around->state == GATEWAY_NAT_PMP) {
        nat_pmp_write_request(bytes);
    } else {
        pcp_write_map(bytes, &around->local, around->nonce, lifetime_s);
        len = sizeof bytes;
    }
    if (udp_socket_send(around->gateway_fd, &around->gateway, bytes, len) != 0)
        around->state = GATEWAY_SETTLED;
}

static void gateway_told(struct surroundings *around, const struct address *wan, const char *how)
{
    around->evidence.router_wan = *wan;
    around->evidence.router_wan_how = how;
    if (around->state == GATEWAY_PCP)
        send_to_gateway(around, 0); /* the mapping was asked for to hear the address */
    around->state = GATEWAY_SETTLED;
}

static void read_answer(struct surroundings *around, const uint8_t *bytes, size_t len)
{
    struct address wan;
    bool nat_pmp = around->state == GATEWAY_NAT_PMP;
    int rc = nat_pmp ? nat_pmp_read(bytes, len, &wan) : pcp_read_map(bytes, len, &around->local, around->nonce, &wan);

    if (rc == 0) {
        gateway_told(around, &wan, nat_pmp ? "NAT-PMP" : "PCP");
    } else if (nat_pmp && rc == -EPROTONOSUPPORT) {
        around->state = GATEWAY_PCP;
        send_to_gateway(around, MAPPING_S);
    } else if (rc == -EREMOTEIO) {
        around->state = GATEWAY_SETTLED;
    }
}

static void read_gateway(struct surroundings *around)
{
    uint8_t bytes[BYTES];
    struct address from;
    struct icmp_error error;
    size_t len;
    int rc;

    while ((rc = udp_socket_receive_icmp(around->gateway_fd, &error)) == 0 || rc == -ENOENT)
        if (rc == 0)
            around->state = GATEWAY_SETTLED; /* it speaks neither */
    while (udp_socket_receive(around->gateway_fd, &from, bytes, sizeof bytes, &len) == 0)
        if (address_equal(&from, &around->gateway) &&
            (around->state == GATEWAY_NAT_PMP || around->state == GATEWAY_PCP))
            read_answer(around, bytes, len);
}

/* --- both at once --- */

static bool settled(const struct surroundings *around)
{
    return around->hop_settled && (around->state == GATEWAY_SETTLED || around->state == GATEWAY_NONE);
}

/* Returns false when it was cancelled. */
static bool listen_until(struct surroundings *around, int cancel_fd, uint64_t until_us)
{
    struct pollfd ready[] = {{.fd = around->hop_fd, .events = POLLIN},
                             {.fd = around->gateway_fd, .events = POLLIN},
                             {.fd = cancel_fd, .events = POLLIN}};

    for (uint64_t now_us; !settled(around) && (now_us = clock_monotonic_us()) < until_us;) {
        if (poll(ready, ARRAY_LEN(ready), (int)((until_us - now_us + 999) / 1000)) < 0 && errno != EINTR)
            return false;
        if (ready[2].revents != 0)
            return false;
        if (ready[0].revents != 0)
            read_hop(around);
        if (ready[1].revents != 0)
            read_gateway(around);
    }
    return true;
}

static void look(struct surroundings *around, int cancel_fd)
{
    for (int round = 0; round < ROUNDS && !settled(around); round++) {
        if (!around->hop_settled)
            send_hop_probe(around);
        if (around->state == GATEWAY_NAT_PMP || around->state == GATEWAY_PCP)
            send_to_gateway(around, MAPPING_S);
        if (!listen_until(around, cancel_fd, clock_monotonic_us() + ROUND_US))
            return;
    }
}

static void open_hop(struct surroundings *around)
{
    struct address local = around->local;

    local.port = 0;
    around->hop_fd = udp_socket_open(&local);
    around->hop_settled = around->hop_fd < 0 || hop_limit(around->hop_fd, local.family, 2) != 0;
}

static void open_gateway(struct surroundings *around)
{
    struct address local;

    if (around->local.family != 4 || gateway_find("/proc", &around->gateway) != 0)
        return;
    around->gateway.port = NAT_PMP_PORT;
    if (route_local_address(&around->gateway, &local) != 0 || !address_same_ip(&local, &around->local))
        return; /* the way to the server is another */
    around->gateway_fd = udp_socket_open(&local);
    if (around->gateway_fd < 0 || udp_socket_port(around->gateway_fd, &around->local.port) != 0)
        return;
    random_bytes(around->nonce, sizeof around->nonce);
    around->state = GATEWAY_NAT_PMP;
}

void surroundings_look(const struct runner_hooks *hooks, struct report *report)
{
    struct surroundings around = {.report = report, .local = report->local_address, .hop_fd = -1, .gateway_fd = -1};

    if (!address_same_ip(&report->local_address, &report->public_address)) {
        open_hop(&around);
        open_gateway(&around);
        look(&around, hooks->cancel_fd);
    }
    double_nat_judge(&around.evidence, report);
    if (around.hop_fd >= 0)
        close(around.hop_fd);
    if (around.gateway_fd >= 0)
        close(around.gateway_fd);
}
