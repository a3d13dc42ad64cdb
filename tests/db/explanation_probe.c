/* Prints what the agent says about every kind of port: "TRANSPORT VERDICT REASON UNSOLICITED EXPECT SPARED<tab>LINE",
 * for tests/db/test_words.py; words, and "-" for what is unknown or none. */
#include "report/explanation.h"

#include <stdio.h>

static const char *or_dash(const char *word)
{
    return word && word[0] ? word : "-";
}

static void tell(const struct port_result *result)
{
    static const char *const tri[] = {[TRI_UNKNOWN] = "-", [TRI_NO] = "no", [TRI_YES] = "yes"};
    char line[EXPLANATION_LINE_BYTES];
    printf("%s %s %s %s %s %s\t%s\n", transport_word(result->transport), verdict_word(result->verdict),
           or_dash(reason_word(result->reason)), tri[result->unsolicited], expect_word(result->expect),
           result->spared ? "yes" : "no", explain_line(result, line));
}

static void tell_hopes(struct port_result *result)
{
    for (unsigned expect = EXPECT_OPEN; expect_word(expect); expect++) {
        result->expect = (uint8_t)expect;
        result->spared = false;
        tell(result);
        /* What an alternative can stand in for: a failure of a port that ought to be open. */
        result->spared = expect == EXPECT_OPEN && port_result_as_expected(result) == TRI_NO;
        if (result->spared)
            tell(result);
    }
}

static void tell_reasons(struct port_result *result)
{
    for (unsigned reason = REASON_NONE; reason == REASON_NONE || reason_word(reason); reason++)
        for (unsigned unsolicited = TRI_UNKNOWN; unsolicited <= TRI_YES; unsolicited++) {
            result->reason = (uint8_t)reason;
            result->unsolicited = (uint8_t)unsolicited;
            tell_hopes(result);
        }
}

int main(void)
{
    for (unsigned transport = 1; transport_word(transport); transport++)
        for (unsigned verdict = 1; verdict_word(verdict); verdict++)
            tell_reasons(&(struct port_result){.transport = (uint8_t)transport, .verdict = (uint8_t)verdict});
    return 0;
}
