#include "gateway/gateway.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/settings.h"
#include "base/zsocket.h"
#include "gateway/agent_endpoint.h"
#include "gateway/agent_orders.h"
#include "gateway/enroll_endpoint.h"
#include "gateway/self_test.h"
#include "gateway/zap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define STORES_MAX 16
#define LINGER_MS 1000
#define AGENT_QUEUE 64 /* messages for one agent: a command, a cancel, acks; more means that it does not read */
#define STRANGER_QUEUE 4
#define BUDGET 64 /* messages of one kind before the others have their turn */
#define TICK_US 1000000u
#define COUNTS_LOG_US 60000000u
#define US_PER_MS 1000u

enum { POLL_STOP, POLL_ZAP, POLL_AGENTS, POLL_ENROLL, POLL_CONTROL, POLL_STORES };

struct gateway {
    struct gateway_config config;
    void *zap;
    struct counts counts;
    struct agent_endpoint agents;
    struct enroll_endpoint enroll; /* its router is NULL when there is no enrolment here */
    char endpoint[GATEWAY_ENDPOINT_BYTES], enroll_endpoint[GATEWAY_ENDPOINT_BYTES];
    uint64_t next_tick_us, next_log_us, drain_deadline_us;
};

static void explain_bind(const char *endpoint, char message[GATEWAY_MESSAGE_BYTES])
{
    if (zmq_errno() == EADDRINUSE)
        snprintf(message, GATEWAY_MESSAGE_BYTES,
                 "cannot listen on %s: another program (an older collector?) holds that port", endpoint);
    else
        snprintf(message, GATEWAY_MESSAGE_BYTES, "cannot listen on %s: %s", endpoint, zmq_strerror(zmq_errno()));
}

/* Binds all endpoints of a list; `bound` receives the last one as it became. */
static int bind_all(void *router, const char *list, char bound[GATEWAY_ENDPOINT_BYTES],
                    char message[GATEWAY_MESSAGE_BYTES])
{
    const char *item;
    for (size_t len; (len = settings_next_item(&list, &item)) > 0;) {
        char endpoint[GATEWAY_ENDPOINT_BYTES];
        if (len >= sizeof(endpoint)) {
            snprintf(message, GATEWAY_MESSAGE_BYTES, "an endpoint to listen on is longer than %d characters",
                     GATEWAY_ENDPOINT_BYTES - 1);
            return -1;
        }
        memcpy(endpoint, item, len);
        endpoint[len] = '\0';
        if (zmq_bind(router, endpoint) != 0) {
            explain_bind(endpoint, message);
            return -1;
        }
    }
    size_t bound_bytes = GATEWAY_ENDPOINT_BYTES;
    return zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, bound, &bound_bytes);
}

static int open_enrolment(struct gateway *gateway, void *context, char message[GATEWAY_MESSAGE_BYTES])
{
    static const struct zsocket_limits limits = {
        .high_water_mark = STRANGER_QUEUE, .max_message_bytes = WIRE_ENROLL_BYTES_MAX, .linger_ms = LINGER_MS};
    const struct gateway_config *config = &gateway->config;
    if (!config->listen_enroll || !config->listen_enroll[0])
        return 0;
    struct enroll_endpoint *enroll = &gateway->enroll;
    enroll->router = zsocket_curve_router(context, config->server, &limits);
    if (!enroll->router ||
        zmq_setsockopt(enroll->router, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN_ENROLL, strlen(ZAP_DOMAIN_ENROLL)) != 0) {
        snprintf(message, GATEWAY_MESSAGE_BYTES, "cannot make the enrolment socket: %s", zmq_strerror(zmq_errno()));
        return -1;
    }
    enroll->control = config->control;
    enroll->counts = &gateway->counts;
    limiter_init(&enroll->limiter, config->enroll_source_per_minute, config->enroll_total_per_minute, random_u64(),
                 clock_monotonic_us());
    return bind_all(enroll->router, config->listen_enroll, gateway->enroll_endpoint, message);
}

