#include "command/entry.h"

#include "command/policy.h"
#include "runner/untested.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_US 1000000u

static int record_command(const Natsweep__StartSweep *command, struct journal_entry *record)
{
    Natsweep__StartSweep copy = *command;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    copy.credentials = NULL;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_START_SWEEP;
    envelope.start_sweep = &copy;
    record->sweep_id = command->key->sweep_id;
    record->at_us = command->at_us;
    return wire_encode(&envelope, &record->command, &record->command_len);
}

struct entry *entry_make(const struct uplink_sweep *sweep, const Natsweep__StartSweep *command, uint64_t now_us)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        return NULL;
    list_init(&entry->link);
    entry->sweep = *sweep;
    entry->expires_us = now_us + (uint64_t)command->expires_in_s * SECOND_US;
    entry->job = calloc(1, sizeof *entry->job);
    if (!entry->job || record_command(command, &entry->record)) {
        entry_free(entry);
        return NULL;
    }
    return entry;
}

void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    list_remove(&entry->link);
    if (entry->job) {
        explicit_bzero(entry->job, sizeof *entry->job); /* it may hold a password */
        free(entry->job);
    }
    free(entry->record.command);
    free(entry);
}

struct report *entry_interrupted(const struct journal_entry *record, const char *why)
{
    Envelope *envelope = NULL;
    struct report *report = NULL;
    uint8_t family = 4;
    struct port_list *ports = calloc(1, sizeof *ports);
    if (!ports)
        return NULL;
    if (wire_decode(record->command, record->command_len, &envelope) == 0 &&
        envelope->body_case == NATSWEEP__ENVELOPE__BODY_START_SWEEP) {
        family = (uint8_t)envelope->start_sweep->family;
        if (policy_read_ports(envelope->start_sweep, ports))
            ports->count = 0;
    }
    report = untested_report(ports, family, OUTCOME_INTERRUPTED, REASON_INTERRUPTED, why);
    wire_free(envelope);
    free(ports);
    return report;
}
