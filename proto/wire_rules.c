#include "proto/wire_rules.h"

#include "base/curve_key.h"
#include "proto/limits.h"
#include "proto/port_list.h"
#include "proto/port_result.h"
#include "proto/report.h"
#include "proto/words.h"

/* 2200-01-01: later than any time stamp of a working clock, and far inside PostgreSQL's range. */
#define TIME_US_MAX INT64_C(7258118400000000)
#define DAY_S 86400
#define TOKEN_BYTES_MAX 64
#define RTT_MAX_US INT32_MAX
#define RUNS_MAX (2 * (size_t)REPORT_BATCH_PORTS)          /* value and length */
#define RTT_BYTES_MAX (INT64_C(5) * REPORT_BATCH_PORTS)    /* a varint of 32 bits each */
#define MAPPED_BYTES_MAX (INT64_C(3) * REPORT_BATCH_PORTS) /* a varint of 16 bits each */

#define ANY(name)                                                                                                      \
    {                                                                                                                  \
        .field = name, .kind = WIRE_ANY                                                                                \
    }
#define NUMBER(name, least, most)                                                                                      \
    {                                                                                                                  \
        .field = name, .kind = WIRE_NUMBER, .minimum = (least), .maximum = (most)                                      \
    }
#define COUNT(name) NUMBER(name, 0, INT32_MAX)
#define BIG_COUNT(name) NUMBER(name, 0, INT64_MAX)
#define TIME(name) NUMBER(name, 0, TIME_US_MAX)
#define ID(name) NUMBER(name, 1, INT64_MAX)
#define TRI(name) NUMBER(name, TRI_UNKNOWN, TRI_YES)
#define WORD(name, words)                                                                                              \
    {                                                                                                                  \
        .field = name, .kind = WIRE_WORD, .minimum = 1, .word = words                                                  \
    }
#define WORD_OR_NONE(name, words)                                                                                      \
    {                                                                                                                  \
        .field = name, .kind = WIRE_WORD, .minimum = 0, .word = words                                                  \
    }
#define LINE(name, least, most)                                                                                        \
    {                                                                                                                  \
        .field = name, .kind = WIRE_LINE, .minimum = (least), .maximum = (most)                                        \
    }
#define NAME(name) LINE(name, 0, WIRE_NAME_BYTES_MAX - 1)
#define TEXT(name) LINE(name, 0, WIRE_TEXT_BYTES_MAX - 1)
#define LINES(name, most)                                                                                              \
    {                                                                                                                  \
        .field = name, .kind = WIRE_LINES, .maximum = (most)                                                           \
    }
#define BYTES(name, least, most)                                                                                       \
    {                                                                                                                  \
        .field = name, .kind = WIRE_BYTES, .minimum = (least), .maximum = (most)                                       \
    }
#define ONE(name, rules_of)                                                                                            \
    {                                                                                                                  \
        .field = name, .kind = WIRE_MESSAGE, .minimum = 1, .message = &(rules_of)                                      \
    }
#define ONE_OR_NONE(name, rules_of)                                                                                    \
    {                                                                                                                  \
        .field = name, .kind = WIRE_MESSAGE, .message = &(rules_of)                                                    \
    }
#define MANY(name, most, rules_of)                                                                                     \
    {                                                                                                                  \
        .field = name, .kind = WIRE_MESSAGE, .minimum = 1, .message = &(rules_of), .count_max = (most)                 \
    }
#define MANY_LINES(name, most, bytes)                                                                                  \
    {                                                                                                                  \
        .field = name, .kind = WIRE_LINE, .maximum = (bytes), .count_max = (most)                                      \
    }
#define MANY_BYTES(name, most, least, bytes)                                                                           \
    {                                                                                                                  \
        .field = name, .kind = WIRE_BYTES, .minimum = (least), .maximum = (bytes), .count_max = (most)                 \
    }
#define MANY_IDS(name, most)                                                                                           \
    {                                                                                                                  \
        .field = name, .kind = WIRE_NUMBER, .minimum = 1, .maximum = INT64_MAX, .count_max = (most)                    \
    }
