/* Raw sockets that send and receive UDP from ports that other programs hold, so that nothing has to be bound: one
 * socket for STUN datagrams, one for ICMP errors. The host's own firewall still stands in front of them, as it does for
 * the program whose port it is. */
#ifndef NET_RAW_UDP_H
#define NET_RAW_UDP_H

#include "base/address.h"
#include "base/attributes.h"
#include "net/icmp.h"

#include <stddef.h>
#include <stdint.h>

struct raw_udp;

struct raw_udp_handler {
    void (*received)(void *argument, uint16_t local_port, const struct address *from, const uint8_t *bytes, size_t len);
    void (*send_failed)(void *argument, uint16_t local_port, int error); /* a positive errno */
    void (*icmp)(void *argument, const struct icmp_error *error);
    void *argument;
};

/* `local` (family 4 or 6; ip all zero: any address of this host) is what packets leave from and arrive at. Returns 0,
 * -EPERM without CAP_NET_RAW, or -errno. */
int raw_udp_open(const struct address *local, const struct raw_udp_handler *handler, struct raw_udp **out) MUST_CHECK;
/* The same, but it hears every datagram from the ip of `peer` and nothing else, instead of STUN from anybody. */
int raw_udp_open_towards(const struct address *local, const struct address *peer, const struct raw_udp_handler *handler,
                         struct raw_udp **out) MUST_CHECK;
void raw_udp_close(struct raw_udp *raw); /* NULL is fine */

/* Descriptors to poll for reading; each has its own receive function, which takes what waits, within reason. */
int raw_udp_datagram_fd(const struct raw_udp *raw);
int raw_udp_icmp_fd(const struct raw_udp *raw);
void raw_udp_receive(struct raw_udp *raw);
void raw_udp_receive_icmp(struct raw_udp *raw);

/* Queues a datagram; a full queue flushes itself. What cannot be sent is told to the handler, at the latest by the
 * flush. */
void raw_udp_send(struct raw_udp *raw, uint16_t local_port, const struct address *to, const uint8_t *bytes, size_t len);
void raw_udp_flush(struct raw_udp *raw);

#endif
