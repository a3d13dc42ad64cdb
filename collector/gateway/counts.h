/* What came in, counted by kind, and what the gateway turned away, by reason. */
#ifndef GATEWAY_COUNTS_H
#define GATEWAY_COUNTS_H

#include "metrics/tallies.h"
#include "proto/wire.h"

#include <stdint.h>

#define GATEWAY_COUNT_WORDS(X)                                                                                         \
    X(TOO_LONG, "frames too long")                                                                                     \
    X(MALFORMED, "malformed frames")                                                                                   \
    X(VERSION, "frames of a version too old")                                                                          \
    X(FIELD, "frames with a bad field")                                                                                \
    X(UNIDENTIFIED, "messages without a proven sender")                                                                \
    X(STRANGER, "messages of unknown keys")                                                                            \
    X(REVOKED, "messages of revoked keys")                                                                             \
    X(NOT_GREETED, "messages before a hello")                                                                          \
    X(UNEXPECTED, "messages that only a collector sends")                                                              \
    X(WAITING, "reports put off")                                                                                      \
    X(RATE_LIMITED, "enrolments over the limit")                                                                       \
    X(WRONG_KEY, "enrolments of a key that the connection does not have")                                              \
    X(TALKATIVE, "messages of agents that say too much")                                                               \
    X(UNROUTABLE, "messages for connections that are gone")                                                            \
    X(QUEUE_FULL, "messages for agents that do not read")                                                              \
    X(MEMORY, "messages lost for want of memory")

#define GATEWAY_COUNT_CONSTANT(UPPER, text) COUNT_##UPPER,
enum gateway_count { GATEWAY_COUNT_WORDS(GATEWAY_COUNT_CONSTANT) COUNTS };

struct counts {
    struct tallies *tallies; /* NULL: nobody watches */
    uint64_t now[COUNTS];
    uint64_t told[COUNTS]; /* up to the last log line */
};

void counts_add(struct counts *counts, enum gateway_count reason);

/* A frame was read. */
void counts_frame(const struct counts *counts, const Envelope *envelope);

/* The reason for an enum wire_error. */
enum gateway_count counts_of_wire_error(int error);

/* Logs what was added since the last time; nothing when nothing was. */
void counts_log(struct counts *counts);

#endif
