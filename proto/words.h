/* The fixed vocabulary: verdicts, reasons, outcomes, classes. A word's number is the same in C, on the wire
 * (natsweep.proto) and in SQL (schema word tables); tests compare the three. Never renumber; append. */
#ifndef PROTO_WORDS_H
#define PROTO_WORDS_H

#include "base/attributes.h"

#include <stdbool.h>

/* A fact that may be unknown. */
enum tri { TRI_UNKNOWN = 0, TRI_NO = 1, TRI_YES = 2 };

#define TRANSPORT_WORDS(X) X(UDP, udp, 1) X(TCP, tcp, 2)

#define VERDICT_WORDS(X)                                                                                               \
    X(IN_USE, in_use, 1)                                                                                               \
    X(UNREACHABLE, unreachable, 2)                                                                                     \
    X(BAD_RESPONSE, bad_response, 3)                                                                                   \
    X(TRANSLATED, translated, 4)                                                                                       \
    X(NO_SECOND_ADDRESS, no_second_address, 5)                                                                         \
    X(CLOSED, closed, 6)                                                                                               \
    X(REFUSED, refused, 7)                                                                                             \
    X(WRONG_HOST, wrong_host, 8)                                                                                       \
    X(DYNAMIC, dynamic, 9)                                                                                             \
    X(PASS, pass, 10)                                                                                                  \
    X(INCONCLUSIVE, inconclusive, 11)                                                                                  \
    X(NOT_TESTED, not_tested, 12)

/* Why a verdict is what it is; 0 is "no reason needed". */
#define REASON_WORDS(X)                                                                                                \
    X(TIMEOUT, timeout, 1)                                                                                             \
    X(ADMIN_PROHIBITED, admin_prohibited, 2)                                                                           \
    X(PORT_UNREACHABLE, port_unreachable, 3)                                                                           \
    X(NO_ROUTE, no_route, 4)                                                                                           \
    X(SCAN_PROTECTION, scan_protection, 5)                                                                             \
    X(TABLE_FULL, table_full, 6)                                                                                       \
    X(SERVER_FAULT, server_fault, 7)                                                                                   \
    X(LOSS, loss, 8)                                                                                                   \
    X(MAPPING_ALIVE, mapping_alive, 9)                                                                                 \
    X(LOCAL_ERROR, local_error, 10)                                                                                    \
    X(CANCELLED, cancelled, 11)                                                                                        \
    X(NEVER_REACHED, never_reached, 12)                                                                                \
    X(NO_TURN_CREDENTIALS, no_turn_credentials, 13)                                                                    \
    X(INTERRUPTED, interrupted, 14)

#define OUTCOME_WORDS(X)                                                                                               \
    X(SUPPORTED, supported, 1)                                                                                         \
    X(PARTIAL, partial, 2)                                                                                             \
    X(UNSUPPORTED, unsupported, 3)                                                                                     \
    X(INCONCLUSIVE, inconclusive, 4)                                                                                   \
    X(NOT_RUN, not_run, 5)                                                                                             \
    X(CANCELLED, cancelled, 6)                                                                                         \
    X(INTERRUPTED, interrupted, 7)

/* RFC 3489 names people still use, and RFC 4787 behaviour. */
#define NAT_CLASS_WORDS(X)                                                                                             \
    X(OPEN_INTERNET, open_internet, 1)                                                                                 \
    X(FULL_CONE, full_cone, 2)                                                                                         \
    X(RESTRICTED_CONE, restricted_cone, 3)                                                                             \
    X(PORT_RESTRICTED_CONE, port_restricted_cone, 4)                                                                   \
    X(SYMMETRIC, symmetric, 5)                                                                                         \
    X(SYMMETRIC_FIREWALL, symmetric_firewall, 6)                                                                       \
    X(UDP_BLOCKED, udp_blocked, 7)                                                                                     \
    X(UNKNOWN, unknown, 8)

#define BEHAVIOUR_WORDS(X)                                                                                             \
    X(NONE, none, 1)                                                                                                   \
    X(ENDPOINT_INDEPENDENT, endpoint_independent, 2)                                                                   \
    X(ADDRESS_DEPENDENT, address_dependent, 3)                                                                         \
    X(ADDRESS_AND_PORT_DEPENDENT, address_and_port_dependent, 4)                                                       \
    X(UNKNOWN, unknown, 5)

#define ROLE_WORDS(X)                                                                                                  \
    X(OTHER, other, 1) X(SIP, sip, 2) X(TUNNEL, tunnel, 3) X(RTP, rtp, 4) X(HTTPS, https, 5) X(SETUP, setup, 6)

#define EXPECT_WORDS(X) X(OPEN, open, 1) X(CLOSED, closed, 2)

#define MODE_WORDS(X) X(AUTO, auto, 1) X(LIVE, live, 2) X(EXCLUSIVE, exclusive, 3)

#define WORD_CONSTANT_TRANSPORT(UPPER, lower, number) TRANSPORT_##UPPER = number,
#define WORD_CONSTANT_VERDICT(UPPER, lower, number) VERDICT_##UPPER = number,
#define WORD_CONSTANT_REASON(UPPER, lower, number) REASON_##UPPER = number,
#define WORD_CONSTANT_OUTCOME(UPPER, lower, number) OUTCOME_##UPPER = number,
#define WORD_CONSTANT_NAT_CLASS(UPPER, lower, number) NAT_CLASS_##UPPER = number,
#define WORD_CONSTANT_BEHAVIOUR(UPPER, lower, number) BEHAVIOUR_##UPPER = number,
#define WORD_CONSTANT_ROLE(UPPER, lower, number) ROLE_##UPPER = number,
#define WORD_CONSTANT_EXPECT(UPPER, lower, number) EXPECT_##UPPER = number,
#define WORD_CONSTANT_MODE(UPPER, lower, number) MODE_##UPPER = number,

/* 0 is "not given" in every list. */
enum transport { TRANSPORT_WORDS(WORD_CONSTANT_TRANSPORT) };
enum verdict { VERDICT_WORDS(WORD_CONSTANT_VERDICT) };
enum reason { REASON_NONE = 0, REASON_WORDS(WORD_CONSTANT_REASON) };
enum outcome { OUTCOME_WORDS(WORD_CONSTANT_OUTCOME) };
enum nat_class { NAT_CLASS_WORDS(WORD_CONSTANT_NAT_CLASS) };
enum behaviour { BEHAVIOUR_WORDS(WORD_CONSTANT_BEHAVIOUR) };
enum port_role { ROLE_WORDS(WORD_CONSTANT_ROLE) };
enum port_expect { EXPECT_WORDS(WORD_CONSTANT_EXPECT) };
enum sweep_mode { MODE_WORDS(WORD_CONSTANT_MODE) };

/* The word for a number; NULL when the number is none of the list (0 included). */
const char *transport_word(unsigned number);
const char *verdict_word(unsigned number);
const char *reason_word(unsigned number);
const char *outcome_word(unsigned number);
const char *nat_class_word(unsigned number);
const char *behaviour_word(unsigned number);
const char *role_word(unsigned number);
const char *expect_word(unsigned number);
const char *mode_word(unsigned number);

/* A verdict about the firewall itself, as opposed to in_use, no_second_address, inconclusive and not_tested. */
bool verdict_is_judged(enum verdict verdict);

#endif
