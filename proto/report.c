#include "proto/report.h"

#include "proto/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct report *report_create(size_t port_count, size_t owner_count)
{
    struct report *report = calloc(1, sizeof *report);
    if (!report)
        return NULL;
    report->ports = calloc(port_count ? port_count : 1, sizeof *report->ports);
    report->owner_capacity = owner_count ? owner_count : 1;
    report->owners = calloc(report->owner_capacity, sizeof *report->owners);
    if (!report->ports || !report->owners) {
        report_free(report);
        return NULL;
    }
    report->port_count = port_count;
    report->owner_count = owner_count;
    report->nat.binding_lifetime_s = -1;
    for (size_t i = 0; i < port_count; i++)
        report->ports[i].rtt_us = RTT_UNKNOWN_US;
    return report;
}

void report_free(struct report *report)
{
    if (!report)
        return;
    free(report->ports);
    free(report->owners);
    free(report);
}

/* The newest programs are the likeliest: neighbouring ports mostly belong to the same one. */
static struct port_owner *find_owner(const struct report *report, const struct port_owner *owner)
{
    for (size_t i = report->owner_count; i > 0; i--) {
        struct port_owner *known = &report->owners[i - 1];
        if (known->pid == owner->pid && strcmp(known->name, owner->name) == 0)
            return known;
    }
    return NULL;
}

static int grow_owners(struct report *report)
{
    size_t capacity = report->owner_capacity ? 2 * report->owner_capacity : 1;
    struct port_owner *grown = calloc(capacity, sizeof *grown);
    if (!grown)
        return -ENOMEM;
    memcpy(grown, report->owners, report->owner_count * sizeof *grown);
    for (size_t i = 0; i < report->port_count; i++)
        if (report->ports[i].owner)
            report->ports[i].owner = grown + (report->ports[i].owner - report->owners);
    free(report->owners);
    report->owners = grown;
    report->owner_capacity = capacity;
    return 0;
}

void report_set_owner(struct report *report, struct port_result *port, const struct port_owner *owner)
{
    port->owner = find_owner(report, owner);
    if (port->owner || (report->owner_count == report->owner_capacity && grow_owners(report) != 0))
        return;
    struct port_owner *added = &report->owners[report->owner_count++];
    *added = *owner;
    port->owner = added;
}

bool report_warned(const struct report *report, const char *code)
{
    for (size_t i = 0; i < report->warning_count; i++)
        if (strcmp(report->warnings[i].code, code) == 0)
            return true;
    return false;
}

static void write_sentence(char out[REPORT_MESSAGE_BYTES], const char *format, va_list arguments) PRINTF_LIKE(2, 0);

static void write_sentence(char out[REPORT_MESSAGE_BYTES], const char *format, va_list arguments)
{
    char sentence[REPORT_MESSAGE_BYTES];
    vsnprintf(sentence, sizeof sentence, format, arguments);
    text_copy(out, REPORT_MESSAGE_BYTES, sentence, TEXT_LINE);
}

void report_warn(struct report *report, const char *code, const char *format, ...)
{
    if (report->warning_count == REPORT_WARNINGS_MAX || report_warned(report, code))
        return;
    struct warning *warning = &report->warnings[report->warning_count++];
    text_copy(warning->code, sizeof warning->code, code, TEXT_LINE);
    va_list arguments;
    va_start(arguments, format);
    write_sentence(warning->message, format, arguments);
    va_end(arguments);
}

void report_advise(struct report *report, const char *format, ...)
{
    if (report->advice_count == REPORT_ADVICE_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    write_sentence(report->advice[report->advice_count++], format, arguments);
    va_end(arguments);
}
