#include "store/store_batch.h"

#include "store/evidence.h"
#include "store/multirange.h"
#include "store/port_counts.h"
#include "store/port_parts.h"
#include "store/port_plan.h"

#include <errno.h>

#define BATCH_COLUMNS 13 /* of report_in: those that every batch has */
#define PART_COLUMNS 12

/* The columns of report_in that only the last batch has. */
static const uint32_t summary_types[] = {PG_INT2, PG_INT2, PG_TEXT, PG_TEXT_ARRAY, PG_JSONB, PG_TEXT, PG_INET, PG_INT4,
                                         PG_INET, PG_INT4, PG_INET, PG_INET,       PG_INT8,  PG_INT8, PG_INT2, PG_INT2,
                                         PG_INT2, PG_BOOL, PG_BOOL, PG_BOOL,       PG_BOOL,  PG_BOOL, PG_TEXT, PG_INT4};

void store_batch_begin(struct store_batch *batch, const struct store_types *types)
{
    *batch = (struct store_batch){0};
    for (size_t i = 0; i < STORE_PARAMETERS; i++)
        pg_array(&batch->parameters[i], types->element[i], 0);
}

/* Columns with their types. */
static void int2(struct pg_binary *out, int value)
{
    pg_column(out, PG_INT2);
    pg_int2(out, value);
}

static void int4(struct pg_binary *out, int32_t value)
{
    pg_column(out, PG_INT4);
    pg_int4(out, value);
}

static void int8(struct pg_binary *out, int64_t value)
{
    pg_column(out, PG_INT8);
    pg_int8(out, value);
}

static void text(struct pg_binary *out, const char *value)
{
    pg_column(out, PG_TEXT);
    pg_text(out, value);
}

static void text_or_null(struct pg_binary *out, const char *value)
{
    pg_column(out, PG_TEXT);
    if (value[0])
        pg_text(out, value);
    else
        pg_null(out);
}

static void tri(struct pg_binary *out, uint8_t value)
{
    pg_column(out, PG_BOOL);
    if (value == TRI_UNKNOWN)
        pg_null(out);
    else
        pg_bool(out, value == TRI_YES);
}

static void ip(struct pg_binary *out, const struct address *address)
{
    pg_column(out, PG_INET);
    pg_inet(out, address);
}

static void ip_and_port(struct pg_binary *out, const struct address *address)
{
    ip(out, address);
    pg_column(out, PG_INT4);
    if (address_known(address))
        pg_int4(out, address->port);
    else
        pg_null(out);
}

static void advice(struct pg_binary *out, const struct report *report)
{
    pg_column(out, PG_TEXT_ARRAY);
    size_t opened = pg_open(out);
    pg_array(out, PG_TEXT, report->advice_count);
    for (size_t i = 0; i < report->advice_count; i++)
        pg_text(out, report->advice[i]);
    pg_close(out, opened);
}

static void warnings(struct pg_binary *out, const struct report *report)
{
    static const uint8_t jsonb_version = 1;
    pg_column(out, PG_JSONB);
    size_t opened = pg_open(out);
    pg_bytes(out, &jsonb_version, sizeof jsonb_version);
    pg_bytes(out, "[", 1);
    for (size_t i = 0; i < report->warning_count; i++) {
        static const char head[] = "{\"code\":", middle[] = ",\"message\":";
        if (i > 0)
            pg_bytes(out, ",", 1);
        pg_bytes(out, head, sizeof head - 1);
        pg_json_string(out, report->warnings[i].code);
        pg_bytes(out, middle, sizeof middle - 1);
        pg_json_string(out, report->warnings[i].message);
        pg_bytes(out, "}", 1);
    }
    pg_bytes(out, "]", 1);
    pg_close(out, opened);
}

static void write_nat(struct pg_binary *out, const struct nat_facts *nat)
{
    int2(out, nat->nat_class);
    int2(out, nat->mapping);
    int2(out, nat->filtering);
    tri(out, nat->port_preservation);
    tri(out, nat->hairpin);
    tri(out, nat->generic_alg);
    tri(out, nat->double_nat);
    tri(out, nat->sip_alg);
    text_or_null(out, nat->sip_alg_diff);
    pg_column(out, PG_INT4);
    if (nat->binding_lifetime_s < 0)
        pg_null(out);
    else
        pg_int4(out, nat->binding_lifetime_s);
}

