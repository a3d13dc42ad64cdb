#include "proto/words.h"

#include <stddef.h>

#define WORD_TEXT(UPPER, lower, number) [number] = #lower,

static const char *const transports[] = {TRANSPORT_WORDS(WORD_TEXT)};
static const char *const verdicts[] = {VERDICT_WORDS(WORD_TEXT)};
static const char *const reasons[] = {REASON_WORDS(WORD_TEXT)};
static const char *const outcomes[] = {OUTCOME_WORDS(WORD_TEXT)};
static const char *const nat_classes[] = {NAT_CLASS_WORDS(WORD_TEXT)};
static const char *const behaviours[] = {BEHAVIOUR_WORDS(WORD_TEXT)};
static const char *const roles[] = {ROLE_WORDS(WORD_TEXT)};
static const char *const expects[] = {EXPECT_WORDS(WORD_TEXT)};
static const char *const modes[] = {MODE_WORDS(WORD_TEXT)};

#define WORD_OF(table, number) ((number) < ARRAY_LEN(table) ? (table)[number] : NULL)

const char *transport_word(unsigned number)
{
    return WORD_OF(transports, number);
}

const char *verdict_word(unsigned number)
{
    return WORD_OF(verdicts, number);
}

const char *reason_word(unsigned number)
{
    return WORD_OF(reasons, number);
}

const char *outcome_word(unsigned number)
{
    return WORD_OF(outcomes, number);
}

const char *nat_class_word(unsigned number)
{
    return WORD_OF(nat_classes, number);
}

const char *behaviour_word(unsigned number)
{
    return WORD_OF(behaviours, number);
}

const char *role_word(unsigned number)
{
    return WORD_OF(roles, number);
}

const char *expect_word(unsigned number)
{
    return WORD_OF(expects, number);
}

const char *mode_word(unsigned number)
{
    return WORD_OF(modes, number);
}

bool verdict_is_judged(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_IN_USE:
    case VERDICT_NO_SECOND_ADDRESS:
    case VERDICT_INCONCLUSIVE:
    case VERDICT_NOT_TESTED: return false;
    default: return true;
    }
}
