#include "sweep/accusation.h"

#include <string.h>

#define NO_SECOND "no_second_address"
#define SILENT_SECOND "second_address_silent"
#define ERROR "server_error"
#define FALSE_MAPPING "false_mapped_address"

/* A second address that no Test 2 can come from. */
static void warn_no_second(const struct qualification *qualification, struct report *report)
{
    char announced[ADDRESS_TEXT_BYTES];
    const char *name = report->server_name;
    switch (qualification->fault) {
    case SECOND_FINE: break;
    case SECOND_NOT_ANNOUNCED:
        report_warn(report, NO_SECOND, "The STUN server %s announces no second address.", name);
        break;
    case SECOND_SAME_IP:
        report_warn(report, NO_SECOND, "The STUN server %s has no second address: the one it announces is its first.",
                    name);
        break;
    case SECOND_PRIVATE:
        address_format(&qualification->announced, announced);
        report_warn(report, NO_SECOND,
                    "The STUN server %s announces %s as its second address, where nobody on the internet can be: it "
                    "seems to stand behind a NAT. Both addresses must be its own.",
                    name, announced);
        break;
    case SECOND_IGNORED:
        report_warn(report, NO_SECOND,
                    "The STUN server %s ignores CHANGE-REQUEST: it does not answer from its second address.", name);
        break;
    case SECOND_REFUSED:
        report_warn(report, NO_SECOND,
                    "The STUN server %s refuses CHANGE-REQUEST: it does not answer from a second address.", name);
        break;
    }
}

/* It has one, and nothing came from there that should have. */
static void warn_silent_second(const struct qualification *qualification, struct report *report)
{
    const struct probe_record *change = &qualification->records[PROBE_CHANGE_BOTH];
    const char *name = report->server_name;
    char other[ADDRESS_TEXT_BYTES];
    address_format(&qualification->other, other);
    if (change->outcome == TEST_ERROR)
        report_warn(report, SILENT_SECOND,
                    "The STUN server %s answers CHANGE-REQUEST with error %u, and not from its second address.", name,
                    (unsigned)change->error_code);
    else if (qualification->second_heard)
        report_warn(report, SILENT_SECOND,
                    "The STUN server %s can be asked at its second address %s, but does not answer from there when "
                    "CHANGE-REQUEST wants it to.",
                    name, other);
    else
        report_warn(report, SILENT_SECOND, "The STUN server %s was never heard from its second address %s.", name,
                    other);
}

void accusation_warn(const struct qualification *qualification, struct report *report)
{
    const struct probe_record *basic = &qualification->records[PROBE_BASIC];
    const char *name = report->server_name;
    char mapped[ADDRESS_TEXT_BYTES];
    if (basic->outcome == TEST_ERROR)
        report_warn(report, ERROR, "The STUN server %s answers with error %u.", name, (unsigned)basic->error_code);
    if (basic->outcome == TEST_MALFORMED)
        report_warn(report, ERROR,
                    "The STUN server %s sends answers that are malformed, or not signed as they must be.", name);
    if (qualification_mapping_false(qualification)) {
        address_format(&basic->mapped, mapped);
        report_warn(report, FALSE_MAPPING,
                    "The STUN server %s says that packets of this host come from %s, but no answer to there arrives: "
                    "that is false, or it leaves RESPONSE-PORT unanswered.",
                    name, mapped);
    }
    if (qualification_answers(qualification))
        warn_no_second(qualification, report);
    if (address_known(&qualification->other) && qualification->second == TRI_UNKNOWN)
        warn_silent_second(qualification, report);
    if (qualification->second == TRI_YES && qualification->response_port == TRI_NO)
        report_warn(report, "no_response_port",
                    "The STUN server %s does not honour RESPONSE-PORT: whether a port is reachable without having sent "
                    "before is unknown.",
                    name);
}

const char *accusation_of(const struct report *report)
{
    static const char *const codes[] = {ERROR,
                                        FALSE_MAPPING,
                                        NO_SECOND,
                                        SILENT_SECOND,
                                        ACCUSATION_TURN_MAPPED,
                                        ACCUSATION_TURN_ELSEWHERE,
                                        ACCUSATION_TURN_SLOW,
                                        ACCUSATION_TURN_FALSE_SUCCESS};
    for (size_t code = 0; code < ARRAY_LEN(codes); code++)
        for (size_t i = 0; i < report->warning_count; i++)
            if (strcmp(report->warnings[i].code, codes[code]) == 0)
                return report->warnings[i].message;
    return NULL;
}
