#include "server.h"

#include "stun/attribute.h"
#include "stun/auth.h"
#include "stun/message.h"

#include <stdio.h>
#include <string.h>

#define REALM "sim"

struct reply {
    struct stun_writer writer;
    uint8_t bytes[SIM_PACKET_BYTES];
    uint8_t id[STUN_TRANSACTION_ID_BYTES];
    unsigned remote; /* where it comes from */
    struct address to;
    bool is_signed;
};

static bool over_rate(struct sim_server *server, uint64_t now_us)
{
    if (now_us >= server->window_us + 100000) {
        server->window_us = now_us;
        server->heard_in_window = 0;
    }
    return server->rate_pps != 0 && ++server->heard_in_window > server->rate_pps / 10;
}

static bool dead(const struct sim_server *server, uint64_t now_us, unsigned remote)
{
    if (server->absent || (server->dies_us != 0 && now_us >= server->dies_us))
        return true;
    if (remote % 4 < 2)
        return false;
    return server->no_second || now_us < server->second_comes_us ||
           (server->second_dies_us != 0 && now_us >= server->second_dies_us);
}

static bool unwelcome(struct sim_server *server, uint16_t client_port)
{
    if (!server->known[client_port] && server->known_count < server->second_ports) {
        server->known[client_port] = true;
        server->known_count++;
    }
    return server->second_ports != 0 && !server->known[client_port];
}

/* Has had what answers it gets. */
static bool fed(struct sim_server *server, uint16_t client_port)
{
    if (server->answered[client_port] < UINT8_MAX)
        server->answered[client_port]++;
    return server->answers_a_port != 0 && server->answered[client_port] > server->answers_a_port;
}

/* As coturn: one for each client port and each address of the server. */
static void nonce_of(const struct sim_server *server, uint64_t now_us, const struct sim_packet *packet, char nonce[32])
{
    uint64_t age = server->nonce_life_us == 0 ? 0 : now_us / server->nonce_life_us;
    snprintf(nonce, 32, "n%u-%u-%llu", packet->remote, packet->mapped.port, (unsigned long long)age);
}

static struct stun_key key_of(void)
{
    struct stun_challenge challenge = {.realm_len = sizeof(REALM) - 1};
    memcpy(challenge.realm, REALM, sizeof(REALM) - 1);
    return stun_key_long_term(SIM_USER, &challenge, SIM_PASSWORD);
}

/* 0: the request may pass. */
static uint16_t credentials_missing(const struct stun_message *request, const char *nonce)
{
    const uint8_t *value;
    size_t len;
    struct stun_key key = key_of();
    if (stun_check_integrity(request, key.bytes, key.len) != 0)
        return 401;
    if (stun_attribute_find(request, STUN_NONCE, &value, &len) != 0)
        return 400;
    return len == strlen(nonce) && memcmp(value, nonce, len) == 0 ? 0 : 438;
}

static void begin(struct reply *reply, enum stun_class message_class)
{
    stun_writer_begin(&reply->writer, reply->bytes, sizeof(reply->bytes), message_class, STUN_BINDING, reply->id);
}

static void send_reply(const struct sim_server *server, struct sim_network *network, uint64_t now_us,
                       struct reply *reply)
{
    if (reply->is_signed) {
        struct stun_key key = key_of();
        stun_write_integrity(&reply->writer, key.bytes, key.len);
    }
    int len = stun_writer_finish(&reply->writer);
    if (len > 0 && !dead(server, now_us, reply->remote))
        sim_network_answer(network, now_us, reply->remote, &reply->to, reply->bytes, (size_t)len, server->slow_us);
}

static void send_error(const struct sim_server *server, struct sim_network *network, uint64_t now_us,
                       struct reply *reply, uint16_t code, const char *nonce)
{
    begin(reply, STUN_ERROR);
    stun_write_error_code(&reply->writer, code, "No");
    if (code == 401 || code == 438) {
        stun_writer_attribute(&reply->writer, STUN_REALM, REALM, sizeof(REALM) - 1);
        stun_writer_attribute(&reply->writer, STUN_NONCE, nonce, strlen(nonce));
    }
    reply->is_signed = false;
    send_reply(server, network, now_us, reply);
}

