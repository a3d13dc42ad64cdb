/* The check of a message against the rules of its fields: pure, driven by tables that name every field of
 * natsweep.proto. */
#ifndef PROTO_WIRE_CHECK_H
#define PROTO_WIRE_CHECK_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_kind {
    WIRE_ANY,    /* any number or bool */
    WIRE_NUMBER, /* minimum..maximum */
    WIRE_WORD,   /* a number of the word list; 0 only when minimum is 0 */
    WIRE_LINE,   /* clean text of minimum..maximum bytes */
    WIRE_LINES,  /* the same, of several lines */
    WIRE_BYTES,  /* minimum..maximum bytes */
    WIRE_MESSAGE /* checked by `message`; absent only when minimum is 0 */
};

struct wire_message;

struct wire_rule {
    const char *field; /* as in natsweep.proto */
    enum wire_kind kind;
    int64_t minimum, maximum;
    size_t count_max; /* elements of a repeated field */
    const char *(*word)(unsigned number);
    const struct wire_message *message;
};

/* A message's rules, in the order of its field numbers, and what must hold between fields (NULL: nothing). */
struct wire_message {
    const ProtobufCMessageDescriptor *descriptor;
    const struct wire_rule *rules;
    size_t rule_count;
    bool (*consistent)(const ProtobufCMessage *message);
};

/* True when every field keeps its rule. Otherwise *field names the first that does not, unless `field` is NULL. */
bool wire_check(const ProtobufCMessage *message, const struct wire_message *rules, const char **field) MUST_CHECK;

/* True when there is exactly one rule for every field, here and in all messages below: for the test that keeps it so.
 */
bool wire_rules_complete(const struct wire_message *rules);

#endif
