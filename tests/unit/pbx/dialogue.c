#include "pbx/dialogue.h"

#include "base/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

static const enum pbx_answer answers[] = {
    PBX_STOPPED,        PBX_STOP_FAILED,   PBX_STOP_TIMED_OUT, PBX_STOP_CUT_SHORT, PBX_REFUSED,
    PBX_NOT_CONFIGURED, PBX_BUSY,          PBX_NOT_RECORDED,   PBX_NOT_GUARDED,    PBX_NOT_RECOVERED,
    PBX_STARTED,        PBX_STARTED_EARLY, PBX_NOT_STARTED,    PBX_SILENT,
};

static void each_answer_is_a_sentence_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        const char *text = pbx_answer_text(answers[i]);
        assert_true(isupper((unsigned char)text[0]));
        assert_int_equal(text[strlen(text) - 1], '.');
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(text, pbx_answer_text(answers[j]));
    }
}

/* Whatever comes over the socket. */
static void an_unknown_byte_is_no_answer(void **state)
{
    (void)state;
    assert_string_equal(pbx_answer_text((enum pbx_answer)'?'), pbx_answer_text(PBX_SILENT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_is_a_sentence_of_its_own),
        cmocka_unit_test(an_unknown_byte_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
