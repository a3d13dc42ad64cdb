#include "exchange/mailbox.h"

#include "base/zsocket.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

struct mailbox {
    void *socket;
    /* libzmq orders sender before receiver by itself, but a race detector cannot see into it: both ends touch this
     * counter, so that the order is also stated in C11's terms. */
    atomic_uint *handovers;
};

struct mailbox_pair {
    struct mailbox ends[2];
    atomic_uint handovers;
};

struct mailbox_pair *mailbox_pair_create(void *context, const char *name)
{
    struct mailbox_pair *pair = calloc(1, sizeof(*pair));
    if (!pair)
        return NULL;
    void *sockets[2];
    if (zsocket_pair(context, name, sockets) != 0) {
        free(pair);
        return NULL;
    }
    for (int i = 0; i < 2; i++)
        pair->ends[i] = (struct mailbox){.socket = sockets[i], .handovers = &pair->handovers};
    return pair;
}

struct mailbox *mailbox_end(struct mailbox_pair *pair, int number)
{
    return &pair->ends[number];
}

static void empty(struct mailbox *mailbox, void (*free_object)(void *))
{
    for (void *object = mailbox_receive(mailbox); object; object = mailbox_receive(mailbox))
        free_object(object);
}

void mailbox_pair_destroy(struct mailbox_pair *pair, void (*free_at_0)(void *), void (*free_at_1)(void *))
{
    if (!pair)
        return;
    empty(&pair->ends[0], free_at_0);
    empty(&pair->ends[1], free_at_1);
    zmq_close(pair->ends[0].socket);
    zmq_close(pair->ends[1].socket);
    free(pair);
}

int mailbox_send(struct mailbox *mailbox, void *object)
{
    atomic_fetch_add_explicit(mailbox->handovers, 1, memory_order_acq_rel);
    return zmq_send(mailbox->socket, &object, sizeof(object), ZMQ_DONTWAIT) < 0 ? -zmq_errno() : 0;
}

void *mailbox_receive(struct mailbox *mailbox)
{
    void *object = NULL;
    int len;
    do {
        len = zmq_recv(mailbox->socket, &object, sizeof(object), ZMQ_DONTWAIT);
    } while (len < 0 && zmq_errno() == EINTR);
    if (len != sizeof(object))
        return NULL;
    (void)atomic_fetch_add_explicit(mailbox->handovers, 0, memory_order_acq_rel);
    return object;
}

void *mailbox_socket(struct mailbox *mailbox)
{
    return mailbox->socket;
}
