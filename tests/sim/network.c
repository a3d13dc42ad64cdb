#include "network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct arrival {
    uint64_t at_us, order;
    struct sim_packet *packet;
};

struct sim_network {
    struct sim_router router;
    struct sim_path path;
    struct chance chance;
    struct arrival *heap;
    size_t count, capacity;
    uint64_t order;
    uint16_t outside[65536][SIM_REMOTES]; /* external port of (inside, group of remotes), 0 = none */
    uint16_t inside[65536];               /* of an external port, 0 = none */
    uint8_t asked[65536];                 /* remotes the inside port has sent to */
    uint8_t polluted[65536];              /* remotes whose unwanted packet left its mark on the outside port */
    uint16_t next_outside;
    unsigned connections;
    uint8_t admitted[65536];         /* remotes that came in to the outside port */
    unsigned strangers[SIM_REMOTES]; /* new ports tried */
    uint64_t banned_until_us[SIM_REMOTES];
    uint64_t stranger_due_us;   /* when the next may come in */
    uint64_t connection_due_us; /* when the next may be made */
    unsigned strangers_in;
};

struct sim_network *sim_network_create(const struct sim_router *router, const struct sim_path *path, uint64_t seed)
{
    struct sim_network *network = calloc(1, sizeof(*network));
    assert(network != NULL);
    network->router = *router;
    network->path = *path;
    network->chance = (struct chance){seed};
    network->next_outside = 20000;
    for (unsigned remote = 0; router->banned_before && remote < SIM_REMOTES; remote++)
        network->banned_until_us[remote] = remote % 4 >= 2 ? router->ban_us : 0;
    for (unsigned port = router->alive.first; port != 0 && port <= router->alive.last; port++) {
        network->outside[port][0] = (uint16_t)port;
        network->inside[port] = (uint16_t)port;
    }
    return network;
}

void sim_network_destroy(struct sim_network *network)
{
    for (size_t i = 0; i < network->count; i++)
        free(network->heap[i].packet);
    free(network->heap);
    free(network);
}

/* --- addresses --- */

struct address sim_remote_address(unsigned remote)
{
    struct address address = {.family = 4, .port = remote % 2 == 0 ? 3478 : 3479, .ip = {203, 0, 113}};
    address.ip[3] = (uint8_t)(10 + 10 * (remote / 4) + (remote % 4) / 2);
    return address;
}

unsigned sim_remote_find(const struct address *address)
{
    for (unsigned remote = 0; remote < SIM_REMOTES; remote++) {
        struct address candidate = sim_remote_address(remote);
        if (address_equal(&candidate, address))
            return remote;
    }
    return SIM_REMOTES;
}

static const struct address public_address = {.family = 4, .ip = {198, 51, 100, 2}};

struct address sim_host_address(const struct sim_router *router)
{
    if (router->mapping == SIM_NO_NAT)
        return public_address;
    return (struct address){.family = 4, .ip = {192, 168, 77, 2}};
}

struct address sim_router_address(void)
{
    return (struct address){.family = 4, .port = 3479, .ip = {192, 168, 77, 1}};
}

static bool within(const struct sim_range *range, uint16_t port)
{
    return range->first != 0 && port >= range->first && port <= range->last;
}

static bool forward_hits(const struct sim_router *router, uint16_t port)
{
    for (size_t i = 0; i < ARRAY_LEN(router->forwards); i++)
        if (within(&router->forwards[i], port))
            return true;
    return false;
}

bool sim_forwarded(const struct sim_router *router, uint16_t port)
{
    return router->filter == SIM_FILTER_NONE || (forward_hits(router, port) && !router->wrong_host);
}

/* --- the path --- */

static bool earlier(const struct arrival *a, const struct arrival *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

static void push(struct sim_network *network, struct arrival arrival)
{
    if (network->count == network->capacity) {
        network->capacity = network->capacity == 0 ? 64 : network->capacity * 2;
        network->heap = realloc(network->heap, network->capacity * sizeof(*network->heap));
        assert(network->heap != NULL);
    }
    size_t place = network->count++;
    while (place > 0 && earlier(&arrival, &network->heap[(place - 1) / 2])) {
        network->heap[place] = network->heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    network->heap[place] = arrival;
}

static struct arrival pop(struct sim_network *network)
{
    struct arrival first = network->heap[0], last = network->heap[--network->count];
    size_t place = 0;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= network->count)
            break;
        if (child + 1 < network->count && earlier(&network->heap[child + 1], &network->heap[child]))
            child++;
        if (!earlier(&network->heap[child], &last))
            break;
        network->heap[place] = network->heap[child];
        place = child;
    }
    network->heap[place] = last;
    return first;
}

