#include "proto/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check_clean(const char *text, enum text_kind kind, bool expected)
{
    if (text_is_clean(text, kind) != expected)
        fail_msg("\"%s\" is %sclean", text, expected ? "not " : "");
}

static void clean_text(void **state)
{
    (void)state;
    check_clean("", TEXT_LINE, true);
    check_clean("plain", TEXT_LINE, true);
    check_clean("Z\xc3\xbcrich \xe2\x82\xac \xf0\x9f\x98\x80", TEXT_LINE, true);
    check_clean("two\nlines", TEXT_LINES, true);
    check_clean("two\nlines", TEXT_LINE, false);
    check_clean("\x1b[31m", TEXT_LINES, false);
    check_clean("\x7f", TEXT_LINE, false);
    check_clean("\xc2\x85", TEXT_LINES, false);           /* NEL, a C1 control */
    check_clean("\xe2\x80\xae", TEXT_LINE, false);        /* U+202E turns what follows */
    check_clean("\xe2\x80\xa8", TEXT_LINES, false);       /* U+2028 breaks the line */
    check_clean("\xe2\x81\xa7", TEXT_LINE, false);        /* U+2067 */
    check_clean("\xd8\x9c", TEXT_LINE, false);            /* U+061C */
    check_clean("\xe2\x80\xaf\xd7\xa9", TEXT_LINE, true); /* a narrow blank and a letter from right to left */
}

static void malformed_utf8(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "\x80",             /* continuation without a lead */
        "\xc3",             /* cut off */
        "\xe2\x82",         /* cut off */
        "\xc0\xaf",         /* overlong */
        "\xe0\x80\xaf",     /* overlong */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* past U+10FFFF */
        "\xf8\x88\x80\x80", /* no such lead */
        "\xff",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        check_clean(malformed[i], TEXT_LINES, false);
}

static void clean_replaces_only_the_offending_bytes(void **state)
{
    (void)state;
    char text[] = "a\xff\xc3\xbc\nb";
    assert_string_equal(text_clean(text, TEXT_LINE), "a?\xc3\xbc?b");
    assert_true(text_is_clean(text, TEXT_LINE));
}

static void copy_never_cuts_a_character(void **state)
{
    (void)state;
    char out[5];
    assert_string_equal(text_copy(out, sizeof out, "abc\xc3\xbc", TEXT_LINE), "abc");
    assert_string_equal(text_copy(out, sizeof out, "ab\xc3\xbc", TEXT_LINE), "ab\xc3\xbc");
    assert_string_equal(text_copy(out, sizeof out, "a\x01\xff\xc3", TEXT_LINE), "a???");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_text),
        cmocka_unit_test(malformed_utf8),
        cmocka_unit_test(clean_replaces_only_the_offending_bytes),
        cmocka_unit_test(copy_never_cuts_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
