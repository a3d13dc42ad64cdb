#include "agent/check_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#define ARGUMENTS_MAX 24

static int parse(const char *const *arguments, struct check_options *options, char message[FLAGS_MESSAGE_BYTES])
{
    char *argv[ARGUMENTS_MAX];
    int argc = 0;

    argv[argc++] = (char *)"check";
    for (; arguments[argc - 1]; argc++)
        argv[argc] = (char *)arguments[argc - 1];
    message[0] = '\0';
    return check_options_parse(argc, argv, options, message);
}

static void test_defaults(void **state)
{
    struct check_options options;
    char message[FLAGS_MESSAGE_BYTES];

    (void)state;
    assert_int_equal(parse((const char *const[]){NULL}, &options, message), 0);
    assert_int_equal(options.stun_count, 0);
    assert_string_equal(options.ports, "@3cx");
    assert_int_equal(options.family, 4);
    assert_int_equal(options.mode, MODE_AUTO);
    assert_int_equal(options.pace_pps, 400);
    assert_int_equal(options.timeout_us, 0);
    assert_int_equal(options.patience_us, 60000000);
    assert_string_equal(options.format->name, "text");
}

static void test_every_flag_in_any_order_and_both_forms(void **state)
{
    struct check_options options;
    char message[FLAGS_MESSAGE_BYTES];
    const char *const arguments[] = {"--format=json",
                                     "--stun",
                                     "a:1",
                                     "--mode=exclusive",
                                     "--pace",
                                     "0",
                                     "--stun=[::1]:2",
                                     "--ports",
                                     "5060/udp",
                                     "--family",
                                     "6",
                                     "--local=::1",
                                     "--timeout-ms=250",
                                     "--patience",
                                     "0",
                                     "--no-progress",
                                     "--turn-user=u",
                                     "--turn-password-file",
                                     "p",
                                     "--settings=s",
                                     NULL};

    (void)state;
    assert_int_equal(parse(arguments, &options, message), 0);
    assert_string_equal(options.format->name, "json");
    assert_int_equal(options.stun_count, 2);
    assert_string_equal(options.stun[0], "a:1");
    assert_string_equal(options.stun[1], "[::1]:2");
    assert_int_equal(options.mode, MODE_EXCLUSIVE);
    assert_int_equal(options.pace_pps, 0);
    assert_int_equal(options.family, 6);
    assert_string_equal(options.local, "::1");
    assert_int_equal(options.timeout_us, 250000);
    assert_int_equal(options.patience_us, 0);
    assert_true(options.no_progress);
    assert_string_equal(options.turn_user, "u");
    assert_string_equal(options.turn_password_file, "p");
    assert_string_equal(options.settings, "s");
}

static void test_bad_usage_is_one_sentence_that_names_it(void **state)
{
    static const struct {
        const char *arguments[5];
        const char *names; /* what the sentence must name */
    } rows[] = {
        {{"--speed"}, "--speed"},
        {{"stray"}, "stray"},
        {{"--pace"}, "--pace"},
        {{"--pace", "-1"}, "-1"},
        {{"--pace=5001"}, "5000"},
        {{"--pace=4x"}, "4x"},
        {{"--family=5"}, "4 or 6"},
        {{"--mode=fast"}, "exclusive"},
        {{"--format=xml"}, "csv"},
        {{"--timeout-ms=0"}, "60000"},
        {{"--no-progress=yes"}, "--no-progress"},
        {{"--stun=host:0"}, "host:0"},
        {{"--local=localhost"}, "numeric"},
        {{"--local=127.0.0.1", "--family=6"}, "--family"},
        {{"--turn-user=u"}, "--turn-password-file"},
        {{"--turn-user=u", "--turn-password-file=p", "--turn-secret-file=s"}, "--turn-secret-file"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct check_options options = {.family = 42};
        char message[FLAGS_MESSAGE_BYTES];
        assert_int_equal(parse(rows[i].arguments, &options, message), -EINVAL);
        assert_non_null(strstr(message, rows[i].names));
        assert_null(strchr(message, '\n'));
        assert_int_equal(options.family, 42);
    }
}

static void test_help_lists_every_flag(void **state)
{
    static const char *const flags[] = {"--stun",
                                        "--turn ",
                                        "--ports",
                                        "--family",
                                        "--mode",
                                        "--pace",
                                        "--turn-user",
                                        "--turn-password-file",
                                        "--turn-secret-file",
                                        "--sip-echo",
                                        "--binding-lifetime",
                                        "--local",
                                        "--timeout-ms",
                                        "--patience",
                                        "--format",
                                        "--no-progress"};
    char text[8192];

    (void)state;
    FILE *out = fmemopen(text, sizeof text, "w");
    check_options_help(out);
    (void)fclose(out);
    for (size_t i = 0; i < ARRAY_LEN(flags); i++)
        assert_non_null(strstr(text, flags[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_every_flag_in_any_order_and_both_forms),
        cmocka_unit_test(test_bad_usage_is_one_sentence_that_names_it),
        cmocka_unit_test(test_help_lists_every_flag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
