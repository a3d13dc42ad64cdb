#include "fake/fake_collector.h"

#include "base/clock.h"
#include "base/zsocket.h"
#include "proto/limits.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

void fake_collector_listen(struct fake_collector *fake, const char *endpoint)
{
    static const struct zsocket_limits limits = {100, WIRE_FRAME_BYTES_MAX, 0};
    size_t size = sizeof fake->endpoint;
    fake->router = zsocket_curve_router(fake->context, &fake->key, &limits);
    assert(fake->router);
    while (zmq_bind(fake->router, endpoint) != 0) /* after a cut the old listener may be closing still */
        assert(zmq_errno() == EADDRINUSE);
    zmq_getsockopt(fake->router, ZMQ_LAST_ENDPOINT, fake->endpoint, &size);
}

void fake_collector_start(struct fake_collector *fake)
{
    memset(fake, 0, sizeof *fake);
    fake->context = zmq_ctx_new();
    fake->zap = zmq_socket(fake->context, ZMQ_REP);
    int bound = zmq_bind(fake->zap, "inproc://zeromq.zap.01");
    int made = curve_key_generate(&fake->key);
    assert(bound == 0 && made == 0);
    (void)bound;
    (void)made;
    fake_collector_listen(fake, "tcp://127.0.0.1:*");
}

void fake_collector_cut(struct fake_collector *fake)
{
    zmq_close(fake->router);
    fake->router = NULL;
}

void fake_collector_stop(struct fake_collector *fake)
{
    int linger = 0;
    if (fake->router)
        zmq_close(fake->router);
    zmq_setsockopt(fake->zap, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(fake->zap);
    zmq_ctx_term(fake->context);
}

static void fake_collector_zap(struct fake_collector *fake)
{
    char frames[8][256];
    int lens[8] = {0}, count = 0, more = 1;
    size_t size = sizeof more;
    while (more) {
        int slot = count < 8 ? count : 7;
        lens[slot] = zmq_recv(fake->zap, frames[slot], sizeof frames[slot], 0);
        zmq_getsockopt(fake->zap, ZMQ_RCVMORE, &more, &size);
        count++;
    }
    const char *status = fake->refuses ? "400" : "200";
    zmq_send(fake->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(fake->zap, frames[1], (size_t)lens[1], ZMQ_SNDMORE);
    zmq_send(fake->zap, status, 3, ZMQ_SNDMORE);
    zmq_send(fake->zap, "", 0, ZMQ_SNDMORE);
    zmq_send(fake->zap, "agent", 5, ZMQ_SNDMORE);
    zmq_send(fake->zap, "", 0, 0);
}

Envelope *fake_collector_receive(struct fake_collector *fake, long timeout_ms)
{
    zmq_pollitem_t items[] = {{.socket = fake->zap, .events = ZMQ_POLLIN},
                              {.socket = fake->router, .events = ZMQ_POLLIN}};
    zmq_poll(items, fake->router ? 2 : 1, timeout_ms);
    if (items[0].revents)
        fake_collector_zap(fake);
    if (!fake->router || !(items[1].revents & ZMQ_POLLIN))
        return NULL;
    uint8_t frame[WIRE_FRAME_BYTES_MAX];
    Envelope *envelope = NULL;
    fake->peer_len = (size_t)zmq_recv(fake->router, fake->peer, sizeof fake->peer, 0);
    int len = zmq_recv(fake->router, frame, sizeof frame, 0);
    int error = wire_decode(frame, (size_t)len, &envelope);
    assert(error == 0);
    return error ? NULL : envelope;
}

void fake_collector_send(struct fake_collector *fake, Envelope *envelope)
{
    uint8_t *frame;
    size_t len;
    int error = wire_encode(envelope, &frame, &len);
    assert(error == 0);
    (void)error;
    zmq_send(fake->router, fake->peer, fake->peer_len, ZMQ_SNDMORE);
    zmq_send(fake->router, frame, len, 0);
    free(frame);
}

void fake_collector_welcome(struct fake_collector *fake, Natsweep__Welcome__Status status)
{
    Natsweep__Welcome welcome = NATSWEEP__WELCOME__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    welcome.status = status;
    welcome.clock_us = clock_wall_us();
    welcome.heartbeat_ms = 1000;
    welcome.retry_ms = 1;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WELCOME;
    envelope.welcome = &welcome;
    fake_collector_send(fake, &envelope);
}

void fake_collector_ack(struct fake_collector *fake, uint64_t sweep_id, uint32_t batch, bool rejected)
{
    Natsweep__BatchKey key = NATSWEEP__BATCH_KEY__INIT, *keys[] = {&key};
    Natsweep__Ack ack = NATSWEEP__ACK__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    key.sweep_id = sweep_id;
    key.batch = batch;
    if (rejected) {
        ack.n_rejected = 1;
        ack.rejected = keys;
        ack.message = (char *)"of no sweep of this site";
    } else {
        ack.n_stored = 1;
        ack.stored = keys;
    }
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ACK;
    envelope.ack = &ack;
    fake_collector_send(fake, &envelope);
}

void fake_collector_wait(struct fake_collector *fake, uint32_t wait_ms)
{
    Natsweep__Wait wait = NATSWEEP__WAIT__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    wait.wait_ms = wait_ms;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_WAIT;
    envelope.wait = &wait;
    fake_collector_send(fake, &envelope);
}

void fake_collector_command(struct fake_collector *fake, uint64_t sweep_id, uint32_t generation, uint32_t expires_in_s,
                            uint32_t pace_pps)
{
    static char *servers[] = {(char *)"127.0.0.1"};
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    Natsweep__PortRange range = NATSWEEP__PORT_RANGE__INIT, *ranges[] = {&range};
    Natsweep__Credentials credentials = NATSWEEP__CREDENTIALS__INIT;
    Natsweep__StartSweep command = NATSWEEP__START_SWEEP__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    key.sweep_id = sweep_id;
    key.generation = generation;
    range.first = 9000;
    range.last = 9019;
    range.transport = TRANSPORT_UDP;
    range.role = ROLE_RTP;
    range.expect = EXPECT_OPEN;
    credentials.user = (char *)"1:agent";
    credentials.password = (char *)"top-secret-password";
    command.key = &key;
    command.at_us = 1700000000000000;
    command.expires_in_s = expires_in_s;
    command.deadline_s = 60;
    command.ports = ranges;
    command.n_ports = 1;
    command.servers = servers;
    command.n_servers = 1;
    command.credentials = &credentials;
    command.family = 4;
    command.mode = MODE_AUTO;
    command.pace_pps = pace_pps;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_START_SWEEP;
    envelope.start_sweep = &command;
    fake_collector_send(fake, &envelope);
}

void fake_collector_cancel(struct fake_collector *fake, uint64_t sweep_id)
{
    Natsweep__SweepKey key = NATSWEEP__SWEEP_KEY__INIT;
    Natsweep__Cancel cancel = NATSWEEP__CANCEL__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    key.sweep_id = sweep_id;
    cancel.key = &key;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_CANCEL;
    envelope.cancel = &cancel;
    fake_collector_send(fake, &envelope);
}
