/* The least that serves agents, for tests/bench/agents.py: a ROUTER under CURVE that lets every key in, welcomes who
 * says hello and answers heartbeats, with as many I/O threads as the collector. It knows nobody and stores nothing.
 *
 *     bare_router ENDPOINT KEYFILE HEARTBEAT_MS     makes the key when there is none; prints the public key */
#include "base/clock.h"
#include "base/curve_key.h"
#include "base/zsocket.h"
#include "proto/limits.h"
#include "proto/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <zmq.h>

#define IO_THREADS 2
#define HIGH_WATER_MARK 64
#define ROUTE_MAX 16
#define ZAP_FIELDS 8
#define ZAP_FIELD_BYTES 256

static void fail(const char *what)
{
    fprintf(stderr, "bare_router: %s: %s\n", what, zmq_strerror(errno));
    exit(EX_SOFTWARE);
}

static bool more(void *socket)
{
    int more = 0;
    size_t size = sizeof more;
    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more;
}

/* Returns whether there was a request. */
static bool admit(void *zap)
{
    char fields[ZAP_FIELDS][ZAP_FIELD_BYTES];
    int lens[ZAP_FIELDS] = {0}, field = 0;
    do {
        lens[field] = zmq_recv(zap, fields[field], ZAP_FIELD_BYTES, ZMQ_DONTWAIT);
        if (lens[field] < 0)
            return false;
        field += field < ZAP_FIELDS - 1;
    } while (more(zap));
    zmq_send(zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(zap, fields[1], (size_t)lens[1], ZMQ_SNDMORE);
    zmq_send(zap, "200", 3, ZMQ_SNDMORE);
    zmq_send(zap, "", 0, ZMQ_SNDMORE);
    zmq_send(zap, "", 0, ZMQ_SNDMORE);
    zmq_send(zap, "", 0, 0);
    return true;
}

static void answer(void *router, const void *route, size_t route_bytes, Envelope *envelope)
{
    uint8_t *frame;
    size_t len;
    if (wire_encode(envelope, &frame, &len))
        fail("cannot encode");
    zmq_send(router, route, route_bytes, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    zmq_send(router, frame, len, ZMQ_DONTWAIT);
    free(frame);
}

static void greet(void *router, const void *route, size_t route_bytes, uint32_t heartbeat_ms)
{
    Natsweep__Welcome welcome = NATSWEEP__WELCOME__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    welcome.status = NATSWEEP__WELCOME__STATUS__WELCOME;
    welcome.clock_us = clock_wall_us();
    welcome.heartbeat_ms = heartbeat_ms;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &welcome;
    answer(router, route, route_bytes, &envelope);
}

static void beat(void *router, const void *route, size_t route_bytes)
{
    Natsweep__Heartbeat heartbeat = NATSWEEP__HEARTBEAT__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    heartbeat.clock_us = clock_wall_us();
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_HEARTBEAT;
    envelope.heartbeat = &heartbeat;
    answer(router, route, route_bytes, &envelope);
}

/* Returns whether there was a message. */
static bool serve(void *router, uint32_t heartbeat_ms)
{
    static uint8_t frame[WIRE_FRAME_BYTES_MAX];
    uint8_t route[ROUTE_MAX];
    int route_bytes = zmq_recv(router, route, sizeof route, ZMQ_DONTWAIT);
    if (route_bytes < 0)
        return false;
    int len = zmq_recv(router, frame, sizeof frame, 0);
    Envelope *envelope;
    if (len < 0 || wire_decode(frame, (size_t)len, &envelope) != 0)
        return true;
    if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_HELLO)
        greet(router, route, (size_t)route_bytes, heartbeat_ms);
    else if (envelope->body_case == NATSWEEP__ENVELOPE__BODY_HEARTBEAT)
        beat(router, route, (size_t)route_bytes);
    wire_free(envelope);
    return true;
}

static void *listen_at(void *context, const char *endpoint, const char *key_path)
{
    static const struct zsocket_limits limits = {HIGH_WATER_MARK, WIRE_FRAME_BYTES_MAX, 0};
    struct curve_key_pair key;
    char text[CURVE_KEY_TEXT_BYTES];
    if (curve_key_load(key_path, &key) != 0 && (curve_key_generate(&key) != 0 || curve_key_save(key_path, &key) != 0))
        fail("cannot make a key");
    void *router = zsocket_curve_router(context, &key, &limits);
    if (!router || zmq_bind(router, endpoint) != 0)
        fail(endpoint);
    puts(curve_key_format(key.public_key, text));
    fflush(stdout);
    return router;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: bare_router ENDPOINT KEYFILE HEARTBEAT_MS\n", stderr);
        return EX_USAGE;
    }
    void *context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_IO_THREADS, IO_THREADS);
    void *zap = zmq_socket(context, ZMQ_REP);
    if (zmq_bind(zap, "inproc://zeromq.zap.01") != 0)
        fail("ZAP");
    void *router = listen_at(context, argv[1], argv[2]);
    uint32_t heartbeat_ms = (uint32_t)strtoul(argv[3], NULL, 10);
    zmq_pollitem_t items[] = {{.socket = zap, .events = ZMQ_POLLIN}, {.socket = router, .events = ZMQ_POLLIN}};
    for (;;) {
        zmq_poll(items, 2, -1);
        while (admit(zap) || serve(router, heartbeat_ms))
            ;
    }
}