#define RUNS(name)                                                                                                     \
    {                                                                                                                  \
        .field = name, .kind = WIRE_ANY, .count_max = RUNS_MAX                                                         \
    }

#define MESSAGE(lower, check)                                                                                          \
    static const struct wire_message lower##_message = {                                                               \
        .descriptor = &natsweep__##lower##__descriptor,                                                                \
        .rules = lower##_rules,                                                                                        \
        .rule_count = ARRAY_LEN(lower##_rules),                                                                        \
        .consistent = (check),                                                                                         \
    }

static const struct wire_rule sweep_key_rules[] = {ID("sweep_id"), COUNT("generation")};
MESSAGE(sweep_key, NULL);

static const struct wire_rule batch_key_rules[] = {ID("sweep_id"), NUMBER("batch", 0, REPORT_BATCHES_MAX - 1)};
MESSAGE(batch_key, NULL);

static const struct wire_rule spool_rules[] = {COUNT("depth"), BIG_COUNT("bytes"), TIME("oldest_at_us"),
                                               BIG_COUNT("lost")};
MESSAGE(spool, NULL);

static const struct wire_rule hello_rules[] = {
    ANY("instance"),
    NAME("agent_version"),
    NAME("hostname"),
    ANY("clock_us"),
    MANY("running", HELLO_SWEEPS_MAX, sweep_key_message),
    MANY_IDS("finished", HELLO_SWEEPS_MAX),
    ONE_OR_NONE("spool", spool_message),
    ANY("live"),
};
MESSAGE(hello, NULL);

static const struct wire_rule welcome_rules[] = {
    NUMBER("status", NATSWEEP__WELCOME__STATUS__WELCOME, NATSWEEP__WELCOME__STATUS__UNAVAILABLE),
    ANY("clock_us"),
    COUNT("heartbeat_ms"),
    NAME("site"),
    TEXT("message"),
    COUNT("retry_ms"),
    MANY_LINES("endpoints", DIRECTORY_ENDPOINTS_MAX, WIRE_NAME_BYTES_MAX - 1),
    MANY_BYTES("server_keys", DIRECTORY_KEYS_MAX, CURVE_KEY_BYTES, CURVE_KEY_BYTES),
};
MESSAGE(welcome, NULL);

static const struct wire_rule heartbeat_rules[] = {ANY("clock_us"), ONE_OR_NONE("spool", spool_message),
                                                   ONE_OR_NONE("running", sweep_key_message)};
MESSAGE(heartbeat, NULL);

static const struct wire_rule port_range_rules[] = {
    NUMBER("first", 1, UINT16_MAX), NUMBER("last", 1, UINT16_MAX), WORD("transport", transport_word),
    WORD("role", role_word),        WORD("expect", expect_word),   NUMBER("group", 0, UINT8_MAX),
};

static bool port_range_consistent(const ProtobufCMessage *message)
{
    const Natsweep__PortRange *range = (const void *)message;
    return range->first <= range->last;
}
MESSAGE(port_range, port_range_consistent);

static const struct wire_rule credentials_rules[] = {LINE("user", 1, WIRE_TEXT_BYTES_MAX - 1),
                                                     LINE("password", 1, WIRE_TEXT_BYTES_MAX - 1)};
MESSAGE(credentials, NULL);

static const struct wire_rule start_sweep_rules[] = {
    ONE("key", sweep_key_message),
    NUMBER("at_us", 1, TIME_US_MAX),
    COUNT("expires_in_s"),
    NUMBER("deadline_s", 1, DAY_S),
    MANY("ports", COMMAND_RANGES_MAX, port_range_message),
    MANY_LINES("servers", COMMAND_SERVERS_MAX, WIRE_NAME_BYTES_MAX - 1),
    NAME("turn_server"),
    ONE_OR_NONE("credentials", credentials_message),
    NUMBER("family", 4, 6),
    WORD("mode", mode_word),
    COUNT("pace_pps"),
    NUMBER("patience_s", 0, DAY_S),
    NAME("sip_echo"),
};

