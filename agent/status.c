#include "agent/status.h"

#include "base/clock.h"
#include "report/json_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "natsweep-agent-status 1"

enum kind { KIND_TEXT, KIND_NUMBER, KIND_TIME };

struct row {
    const char *name;
    enum kind kind;
    size_t offset, size;
};

#define ROW(name, kind, field)                                                                                         \
    {                                                                                                                  \
        name, kind, offsetof(struct agent_status, field), sizeof(((struct agent_status *)0)->field)                    \
    }

static const struct row rows[] = {
    ROW("version", KIND_TEXT, version),
    ROW("pid", KIND_NUMBER, pid),
    ROW("site", KIND_TEXT, site),
    ROW("customer", KIND_TEXT, customer),
    ROW("state", KIND_TEXT, state),
    ROW("why", KIND_TEXT, why),
    ROW("endpoint", KIND_TEXT, endpoint),
    ROW("since", KIND_TIME, since_us),
    ROW("clock_offset_us", KIND_NUMBER, clock_offset_us),
    ROW("running_sweep", KIND_NUMBER, running_sweep),
    ROW("ports_done", KIND_NUMBER, ports_done),
    ROW("ports_total", KIND_NUMBER, ports_total),
    ROW("queued_sweeps", KIND_NUMBER, queued_sweeps),
    ROW("last_sweep", KIND_NUMBER, last_sweep),
    ROW("last_finished", KIND_TIME, last_finished_us),
    ROW("last_outcome", KIND_TEXT, last_outcome),
    ROW("spool_batches", KIND_NUMBER, spool_batches),
    ROW("spool_bytes", KIND_NUMBER, spool_bytes),
    ROW("spool_oldest", KIND_TIME, spool_oldest_us),
    ROW("lost_batches", KIND_NUMBER, lost_batches),
    ROW("rejected_batches", KIND_NUMBER, rejected_batches),
    ROW("corrupt_files", KIND_NUMBER, corrupt_files),
    ROW("unsaved_reports", KIND_NUMBER, unsaved_reports),
};

static int64_t number_of(const struct agent_status *status, const struct row *row)
{
    int64_t number;
    memcpy(&number, (const char *)status + row->offset, sizeof number);
    return number;
}

static const char *text_of(const struct agent_status *status, const struct row *row)
{
    return (const char *)status + row->offset;
}

/* Names come from afar: whatever would break a line or a string becomes a space. */
static void print_clean(const char *text, FILE *out)
{
    for (; *text; text++)
        fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
}

void status_write(const struct agent_status *status, FILE *out)
{
    fputs(MAGIC "\n", out);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fprintf(out, "%s ", rows[i].name);
        if (rows[i].kind == KIND_TEXT)
            print_clean(text_of(status, &rows[i]), out);
        else
            fprintf(out, "%" PRId64, number_of(status, &rows[i]));
        fputc('\n', out);
    }
}

static void read_value(const char *name, const char *value, struct agent_status *status)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        char *field = (char *)status + rows[i].offset;
        if (rows[i].kind == KIND_TEXT) {
            snprintf(field, rows[i].size, "%s", value);
        } else {
            int64_t number = strtoll(value, NULL, 10);
            memcpy(field, &number, sizeof number);
        }
    }
}

int status_read(FILE *in, struct agent_status *status)
{
    char line[STATUS_TEXT_BYTES + 64];
    if (!fgets(line, sizeof line, in) || strcmp(line, MAGIC "\n") != 0)
        return -EPROTO;
    *status = (struct agent_status){0};
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        char *space = strchr(line, ' ');
        if (!space)
            continue;
        *space = '\0';
        read_value(line, space + 1, status);
    }
    return 0;
}

void status_print_json(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    struct json_writer json = {.out = out};
    json_open(&json, NULL, '{');
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t number = rows[i].kind == KIND_TEXT ? 0 : number_of(status, &rows[i]);
        switch (rows[i].kind) {
        case KIND_TEXT: json_text(&json, rows[i].name, text_of(status, &rows[i])); break;
        case KIND_TIME: json_text(&json, rows[i].name, number ? clock_format_rfc3339(number, time) : NULL); break;
        case KIND_NUMBER: json_number(&json, rows[i].name, number); break;
        }
    }
    json_close(&json, '}');
    putc('\n', out);
}

static void print_sweeps(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    if (status->running_sweep)
        fprintf(out, "sweep:     %" PRId64 " runs, %" PRId64 " of %" PRId64 " ports, %" PRId64 " more wait\n",
                status->running_sweep, status->ports_done, status->ports_total, status->queued_sweeps);
    else
        fputs("sweep:     none runs\n", out);
    if (status->last_sweep)
        fprintf(out, "last:      %" PRId64 " %s at %s\n", status->last_sweep, status->last_outcome,
                clock_format_rfc3339(status->last_finished_us, time));
}

static void print_spool(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    if (status->spool_batches)
        fprintf(out, "spool:     %" PRId64 " batches (%" PRId64 " bytes) wait, the oldest since %s\n",
                status->spool_batches, status->spool_bytes, clock_format_rfc3339(status->spool_oldest_us, time));
    else
        fputs("spool:     empty\n", out);
    if (status->unsaved_reports)
        fputs("spool:     the disk does not take the last report; no sweep begins until it does\n", out);
    if (status->lost_batches || status->rejected_batches || status->corrupt_files)
        fprintf(out, "losses:    %" PRId64 " batches lost, %" PRId64 " rejected; %" PRId64 " corrupt files\n",
                status->lost_batches, status->rejected_batches, status->corrupt_files);
}

void status_print_text(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    fprintf(out, "agent:     natsweep-agent %s, pid %" PRId64 "\n", status->version, status->pid);
    if (status->site[0])
        fprintf(out, "site:      %s (%s)\n", status->site, status->customer);
    fprintf(out, "collector: %s, %s since %s: %s\n", status->endpoint, status->state,
            clock_format_rfc3339(status->since_us, time), status->why);
    print_sweeps(status, out);
    print_spool(status, out);
}