static bool happens(struct sim_network *network, double probability)
{
    return (double)(chance_u64(&network->chance) >> 11) / 9007199254740992.0 < probability;
}

static void carry(struct sim_network *network, uint64_t now_us, const struct sim_packet *packet)
{
    unsigned copies = happens(network, network->path.duplicate) ? 2 : 1;
    for (unsigned i = 0; i < copies; i++) {
        if (happens(network, network->path.loss) ||
            (packet->remote % 4 >= 2 && happens(network, network->path.loss_second)))
            continue;
        struct sim_packet *copy = malloc(sizeof(*copy));
        assert(copy != NULL);
        *copy = *packet;
        uint64_t jitter = network->path.jitter_us == 0 ? 0 : chance_u64(&network->chance) % network->path.jitter_us;
        push(network, (struct arrival){now_us + network->path.delay_us + jitter, network->order++, copy});
    }
}

uint64_t sim_network_next_us(const struct sim_network *network)
{
    return network->count == 0 ? UINT64_MAX : network->heap[0].at_us;
}

/* --- the router, outwards --- */

static unsigned group_of(const struct sim_router *router, unsigned remote)
{
    switch (router->mapping) {
    case SIM_ADDRESS_DEPENDENT: return remote / 2;
    case SIM_ADDRESS_AND_PORT_DEPENDENT: return remote;
    default: return 0;
    }
}

static uint16_t map_out(struct sim_network *network, uint16_t inside, unsigned remote)
{
    unsigned group = group_of(&network->router, remote);
    uint16_t *outside = &network->outside[inside][group];
    if (*outside != 0)
        return *outside;
    bool keeps =
        !network->router.renumbers || (network->router.renumbers_back && forward_hits(&network->router, inside));
    *outside = inside;
    if (!keeps || (network->inside[inside] != 0 && network->inside[inside] != inside))
        do
            *outside = network->next_outside++;
        while (network->inside[*outside] != 0);
    network->inside[*outside] = inside;
    return *outside;
}

static void reject(struct sim_network *network, uint64_t now_us, uint16_t inside, unsigned remote)
{
    struct sim_packet icmp = {
        .inbound = true, .is_icmp = true, .icmp = network->router.icmp, .inside = inside, .remote = remote};
    carry(network, now_us, &icmp);
}

/* A connection is what conntrack calls one: the host's port and the remote end. */
static bool table_full(struct sim_network *network, uint16_t inside, unsigned remote)
{
    if (network->router.table_size == 0 || ((unsigned)network->asked[inside] >> remote & 1u) != 0)
        return false;
    return ++network->connections > network->router.table_size;
}

/* A bucket that holds as many as may come in a second. */
static bool overflows(uint64_t *due_us, uint64_t now_us, unsigned pps)
{
    if (pps == 0)
        return false;
    if (*due_us > now_us + 1000000)
        return true;
    *due_us = (*due_us > now_us ? *due_us : now_us) + 1000000 / pps;
    return false;
}

void sim_network_send(struct sim_network *network, uint64_t now_us, uint16_t inside, const struct address *to,
                      const uint8_t *bytes, size_t len)
{
    const struct sim_router *router = &network->router;
    unsigned remote = sim_remote_find(to);
    assert(remote < SIM_REMOTES && len <= SIM_PACKET_BYTES);
    if (within(&router->blocked, inside) && router->block != SIM_PASS) {
        if (router->block == SIM_REJECT)
            reject(network, now_us, inside, remote);
        return;
    }
    if ((router->blocks_second && remote % 4 >= 2) || within(&router->silenced, inside))
        return;
    struct sim_packet packet = {.inside = inside, .remote = remote, .len = len, .mapped = public_address};
    bool known = ((unsigned)network->asked[inside] >> remote & 1u) != 0;
    if (!known && overflows(&network->connection_due_us, now_us, router->connections_pps))
        return;
    if (table_full(network, inside, remote))
        return;
    packet.outside = map_out(network, inside, remote);
    packet.mapped.port = packet.outside;
    if (router->second_wan && inside > 40000)
        packet.mapped.ip[3] = 3;
    network->asked[inside] = (uint8_t)(network->asked[inside] | 1u << remote);
    memcpy(packet.bytes, bytes, len);
    carry(network, now_us, &packet);
}