static void write_other(const struct sim_server *server, struct stun_writer *writer, unsigned remote)
{
    struct address other = sim_remote_address(remote ^ 3u);
    static const struct address private_other = {.family = 4, .port = 3479, .ip = {10, 0, 0, 11}};
    switch (server->other) {
    case SIM_OTHER_GOOD: stun_write_address(writer, STUN_OTHER_ADDRESS, &other); break;
    case SIM_OTHER_SAME_IP:
        other = sim_remote_address(remote ^ 1u);
        stun_write_address(writer, STUN_OTHER_ADDRESS, &other);
        break;
    case SIM_OTHER_PRIVATE: stun_write_address(writer, STUN_OTHER_ADDRESS, &private_other); break;
    case SIM_OTHER_LEGACY: stun_write_address(writer, STUN_CHANGED_ADDRESS, &other); break;
    case SIM_OTHER_NONE: break;
    }
}

static void send_success(const struct sim_server *server, struct sim_network *network, uint64_t now_us,
                         struct reply *reply, const struct sim_packet *packet)
{
    struct address mapped = packet->mapped, origin = sim_remote_address(server->lies ? packet->remote : reply->remote);
    if (server->wrong_id)
        reply->id[11] ^= 1;
    mapped.port = (uint16_t)(mapped.port + server->mapped_shift);
    begin(reply, STUN_SUCCESS);
    stun_write_xor_address(&reply->writer, STUN_XOR_MAPPED_ADDRESS, &mapped);
    mapped.port = (uint16_t)(mapped.port + server->rewritten);
    if (!server->no_mapped)
        stun_write_address(&reply->writer, STUN_MAPPED_ADDRESS, &mapped);
    if (server->other != SIM_OTHER_LEGACY)
        stun_write_address(&reply->writer, STUN_RESPONSE_ORIGIN, &origin);
    write_other(server, &reply->writer, packet->remote);
    if (server->garbage)
        memset(reply->bytes, 0xFF, sizeof(reply->bytes));
    send_reply(server, network, now_us, reply);
}

/* Where the answer comes from and goes to. Returns an error code, 0 when all is well. */
static uint16_t route(const struct sim_server *server, struct reply *reply, const struct stun_message *request)
{
    uint32_t change = 0, port = 0;
    bool changes = stun_attribute_u32(request, STUN_CHANGE_REQUEST, &change) == 0 && change != 0;
    bool elsewhere = stun_attribute_u32(request, STUN_RESPONSE_PORT, &port) == 0;
    if (changes && server->change_error != 0)
        return server->change_error;
    if (elsewhere && server->refuses_port)
        return 420;
    if (elsewhere && !server->ignores_port)
        reply->to.port = (uint16_t)(port >> 16);
    if (!changes || server->ignores_change)
        return 0;
    if ((change & STUN_CHANGE_IP) != 0)
        reply->remote ^= 2u;
    if ((change & STUN_CHANGE_PORT) != 0)
        reply->remote ^= 1u;
    if (server->wrong_source)
        reply->remote = (reply->remote & ~3u) | 1u;
    return 0;
}

void sim_server_receive(struct sim_server *server, struct sim_network *network, uint64_t now_us,
                        const struct sim_packet *packet)
{
    struct stun_message request;
    char nonce[32];
    if (dead(server, now_us, packet->remote) || over_rate(server, now_us) || fed(server, packet->mapped.port))
        return;
    if (stun_message_parse(packet->bytes, packet->len, &request) != 0)
        return;
    server->heard++;
    struct reply reply = {.remote = packet->remote, .to = packet->mapped, .is_signed = server->secure};
    memcpy(reply.id, request.transaction_id, sizeof(reply.id));
    nonce_of(server, now_us, packet, nonce);
    uint16_t error = server->error;
    if (server->errs_us != 0 && now_us >= server->errs_us)
        error = 500;
    if (error == 0 && server->secure)
        error = credentials_missing(&request, nonce);
    if (error == 0)
        error = route(server, &reply, &request);
    if (reply.to.port < server->port_from && reply.to.port != packet->mapped.port)
        return;
    if (reply.remote % 4 >= 2 && unwelcome(server, packet->mapped.port))
        return;
    if (reply.remote != packet->remote)
        reply.is_signed = false; /* coturn signs no answer that leaves from elsewhere */
    if (error != 0)
        send_error(server, network, now_us, &reply, error, nonce);
    else
        send_success(server, network, now_us, &reply, packet);
}
