/* A report with something of everything, and the comparison of what is printed with a golden file. */
#ifndef TEST_REPORT_SAMPLE_H
#define TEST_REPORT_SAMPLE_H

#include "proto/report.h"
#include "report/format.h"

#include <stdlib.h>
#include <string.h>

static inline struct address sample_address(const char *text)
{
    struct address address;
    assert_int_equal(address_parse(text, &address), 0);
    return address;
}

static inline struct port_result sample_port(uint16_t port, enum verdict verdict, enum tri unsolicited)
{
    return (struct port_result){.port = port,
                                .transport = TRANSPORT_UDP,
                                .role = ROLE_RTP,
                                .expect = EXPECT_OPEN,
                                .verdict = (uint8_t)verdict,
                                .reached = TRI_YES,
                                .preserved = TRI_YES,
                                .inbound = verdict == VERDICT_PASS ? TRI_YES : TRI_NO,
                                .unsolicited = (uint8_t)unsolicited,
                                .attempts = 3,
                                .live = true,
                                .rtt_us = 21345,
                                .mapped = {.family = 4, .port = port, .ip = {203, 0, 113, 2}}};
}

static inline void sample_fill_ports(struct report *report)
{
    struct port_result *ports = report->ports;

    ports[0] = sample_port(5060, VERDICT_IN_USE, TRI_UNKNOWN);
    ports[0].role = ROLE_SIP;
    ports[0].reached = ports[0].preserved = ports[0].inbound = TRI_UNKNOWN;
    ports[0].rtt_us = RTT_UNKNOWN_US;
    ports[0].attempts = 0;
    ports[0].live = false;
    ports[0].mapped = (struct address){0};
    ports[0].owner = &report->owners[0];
    for (uint16_t i = 1; i < 6; i++)
        ports[i] = sample_port((uint16_t)(8999 + i), VERDICT_PASS, TRI_YES);
    ports[3] = sample_port(9002, VERDICT_CLOSED, TRI_NO);
    ports[6] = sample_port(9010, VERDICT_TRANSLATED, TRI_YES);
    ports[6].preserved = TRI_NO;
    ports[6].mapped.port = 61234;
    ports[7] = sample_port(9011, VERDICT_INCONCLUSIVE, TRI_UNKNOWN);
    ports[7].reason = REASON_LOSS;
    ports[8] = (struct port_result){.port = 5015,
                                    .transport = TRANSPORT_TCP,
                                    .role = ROLE_SETUP,
                                    .expect = EXPECT_CLOSED,
                                    .verdict = VERDICT_CLOSED,
                                    .inbound = TRI_NO,
                                    .rtt_us = RTT_UNKNOWN_US};
}

/* The caller frees it. */
static inline struct report *sample_report(void)
{
    struct report *report = report_create(9, 1);
    assert_non_null(report);
    report->outcome = OUTCOME_PARTIAL;
    report->family = 4;
    (void)snprintf(report->message, sizeof report->message,
                   "5 of 8 tested ports are as they should be; look at the ports below and what to do about them.");
    report_advise(report, "Turn on \"static source ports\" in the router.");
    report_warn(report, "loss", "%d %% of the packets were lost.", 12);
    (void)snprintf(report->server_name, sizeof report->server_name, "stun.example.com");
    report->server_address = sample_address("203.0.113.10:3478");
    report->server_other_address = sample_address("203.0.113.11:3479");
    report->local_address = sample_address("192.168.77.2");
    report->public_address = sample_address("203.0.113.2");
    report->started_at_us = 1767323045678000;
    report->duration_us = 1234567;
    report->nat = (struct nat_facts){.nat_class = NAT_CLASS_PORT_RESTRICTED_CONE,
                                     .mapping = BEHAVIOUR_ENDPOINT_INDEPENDENT,
                                     .filtering = BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT,
                                     .port_preservation = TRI_YES,
                                     .hairpin = TRI_NO,
                                     .sip_alg = TRI_YES,
                                     .binding_lifetime_s = -1,
                                     .sip_alg_diff = "-Via: SIP/2.0/UDP 192.168.77.2\n+Via: SIP/2.0/UDP 203.0.113.2"};
    /* A name that a stranger chose: a quote, a terminal escape, a byte that is no UTF-8. */
    report->owners[0] = (struct port_owner){.pid = 812, .name = "3CX\"Phone\x1b[2J\xff\xc3\xa9"};
    sample_fill_ports(report);
    return report;
}

/* What `format` prints, NUL-terminated. The caller frees it. */
static inline char *sample_print(const char *format, const struct report *report, bool colour)
{
    struct print_style style = {.colour = colour, .columns = 80};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    report_format_find(format)->print(report, &style, out);
    (void)fclose(out);
    return text;
}

/* Compares with tests/unit/report/golden/NAME; NATSWEEP_GOLDEN=write writes it anew. */
static inline void assert_golden(const char *name, const char *text)
{
    char path[512], expected[65536];

    (void)snprintf(path, sizeof path, "%s/unit/report/golden/%s", TEST_DIR, name);
    bool write = getenv("NATSWEEP_GOLDEN") != NULL;
    FILE *file = fopen(path, write ? "w" : "r");
    assert_non_null(file);
    if (write) {
        fputs(text, file);
        (void)fclose(file);
        return;
    }
    size_t len = fread(expected, 1, sizeof expected - 1, file);
    (void)fclose(file);
    expected[len] = '\0';
    assert_string_equal(text, expected);
}

#endif
