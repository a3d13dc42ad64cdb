/* Reads what a server answers to a Binding request, and judges whether it is an answer to that request at all: where it
 * came from, where it arrived, what it says. Pure. */
#ifndef SWEEP_RESPONSE_H
#define SWEEP_RESPONSE_H

#include "base/address.h"
#include "base/attributes.h"
#include "stun/message.h"
#include "sweep/exchange.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether a packet of any kind may be a response: from one of the server's addresses, to an endpoint of the request. */
bool response_from_server(const struct request *request, const struct address *from);
bool response_arrived(const struct request *request, uint32_t endpoint);

/* What a success that came from none of the server's addresses proves: nobody else knows the transaction id, so it was
 * sent by the server all the same, to an endpoint that lets in strangers; who was let in cannot be told any more.
 * TEST_REWRITTEN: by an address of this side, which a router puts in that rewrites the source of what it forwards;
 * TEST_ELSEWHERE: by one of the internet, which the server must have, or a NAT of its own; TEST_NOT_MADE: nothing. */
enum test_outcome response_astray(const struct request *request, uint32_t endpoint, const struct address *from,
                                  const struct stun_message *message);

/* What a success response proves by where it came from: TEST_ANSWERED, TEST_WRONG_SOURCE, TEST_WRONG_PORT, or
 * TEST_NOT_MADE: no answer to this request. */
enum test_outcome response_outcome(const struct request *request, uint32_t endpoint, const struct address *from,
                                   const struct stun_message *message);

/* Takes what a success response tells into `answer`. -EBADMSG: it tells no address that a client can have, or demands
 * to be understood in a way that we do not; `answer` is unchanged then. */
int response_read(const struct request *request, const struct address *from, const struct stun_message *message,
                  struct answer *answer) MUST_CHECK;

#endif