/* --- the router, inwards --- */

static bool filter_lets_in(const struct sim_network *network, uint16_t inside, uint16_t outside, unsigned remote)
{
    const struct sim_router *router = &network->router;
    unsigned asked = network->asked[inside];
    if (network->outside[inside][group_of(router, remote)] != outside)
        return false;
    switch (router->filter) {
    case SIM_FILTER_NONE:
    case SIM_FILTER_ENDPOINT: return true;
    case SIM_FILTER_ADDRESS: return ((unsigned)asked >> (remote & ~1u) & 3u) != 0;
    default: return ((unsigned)asked >> remote & 1u) != 0;
    }
}

/* Returns the host's port, 0 when the packet is not let in. */
static uint16_t map_in(struct sim_network *network, uint16_t outside, unsigned remote)
{
    const struct sim_router *router = &network->router;
    uint16_t inside = network->inside[outside];
    bool swallowed = ((unsigned)network->polluted[outside] >> remote & 1u) != 0;
    if (inside != 0 && !swallowed && filter_lets_in(network, inside, outside, remote))
        return inside;
    if (router->filter == SIM_FILTER_NONE)
        return outside;
    if (forward_hits(router, outside))
        return router->wrong_host ? 0 : outside;
    /* What DOMAIN.md 2 warns of: the router remembers the refused packet, and later swallows what looks like it. */
    if (!router->forgets_strangers)
        network->polluted[outside] = (uint8_t)(network->polluted[outside] | 1u << remote);
    return 0;
}

static bool one_too_many(struct sim_network *network, uint64_t now_us, bool asked)
{
    return !asked && overflows(&network->stranger_due_us, now_us, network->router.strangers_pps);
}

static bool was_asked(const struct sim_network *network, uint16_t inside, unsigned remote)
{
    return inside != 0 && ((unsigned)network->asked[inside] >> remote & 1u) != 0;
}

static bool scan_blocked(struct sim_network *network, uint64_t now_us, uint16_t outside, unsigned remote)
{
    unsigned host = remote & ~1u;
    bool asked = was_asked(network, network->inside[outside], remote);
    if (one_too_many(network, now_us, asked))
        return true;
    if (network->router.scan_limit == 0 && !network->router.banned_before)
        return false;
    if (network->router.ban_spares_known && (asked || ((unsigned)network->admitted[outside] >> remote & 1u) != 0))
        return false;
    if (now_us < network->banned_until_us[host])
        return true;
    if (!asked && network->router.scan_limit != 0 && ++network->strangers[host] > network->router.scan_limit) {
        network->banned_until_us[host] = now_us + network->router.ban_us;
        network->strangers[host] = 0;
        return true;
    }
    network->admitted[outside] = (uint8_t)(network->admitted[outside] | 1u << remote);
    return false;
}

void sim_network_answer(struct sim_network *network, uint64_t now_us, unsigned remote, const struct address *to,
                        const uint8_t *bytes, size_t len, uint64_t after_us)
{
    struct sim_packet packet = {.inbound = true, .remote = remote, .outside = to->port, .len = len};
    memcpy(packet.bytes, bytes, len);
    carry(network, now_us + after_us, &packet);
}

bool sim_network_take(struct sim_network *network, uint64_t now_us, struct sim_packet *packet)
{
    while (network->count > 0 && network->heap[0].at_us <= now_us) {
        struct arrival arrival = pop(network);
        *packet = *arrival.packet; /* NOLINT(clang-analyzer-unix.Malloc): each packet is in the heap once */
        free(arrival.packet);
        if (!packet->inbound || packet->is_icmp)
            return true;
        if (scan_blocked(network, arrival.at_us, packet->outside, packet->remote))
            continue;
        packet->inside = map_in(network, packet->outside, packet->remote);
        bool stranger = packet->inside != 0 && !was_asked(network, packet->inside, packet->remote);
        network->strangers_in += stranger;
        packet->rewritten = stranger && network->router.rewrites_source;
        if (packet->inside != 0)
            return true;
    }
    return false;
}

unsigned sim_network_strangers(const struct sim_network *network)
{
    return network->strangers_in;
}