/* Ranges ascend by (transport, port) and do not overlap, as in struct port_list. */
static bool ranges_ascend(Natsweep__PortRange *const *ranges, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const Natsweep__PortRange *previous = ranges[i - 1], *range = ranges[i];
        if (range->transport < previous->transport ||
            (range->transport == previous->transport && range->first <= previous->last))
            return false;
    }
    return true;
}

static bool start_sweep_consistent(const ProtobufCMessage *message)
{
    const Natsweep__StartSweep *start = (const void *)message;
    return start->n_ports > 0 && start->n_servers > 0 && start->family != 5 &&
           ranges_ascend(start->ports, start->n_ports);
}
MESSAGE(start_sweep, start_sweep_consistent);

static const struct wire_rule accepted_rules[] = {ONE("key", sweep_key_message), ANY("running")};
MESSAGE(accepted, NULL);

static const struct wire_rule refused_rules[] = {ONE("key", sweep_key_message), LINE("code", 1, 64), TEXT("message")};
MESSAGE(refused, NULL);

static const struct wire_rule progress_rules[] = {ONE("key", sweep_key_message), COUNT("ports_done"),
                                                  COUNT("ports_total"), NUMBER("remaining_ms", 0, UINT32_MAX)};
MESSAGE(progress, NULL);

static const struct wire_rule cancel_rules[] = {ONE("key", sweep_key_message), TEXT("message")};
MESSAGE(cancel, NULL);

static const struct wire_rule address_rules[] = {NUMBER("port", 0, UINT16_MAX), BYTES("ip", 4, 16)};

static bool address_consistent(const ProtobufCMessage *message)
{
    const Natsweep__Address *address = (const void *)message;
    return address->ip.len == 4 || address->ip.len == 16;
}
MESSAGE(address, address_consistent);

static const struct wire_rule port_owner_rules[] = {COUNT("pid"), LINE("name", 0, OWNER_NAME_BYTES - 1)};
MESSAGE(port_owner, NULL);

static const struct wire_rule port_columns_rules[] = {
    RUNS("port_runs"),
    RUNS("plan_runs"),
    RUNS("verdict_runs"),
    RUNS("fact_runs"),
    RUNS("attempt_runs"),
    RUNS("mapped_ip_runs"),
    MANY_BYTES("mapped_ips", REPORT_BATCH_IPS, 4, 16),
    BYTES("mapped_ports", 0, MAPPED_BYTES_MAX),
    NUMBER("rtt_unit_us", 0, RTT_MAX_US),
    NUMBER("rtt_median", 0, RTT_MAX_US),
    BYTES("rtt", 0, RTT_BYTES_MAX),
    RUNS("owner_runs"),
    MANY("owners", REPORT_BATCH_OWNERS, port_owner_message),
};
MESSAGE(port_columns, NULL);

static const struct wire_rule warning_rules[] = {LINE("code", 1, WARNING_CODE_BYTES - 1), TEXT("message")};
MESSAGE(warning, NULL);

static const struct wire_rule nat_rules[] = {
    WORD("nat_class", nat_class_word),
    WORD("mapping", behaviour_word),
    WORD("filtering", behaviour_word),
    TRI("port_preservation"),
    TRI("hairpin"),
    TRI("generic_alg"),
    TRI("double_nat"),
    TRI("sip_alg"),
    LINES("sip_alg_diff", WIRE_DIFF_BYTES_MAX - 1),
    NUMBER("binding_lifetime_s", -1, INT32_MAX),
};
MESSAGE(nat, NULL);

static const struct wire_rule done_rules[] = {
    WORD("outcome", outcome_word),
    TEXT("message"),
    MANY_LINES("advice", REPORT_ADVICE_MAX, WIRE_TEXT_BYTES_MAX - 1),
    MANY("warnings", REPORT_WARNINGS_MAX, warning_message),
    NAME("server_name"),
    ONE_OR_NONE("server_address", address_message),
    ONE_OR_NONE("server_other_address", address_message),
    ONE_OR_NONE("local_address", address_message),
    ONE_OR_NONE("public_address", address_message),
    NUMBER("family", 4, 6),
    TIME("started_at_us"),
    BIG_COUNT("duration_us"),
    ONE("nat", nat_message),
    NUMBER("port_count", 0, SWEEP_PORTS_MAX),
};

