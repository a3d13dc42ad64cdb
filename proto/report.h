/* The result of one sweep, as the agent judged it. `natsweep-agent check` prints it, the daemon sends it, the collector
 * stores it. Times are microseconds. One owner: whoever got it from report_create frees it with report_free. */
#ifndef PROTO_REPORT_H
#define PROTO_REPORT_H

#include "base/address.h"
#include "base/attributes.h"
#include "proto/port_result.h"
#include "proto/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_MESSAGE_BYTES 512
#define REPORT_ADVICE_MAX 8
#define REPORT_WARNINGS_MAX 16
#define SERVER_NAME_BYTES 256
#define SIP_ALG_DIFF_BYTES 4096
#define WARNING_CODE_BYTES 32

struct nat_facts {
    uint8_t nat_class;                                           /* enum nat_class */
    uint8_t mapping;                                             /* enum behaviour */
    uint8_t filtering;                                           /* enum behaviour */
    uint8_t port_preservation, hairpin, generic_alg, double_nat; /* enum tri */
    uint8_t sip_alg;                                             /* enum tri: detected */
    int32_t binding_lifetime_s;                                  /* -1 = unknown */
    char sip_alg_diff[SIP_ALG_DIFF_BYTES];                       /* lines separated by '\n'; empty when none */
};

/* Of the way to the server, for those who test after the UDP ports; it is not sent. */
struct path_facts {
    uint8_t sends_needed; /* of what stays silent, for the loss that was measured; 0 = unknown */
    bool loss_too_high;
    uint8_t second_heard; /* enum tri: something came from the server's second address */
};

struct warning {
    char code[WARNING_CODE_BYTES]; /* a stable word such as "scan_protection" */
    char message[REPORT_MESSAGE_BYTES];
};

struct report {
    uint8_t outcome; /* enum outcome */
    uint8_t family;  /* 4 or 6 */
    char message[REPORT_MESSAGE_BYTES];
    char advice[REPORT_ADVICE_MAX][REPORT_MESSAGE_BYTES];
    size_t advice_count;
    char server_name[SERVER_NAME_BYTES];
    struct address server_address, server_other_address; /* family 0 = unknown */
    struct address local_address, public_address;        /* port 0 */
    int64_t started_at_us;                               /* wall clock */
    uint64_t duration_us;
    struct nat_facts nat;
    struct path_facts path;
    struct warning warnings[REPORT_WARNINGS_MAX];
    size_t warning_count;
    struct port_result *ports; /* ascending by transport, then port */
    size_t port_count;
    struct port_owner *owners; /* the programs that hold ports, each once when report_set_owner made them */
    size_t owner_count, owner_capacity;
};

/* A report with `port_count` ports, zero but for an unknown RTT, and `owner_count` owners, zero. NULL when memory is
 * short. */
struct report *report_create(size_t port_count, size_t owner_count) MUST_CHECK;
void report_free(struct report *report); /* NULL is fine */

/* Points the port at the report's copy of `owner`, made at need; the port then has none when memory is short. */
void report_set_owner(struct report *report, struct port_result *port, const struct port_owner *owner);

/* Adds a warning unless the code is there already or the list is full. `format` gives the sentence. */
void report_warn(struct report *report, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);
bool report_warned(const struct report *report, const char *code);
void report_advise(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