static int open_agents(struct gateway *gateway, void *context, char message[GATEWAY_MESSAGE_BYTES])
{
    static const struct zsocket_limits limits = {
        .high_water_mark = AGENT_QUEUE, .max_message_bytes = WIRE_FRAME_BYTES_MAX, .linger_ms = LINGER_MS};
    const struct gateway_config *config = &gateway->config;
    struct agent_endpoint *agents = &gateway->agents;
    *agents = (struct agent_endpoint){.control = config->control,
                                      .stores = config->stores,
                                      .store_count = config->store_count,
                                      .counts = &gateway->counts,
                                      .admission = admission_make(config->queue_bytes),
                                      .heartbeat_ms = config->heartbeat_ms,
                                      .heartbeat_misses = config->heartbeat_misses};
    agents->peers = peers_create();
    agents->router = zsocket_curve_router(context, config->server, &limits);
    if (!agents->peers || !agents->router) {
        snprintf(message, GATEWAY_MESSAGE_BYTES, "cannot make the agents' socket: %s", zmq_strerror(zmq_errno()));
        return -1;
    }
    if (self_test(agents->router, gateway->zap, config->server->public_key, message) != 0)
        return -1;
    tallies_set(config->tallies, TALLY_SELF_TEST, 1);
    tallies_set(config->tallies, TALLY_QUEUE_LIMIT_BYTES, (int64_t)config->queue_bytes);
    return bind_all(agents->router, config->listen, gateway->endpoint, message);
}

struct gateway *gateway_create(void *context, const struct gateway_config *config, char message[GATEWAY_MESSAGE_BYTES])
{
    struct gateway *gateway = calloc(1, sizeof(*gateway));
    if (!gateway) {
        snprintf(message, GATEWAY_MESSAGE_BYTES, "out of memory");
        return NULL;
    }
    gateway->config = *config;
    gateway->counts.tallies = config->tallies;
    gateway->zap = zap_socket(context);
    if (!gateway->zap)
        snprintf(message, GATEWAY_MESSAGE_BYTES, "cannot make the ZAP handler: %s", zmq_strerror(zmq_errno()));
    if (gateway->zap && open_agents(gateway, context, message) == 0 && open_enrolment(gateway, context, message) == 0)
        return gateway;
    gateway_destroy(gateway);
    return NULL;
}

static void close_socket(void *socket)
{
    if (socket)
        zmq_close(socket);
}

void gateway_destroy(struct gateway *gateway)
{
    if (!gateway)
        return;
    close_socket(gateway->enroll.router);
    close_socket(gateway->agents.router);
    close_socket(gateway->zap);
    peers_destroy(gateway->agents.peers);
    keyring_free(&gateway->agents.keyring);
    free(gateway);
}

static void serve_orders(struct gateway *gateway)
{
    for (int budget = BUDGET; budget > 0; budget--) {
        struct order *order = mailbox_receive(gateway->config.control);
        if (!order)
            return;
        if (order->kind != ORDER_REPLY)
            agent_orders_carry_out(&gateway->agents, order);
        else if (gateway->enroll.router)
            enroll_endpoint_reply(&gateway->enroll, order);
        order_free(order);
    }
}

static void serve_store(struct gateway *gateway, struct mailbox *store)
{
    struct delivery *deliveries[HELLO_SWEEPS_MAX];
    size_t count = 0;
    while (count < HELLO_SWEEPS_MAX) {
        deliveries[count] = mailbox_receive(store);
        if (!deliveries[count])
            break;
        count++;
    }
    if (count > 0)
        agent_endpoint_returned(&gateway->agents, deliveries, count);
}

/* Signals on sockets are edges that the poll may have missed, so everything is looked at in each round: ZAP first,
 * since a handshake waits for it. */
static void serve(struct gateway *gateway, uint64_t now_us)
{
    zap_serve(gateway->zap, gateway->agents.keyring_known ? &gateway->agents.keyring : NULL);
    serve_orders(gateway);
    for (size_t i = 0; i < gateway->config.store_count; i++)
        serve_store(gateway, gateway->config.stores[i]);
    agent_endpoint_serve(&gateway->agents, BUDGET, now_us);
    if (gateway->enroll.router)
        enroll_endpoint_serve(&gateway->enroll, BUDGET, now_us);
}

