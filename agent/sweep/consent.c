#include "sweep/consent.h"

void consent_sent(struct consent *consent)
{
    if (!consent->given)
        consent->packets++;
}

void consent_answered(struct consent *consent, uint64_t now_us, bool agrees)
{
    if (consent->given && !agrees)
        return;
    consent->given = true;
    consent->answered_us = now_us;
}

bool consent_lost(const struct consent *consent, uint64_t now_us)
{
    return consent->given && now_us >= consent->answered_us + CONSENT_EXPIRY_US;
}

bool consent_may_send(const struct consent *consent, uint64_t now_us)
{
    return consent->given ? !consent_lost(consent, now_us) : consent->packets < CONSENT_PACKETS_MAX;
}
