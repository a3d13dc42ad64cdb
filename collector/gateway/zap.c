#include "gateway/zap.h"

#include "base/curve_key.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#define ENDPOINT "inproc://zeromq.zap.01"
#define VERSION "1.0"
#define FIELD_BYTES 256 /* RFC 27: every field is at most 255 bytes */

enum {
    FIELD_VERSION,
    FIELD_REQUEST,
    FIELD_DOMAIN,
    FIELD_ADDRESS,
    FIELD_IDENTITY,
    FIELD_MECHANISM,
    FIELD_CREDENTIALS,
    FIELDS
};

struct request {
    char fields[FIELDS][FIELD_BYTES]; /* NUL-terminated */
    size_t lengths[FIELDS];
};

void *zap_socket(void *context)
{
    void *socket = zmq_socket(context, ZMQ_REP);
    if (!socket)
        return NULL;
    int linger_ms = 0;
    if (zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof(linger_ms)) != 0 || zmq_bind(socket, ENDPOINT) != 0) {
        int error = zmq_errno();
        zmq_close(socket);
        errno = error;
        return NULL;
    }
    return socket;
}

static bool more(void *socket)
{
    int more = 0;
    size_t len = sizeof(more);
    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &len) == 0 && more;
}

/* Returns 1 for a request, 0 when none waits, -1 when it was not one (and has been read to its end). */
static int receive(void *socket, struct request *request)
{
    memset(request, 0, sizeof(*request));
    for (int field = 0;; field++) {
        char spare[FIELD_BYTES];
        char *to = field < FIELDS ? request->fields[field] : spare;
        int len = zmq_recv(socket, to, FIELD_BYTES - 1, ZMQ_DONTWAIT);
        if (len < 0)
            return 0;
        if (field < FIELDS)
            request->lengths[field] = (size_t)len;
        if (!more(socket))
            return field == FIELDS - 1 && strcmp(request->fields[FIELD_VERSION], VERSION) == 0 ? 1 : -1;
    }
}

enum zap_status zap_decide(const char *domain, const char *mechanism, const uint8_t *credentials,
                           size_t credentials_bytes, const struct keyring *keyring)
{
    if (strcmp(mechanism, "CURVE") != 0 || credentials_bytes != CURVE_KEY_BYTES)
        return ZAP_REFUSED;
    if (strcmp(domain, ZAP_DOMAIN_ENROLL) == 0)
        return ZAP_WELCOME;
    if (strcmp(domain, ZAP_DOMAIN_AGENTS) != 0)
        return ZAP_REFUSED;
    if (!keyring)
        return ZAP_LATER;
    const struct agent_key *key = keyring_find(keyring, credentials);
    /* A pending agent is let in to be told so; a revoked one has nothing to gain here. */
    return key && key->state != AGENT_REVOKED ? ZAP_WELCOME : ZAP_REFUSED;
}

static const char *status_text(enum zap_status status)
{
    switch (status) {
    case ZAP_WELCOME: return "OK";
    case ZAP_LATER: return "Keys are not known yet";
    case ZAP_REFUSED: return "Key refused";
    case ZAP_INTERNAL: break;
    }
    return "Malformed request";
}

static void reply(void *socket, const struct request *request, enum zap_status status)
{
    char user_id[CURVE_KEY_TEXT_BYTES] = "";
    if (status == ZAP_WELCOME)
        curve_key_format((const uint8_t *)request->fields[FIELD_CREDENTIALS], user_id);
    char code[8];
    snprintf(code, sizeof(code), "%d", (int)status);
    const char *text = status_text(status);
    zmq_send(socket, VERSION, strlen(VERSION), ZMQ_SNDMORE);
    zmq_send(socket, request->fields[FIELD_REQUEST], request->lengths[FIELD_REQUEST], ZMQ_SNDMORE);
    zmq_send(socket, code, strlen(code), ZMQ_SNDMORE);
    zmq_send(socket, text, strlen(text), ZMQ_SNDMORE);
    zmq_send(socket, user_id, strlen(user_id), ZMQ_SNDMORE);
    zmq_send(socket, "", 0, 0);
}

void zap_serve(void *socket, const struct keyring *keyring)
{
    struct request request;
    for (int got = receive(socket, &request); got != 0; got = receive(socket, &request)) {
        enum zap_status status = ZAP_INTERNAL;
        if (got > 0)
            status = zap_decide(request.fields[FIELD_DOMAIN], request.fields[FIELD_MECHANISM],
                                (const uint8_t *)request.fields[FIELD_CREDENTIALS], request.lengths[FIELD_CREDENTIALS],
                                keyring);
        reply(socket, &request, status);
    }
}
