/* The classic BPF program that lets a raw UDP socket see STUN only: on a busy PBX the kernel must not copy every RTP
 * packet to us. */
#ifndef NET_STUN_FILTER_H
#define NET_STUN_FILTER_H

#include "base/attributes.h"

#include <stdint.h>

/* Attaches it to a raw UDP socket of family 4 or 6 (or any socket whose messages look the same). Returns 0 or -errno.
 */
int stun_filter_attach(int fd, uint8_t family) MUST_CHECK;

#endif