/* What a sweep was as a whole. */
static void write_summary(struct pg_binary *out, const struct report *report)
{
    int2(out, report->outcome);
    int2(out, report->family);
    text(out, report->message);
    advice(out, report);
    warnings(out, report);
    text_or_null(out, report->server_name);
    ip_and_port(out, &report->server_address);
    ip_and_port(out, &report->server_other_address);
    ip(out, &report->local_address);
    ip(out, &report->public_address);
    int8(out, report->started_at_us);
    int8(out, (int64_t)report->duration_us);
    write_nat(out, &report->nat);
}

static void write_no_summary(struct pg_binary *out)
{
    for (size_t i = 0; i < ARRAY_LEN(summary_types); i++) {
        pg_column(out, summary_types[i]);
        pg_null(out);
    }
}

/* The columns of type report_in, in its order. */
static void write_report(struct pg_binary *out, int32_t item, int64_t site_id, const Natsweep__ReportBatch *message,
                         const struct report *report)
{
    struct port_counts counts = port_counts_make(report);
    size_t opened = pg_open(out);
    pg_record(out, BATCH_COLUMNS + ARRAY_LEN(summary_types));
    int4(out, item);
    int8(out, site_id);
    int8(out, (int64_t)message->sweep_id);
    int8(out, message->at_us);
    int2(out, (int)message->batch);
    int2(out, (int)message->batches);
    pg_column(out, PG_TEXT);
    port_plan_write(out, report);
    int4(out, (int32_t)report->port_count);
    int4(out, counts.pass);
    int4(out, counts.fail);
    int4(out, counts.unjudged);
    int4(out, counts.forwarded);
    int4(out, counts.unforwarded);
    if (message->done)
        write_summary(out, report);
    else
        write_no_summary(out);
    pg_close(out, opened);
}

/* The columns of type part_in, in its order. */
static void write_part(struct pg_binary *out, int32_t item, size_t number, const struct port_result *const *ports,
                       size_t count)
{
    const struct port_result *sample = ports[0];
    size_t opened = pg_open(out);
    pg_record(out, PART_COLUMNS);
    int4(out, item);
    int2(out, (int)number);
    int2(out, sample->transport);
    int2(out, sample->verdict);
    pg_column(out, PG_INT2);
    if (sample->reason == REASON_NONE)
        pg_null(out);
    else
        pg_int2(out, sample->reason);
    tri(out, sample->reached);
    tri(out, sample->preserved);
    tri(out, sample->inbound);
    tri(out, sample->unsolicited);
    pg_column(out, PG_BOOL);
    pg_bool(out, sample->live);
    pg_column(out, PG_BOOL);
    pg_bool(out, verdict_is_judged((enum verdict)sample->verdict));
    pg_column(out, PG_INT4MULTIRANGE);
    multirange_write(out, ports, count);
    pg_close(out, opened);
}

int store_batch_add(struct store_batch *batch, int32_t item, int64_t site_id, const Natsweep__ReportBatch *message,
                    const struct report *report)
{
    struct port_parts parts;
    int error = port_parts_make(report, &parts);
    if (error)
        return error;
    write_report(&batch->parameters[STORE_REPORTS], item, site_id, message, report);
    batch->elements[STORE_REPORTS]++;
    for (size_t i = 0; i < parts.count; i++) {
        const struct port_result *const *ports = parts.order + parts.parts[i].first;
        size_t count = parts.parts[i].count;
        write_part(&batch->parameters[STORE_PARTS], item, i, ports, count);
        batch->elements[STORE_PARTS]++;
        batch->elements[STORE_EVIDENCE] += evidence_write(&batch->parameters[STORE_EVIDENCE], item, i, ports, count);
    }
    port_parts_free(&parts);
    return 0;
}

int store_batch_finish(struct store_batch *batch)
{
    for (size_t i = 0; i < STORE_PARAMETERS; i++) {
        pg_array_count(&batch->parameters[i], 0, batch->elements[i]);
        if (batch->parameters[i].failed)
            return -ENOMEM;
    }
    return 0;
}

void store_batch_free(struct store_batch *batch)
{
    for (size_t i = 0; i < STORE_PARAMETERS; i++)
        pg_binary_free(&batch->parameters[i]);
}
