#include "sweep/behaviour.h"

static const struct address *mapped_by(const struct qualification *qualification, enum probe probe)
{
    const struct probe_record *record = &qualification->records[probe];
    return record->outcome == TEST_ANSWERED ? &record->mapped : NULL;
}

static bool equal(const struct address *a, const struct address *b)
{
    return a != NULL && b != NULL && address_equal(a, b);
}

static bool translated(const struct qualification *qualification, enum role role, enum probe probe)
{
    return !equal(mapped_by(qualification, probe), &qualification->locals[role]);
}

static enum behaviour mapping_of(const struct qualification *qualification)
{
    const struct address *primary = mapped_by(qualification, PROBE_MAP_PRIMARY);
    const struct address *other_ip = mapped_by(qualification, PROBE_MAP_OTHER_IP);
    const struct address *other = mapped_by(qualification, PROBE_MAP_OTHER);
    if (primary == NULL || qualification_mapping_false(qualification))
        return BEHAVIOUR_UNKNOWN;
    if (!translated(qualification, ROLE_SUBJECT, PROBE_MAP_PRIMARY))
        return BEHAVIOUR_NONE;
    if (other_ip == NULL && other == NULL)
        return BEHAVIOUR_UNKNOWN;
    bool differs_by_ip = other_ip != NULL && !equal(primary, other_ip);
    bool differs = other != NULL && !equal(primary, other);
    if (!differs_by_ip && !differs)
        return BEHAVIOUR_ENDPOINT_INDEPENDENT;
    if (qualification->stand_in != STAND_IN_NONE) /* its Test 2 and 3 may have left their marks in the router */
        return BEHAVIOUR_UNKNOWN;
    return differs_by_ip && equal(other_ip, other) ? BEHAVIOUR_ADDRESS_DEPENDENT : BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT;
}

/* A filter that lets in the first address's other port for having asked that address lets in the second's for the same
 * reason, unless that is banned, or shuns new ports; and then its silence before showed nothing. */
static bool lets_in_the_asked(const struct qualification *qualification)
{
    return qualification->records[PROBE_GUEST_PORT].outcome == TEST_ANSWERED;
}

static enum behaviour filtering_of(const struct qualification *qualification)
{
    if (qualification->lets_in_second || qualification->records[PROBE_NAKED].outcome == TEST_ANSWERED)
        return BEHAVIOUR_ENDPOINT_INDEPENDENT;
    bool asked = qualification->records[PROBE_FILTER_BOTH].outcome == TEST_SILENT;
    if (!asked || qualification->second != TRI_YES ||
        !qualification->filter_proven) /* it may be the server's, or a ban's */
        return BEHAVIOUR_UNKNOWN;
    if (qualification->lets_in_port)
        return lets_in_the_asked(qualification) ? BEHAVIOUR_ADDRESS_DEPENDENT : BEHAVIOUR_UNKNOWN;
    bool port_asked = qualification->records[PROBE_FILTER_PORT].outcome == TEST_SILENT;
    return port_asked ? BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT : BEHAVIOUR_UNKNOWN;
}

bool behaviour_depends_on_address(enum behaviour filtering)
{
    return filtering == BEHAVIOUR_ADDRESS_DEPENDENT || filtering == BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT;
}

static enum nat_class class_of_cone(enum behaviour filtering)
{
    switch (filtering) {
    case BEHAVIOUR_ENDPOINT_INDEPENDENT: return NAT_CLASS_FULL_CONE;
    case BEHAVIOUR_ADDRESS_DEPENDENT: return NAT_CLASS_RESTRICTED_CONE;
    case BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT: return NAT_CLASS_PORT_RESTRICTED_CONE;
    default: return NAT_CLASS_UNKNOWN;
    }
}

static enum nat_class class_without_nat(enum behaviour filtering)
{
    if (filtering == BEHAVIOUR_ENDPOINT_INDEPENDENT)
        return NAT_CLASS_OPEN_INTERNET;
    return behaviour_depends_on_address(filtering) ? NAT_CLASS_SYMMETRIC_FIREWALL : NAT_CLASS_UNKNOWN;
}

static enum nat_class class_of(enum behaviour mapping, enum behaviour filtering)
{
    switch (mapping) {
    case BEHAVIOUR_NONE: return class_without_nat(filtering);
    case BEHAVIOUR_ENDPOINT_INDEPENDENT: return class_of_cone(filtering);
    case BEHAVIOUR_ADDRESS_DEPENDENT:
    case BEHAVIOUR_ADDRESS_AND_PORT_DEPENDENT: return NAT_CLASS_SYMMETRIC;
    default: return NAT_CLASS_UNKNOWN;
    }
}

static enum tri preservation_of(const struct qualification *qualification)
{
    const struct address *control = mapped_by(qualification, PROBE_BASIC);
    const struct address *subject = mapped_by(qualification, PROBE_MAP_PRIMARY);
    if (control == NULL || subject == NULL || qualification_mapping_false(qualification))
        return TRI_UNKNOWN;
    bool kept = control->port == qualification->locals[ROLE_CONTROL].port &&
                subject->port == qualification->locals[ROLE_SUBJECT].port;
    return kept ? TRI_YES : TRI_NO;
}

struct nat_behaviour behaviour_of(const struct qualification *qualification)
{
    struct nat_behaviour behaviour = {.mapping = mapping_of(qualification),
                                      .filtering = filtering_of(qualification),
                                      .port_preservation = preservation_of(qualification)};
    behaviour.nat_class = class_of(behaviour.mapping, behaviour.filtering);
    behaviour.unfiltered = qualification->records[PROBE_NAKED].outcome == TEST_ANSWERED;
    return behaviour;
}
