#include "report/format.h"

#include "base/clock.h"
#include "report/explanation.h"
#include "report/json_writer.h"
#include "report/summary.h"

#include <string.h>

static void write_address(struct json_writer *json, const char *key, const struct address *address)
{
    char text[ADDRESS_TEXT_BYTES];
    json_text(json, key, address_known(address) ? address_format(address, text) : NULL);
}

static void write_ip(struct json_writer *json, const char *key, const struct address *address)
{
    char text[ADDRESS_TEXT_BYTES];
    json_text(json, key, address_known(address) ? address_format_ip(address, text) : NULL);
}

static void write_head(struct json_writer *json, const struct report *report)
{
    char started_at[CLOCK_TEXT_BYTES];

    json_text(json, "outcome", outcome_word(report->outcome));
    json_text(json, "message", report->message);
    json_open(json, "advice", '[');
    for (size_t i = 0; i < report->advice_count; i++)
        json_text(json, NULL, report->advice[i]);
    json_close(json, ']');
    json_newline(json);
    json_open(json, "stun_server", '{');
    json_text(json, "name", report->server_name);
    write_address(json, "address", &report->server_address);
    write_address(json, "other_address", &report->server_other_address);
    json_close(json, '}');
    json_newline(json);
    json_number(json, "family", report->family);
    write_ip(json, "local_address", &report->local_address);
    write_ip(json, "public_address", &report->public_address);
    json_text(json, "started_at", clock_format_rfc3339(report->started_at_us, started_at));
    json_number(json, "duration_us", (int64_t)report->duration_us);
}

static void write_sip_alg(struct json_writer *json, const struct nat_facts *nat)
{
    char lines[SIP_ALG_DIFF_BYTES], *rest = NULL;

    json_open(json, "sip_alg", '{');
    json_tri(json, "detected", nat->sip_alg);
    json_open(json, "diff", '[');
    memcpy(lines, nat->sip_alg_diff, sizeof lines);
    for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        json_text(json, NULL, line);
    json_close(json, ']');
    json_close(json, '}');
}

static const char *or_unknown(const char *word)
{
    return word ? word : "unknown";
}

static void write_nat(struct json_writer *json, const struct nat_facts *nat)
{
    json_open(json, "nat", '{');
    json_text(json, "class", or_unknown(nat_class_word(nat->nat_class)));
    json_text(json, "mapping", or_unknown(behaviour_word(nat->mapping)));
    json_text(json, "filtering", or_unknown(behaviour_word(nat->filtering)));
    json_tri(json, "port_preservation", nat->port_preservation);
    json_tri(json, "hairpin", nat->hairpin);
    if (nat->binding_lifetime_s < 0)
        json_null(json, "binding_lifetime_s");
    else
        json_number(json, "binding_lifetime_s", nat->binding_lifetime_s);
    json_tri(json, "generic_alg", nat->generic_alg);
    write_sip_alg(json, nat);
    json_tri(json, "double_nat", nat->double_nat);
    json_close(json, '}');
}

static void write_warnings(struct json_writer *json, const struct report *report)
{
    json_open(json, "warnings", '[');
    for (size_t i = 0; i < report->warning_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "code", report->warnings[i].code);
        json_text(json, "message", report->warnings[i].message);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_summary(struct json_writer *json, const struct report *report)
{
    struct summary summary = summary_of(report);

    json_open(json, "summary", '{');
    for (unsigned verdict = 1; verdict < SUMMARY_VERDICTS; verdict++)
        if (summary.count[verdict] > 0)
            json_number(json, verdict_word(verdict), (int64_t)summary.count[verdict]);
    json_number(json, "unjudged", (int64_t)summary.unjudged);
    json_close(json, '}');
}

static void write_owner(struct json_writer *json, const struct port_owner *owner)
{
    if (!owner || owner->pid == 0) {
        json_null(json, "owner");
        return;
    }
    json_open(json, "owner", '{');
    json_number(json, "pid", owner->pid);
    json_text(json, "name", owner->name);
    json_close(json, '}');
}

static void write_port(struct json_writer *json, const struct port_result *port)
{
    char message[EXPLANATION_LINE_BYTES];

    json_open(json, NULL, '{');
    json_number(json, "port", port->port);
    json_text(json, "transport", transport_word(port->transport));
    json_text(json, "role", role_word(port->role));
    json_text(json, "expect", expect_word(port->expect));
    json_tri(json, "as_expected", port_result_as_expected(port));
    json_text(json, "verdict", verdict_word(port->verdict));
    json_text(json, "reason", reason_word(port->reason));
    json_text(json, "message", explain_line(port, message));
    json_tri(json, "reached", port->reached);
    json_tri(json, "preserved", port->preserved);
    json_tri(json, "inbound", port->inbound);
    json_tri(json, "unsolicited", port->unsolicited);
    write_address(json, "mapped", &port->mapped);
    if (port->rtt_us == RTT_UNKNOWN_US)
        json_null(json, "rtt_us");
    else
        json_number(json, "rtt_us", port->rtt_us);
    json_number(json, "attempts", port->attempts);
    json_bool(json, "live", port->live);
    write_owner(json, port->owner);
    json_close(json, '}');
}

void report_print_json(const struct report *report, const struct print_style *style, FILE *out)
{
    struct json_writer json = {.out = out};

    (void)style;
    json_open(&json, NULL, '{');
    write_head(&json, report);
    json_newline(&json);
    write_nat(&json, &report->nat);
    json_newline(&json);
    write_warnings(&json, report);
    json_newline(&json);
    write_summary(&json, report);
    json_newline(&json);
    json_open(&json, "ports", '[');
    for (size_t i = 0; i < report->port_count; i++) {
        json_newline(&json);
        write_port(&json, &report->ports[i]);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    putc('\n', out);
}