/* Once a tick is often enough for whoever looks every few seconds. */
static void publish(const struct gateway *gateway, uint64_t now_us)
{
    struct tallies *tallies = gateway->config.tallies;
    const struct admission *admission = &gateway->agents.admission;
    tallies_set(tallies, TALLY_AGENTS, (int64_t)peers_count(gateway->agents.peers));
    tallies_set(tallies, TALLY_QUEUE_REPORTS, (int64_t)admission->out);
    tallies_set(tallies, TALLY_QUEUE_BYTES, (int64_t)admission->out_bytes);
    tallies_set(tallies, TALLY_QUEUE_CLOSED, admission->closed);
    tallies_set(tallies, TALLY_DRAINING, gateway->agents.draining);
    tallies_beat(tallies, PULSE_GATEWAY, now_us);
}

static void tick(struct gateway *gateway, uint64_t now_us)
{
    if (now_us >= gateway->next_tick_us) {
        agent_endpoint_expire(&gateway->agents, now_us);
        publish(gateway, now_us);
        gateway->next_tick_us = now_us + TICK_US;
    }
    if (now_us >= gateway->next_log_us) {
        counts_log(&gateway->counts);
        gateway->next_log_us = now_us + COUNTS_LOG_US;
    }
}

static void begin_drain(struct gateway *gateway, uint64_t now_us)
{
    gateway->agents.draining = true;
    publish(gateway, now_us);
    gateway->drain_deadline_us = now_us + (uint64_t)gateway->config.drain_ms * US_PER_MS;
    log_info("gateway", NULL, "draining: %zu reports are with the store, %zu agents are connected",
             gateway->agents.admission.out, peers_count(gateway->agents.peers));
}

static bool drained(const struct gateway *gateway, uint64_t now_us)
{
    return gateway->agents.draining && (gateway->agents.admission.out == 0 || now_us >= gateway->drain_deadline_us);
}

/* Returns how many items there are to poll. */
static int fill_items(const struct gateway *gateway, zmq_pollitem_t items[POLL_STORES + STORES_MAX])
{
    bool draining = gateway->agents.draining;
    items[POLL_STOP] = (zmq_pollitem_t){.fd = gateway->config.stop_fd, .events = draining ? 0 : ZMQ_POLLIN};
    items[POLL_ZAP] = (zmq_pollitem_t){.socket = gateway->zap, .events = ZMQ_POLLIN};
    items[POLL_AGENTS] = (zmq_pollitem_t){.socket = gateway->agents.router, .events = ZMQ_POLLIN};
    items[POLL_ENROLL] = (zmq_pollitem_t){.socket = gateway->enroll.router, .fd = -1, .events = ZMQ_POLLIN};
    items[POLL_CONTROL] = (zmq_pollitem_t){.socket = mailbox_socket(gateway->config.control), .events = ZMQ_POLLIN};
    int count = POLL_STORES;
    for (size_t i = 0; i < gateway->config.store_count && i < STORES_MAX; i++)
        items[count++] = (zmq_pollitem_t){.socket = mailbox_socket(gateway->config.stores[i]), .events = ZMQ_POLLIN};
    return count;
}

size_t gateway_run(struct gateway *gateway)
{
    zmq_pollitem_t items[POLL_STORES + STORES_MAX];
    for (;;) {
        int count = fill_items(gateway, items);
        (void)zmq_poll(items, count, (long)(TICK_US / 1000u));
        uint64_t now_us = clock_monotonic_us();
        serve(gateway, now_us);
        tick(gateway, now_us);
        if (items[POLL_STOP].revents && !gateway->agents.draining)
            begin_drain(gateway, now_us);
        if (drained(gateway, now_us)) {
            agent_endpoint_send_away(&gateway->agents);
            return gateway->agents.admission.out;
        }
    }
}

const char *gateway_endpoint(const struct gateway *gateway)
{
    return gateway->endpoint;
}

const char *gateway_enroll_endpoint(const struct gateway *gateway)
{
    return gateway->enroll_endpoint;
}