static bool done_consistent(const ProtobufCMessage *message)
{
    return ((const Natsweep__Done *)(const void *)message)->family != 5;
}
MESSAGE(done, done_consistent);

static const struct wire_rule report_batch_rules[] = {
    ID("sweep_id"),
    NUMBER("at_us", 1, TIME_US_MAX),
    NUMBER("batch", 0, REPORT_BATCHES_MAX - 1),
    NUMBER("batches", 1, REPORT_BATCHES_MAX),
    ONE("columns", port_columns_message),
    ONE_OR_NONE("done", done_message),
};

/* The summary travels with the last batch and with no other. */
static bool report_batch_consistent(const ProtobufCMessage *message)
{
    const Natsweep__ReportBatch *report = (const void *)message;
    bool last = report->batch + 1 == report->batches;
    return report->batch < report->batches && last == (report->done != NULL);
}
MESSAGE(report_batch, report_batch_consistent);

static const struct wire_rule ack_rules[] = {MANY("stored", HELLO_SWEEPS_MAX, batch_key_message),
                                             MANY("rejected", HELLO_SWEEPS_MAX, batch_key_message), TEXT("message")};
MESSAGE(ack, NULL);

static const struct wire_rule wait_rules[] = {COUNT("wait_ms")};
MESSAGE(wait, NULL);

static const struct wire_rule enroll_rules[] = {BYTES("token", 1, TOKEN_BYTES_MAX),
                                                BYTES("public_key", CURVE_KEY_BYTES, CURVE_KEY_BYTES), NAME("hostname"),
                                                NAME("agent_version")};
MESSAGE(enroll, NULL);

static const struct wire_rule enrolled_rules[] = {
    NUMBER("status", NATSWEEP__ENROLLED__STATUS__ENROLLED, NATSWEEP__ENROLLED__STATUS__REVOKED),
    TEXT("message"),
    NAME("site"),
    NAME("customer"),
    MANY_LINES("endpoints", DIRECTORY_ENDPOINTS_MAX, WIRE_NAME_BYTES_MAX - 1),
    MANY_BYTES("server_keys", DIRECTORY_KEYS_MAX, CURVE_KEY_BYTES, CURVE_KEY_BYTES),
};
MESSAGE(enrolled, NULL);

static const struct wire_message change_key_message = {.descriptor = &natsweep__change_key__descriptor};

static const struct wire_rule new_key_rules[] = {BYTES("public_key", CURVE_KEY_BYTES, CURVE_KEY_BYTES)};
MESSAGE(new_key, NULL);

static const struct wire_rule key_changed_rules[] = {BYTES("public_key", CURVE_KEY_BYTES, CURVE_KEY_BYTES)};
MESSAGE(key_changed, NULL);

static const struct wire_rule envelope_rules[] = {
    ANY("version"),
    ONE("hello", hello_message),
    ONE("welcome", welcome_message),
    ONE("heartbeat", heartbeat_message),
    ONE("start_sweep", start_sweep_message),
    ONE("accepted", accepted_message),
    ONE("refused", refused_message),
    ONE("progress", progress_message),
    ONE("cancel", cancel_message),
    ONE("report_batch", report_batch_message),
    ONE("ack", ack_message),
    ONE("wait", wait_message),
    ONE("enroll", enroll_message),
    ONE("enrolled", enrolled_message),
    ONE("change_key", change_key_message),
    ONE("new_key", new_key_message),
    ONE("key_changed", key_changed_message),
};

const struct wire_message wire_envelope_rules = {
    .descriptor = &natsweep__envelope__descriptor,
    .rules = envelope_rules,
    .rule_count = ARRAY_LEN(envelope_rules),
};
