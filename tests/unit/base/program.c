#include "base/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

enum { SERVED = 1, CHECKED, PRINTED };

static int done;
static char path[64];

static int do_what(int what, const char *settings_path)
{
    done = what;
    (void)snprintf(path, sizeof path, "%s", settings_path);
    return 7;
}

static int serve(const char *settings_path)
{
    return do_what(SERVED, settings_path);
}

static int check(const char *settings_path)
{
    return do_what(CHECKED, settings_path);
}

static void print_settings(FILE *out)
{
    (void)out;
    done = PRINTED;
}

static const struct program_flag flags[] = {{"check", check, "say whether all is in order"}};
static const struct program program = {.name = "natsweep-test",
                                       .instead = "--check",
                                       .help = "Serves.",
                                       .settings_path = "/etc/default.conf",
                                       .serve = serve,
                                       .print_settings = print_settings,
                                       .flags = flags,
                                       .flag_count = ARRAY_LEN(flags)};

/* A command line of one to three words; what it prints stays out of the test's own output. */
static int run(const char *first, const char *second, const char *third)
{
    char *argv[] = {"natsweep-test", (char *)(uintptr_t)first, (char *)(uintptr_t)second, (char *)(uintptr_t)third,
                    NULL};
    int argc = 1 + (first != NULL) + (second != NULL) + (third != NULL);
    done = 0;
    path[0] = '\0';
    optind = 0;
    return program_main(&program, argc, argv);
}

static void it_serves_when_nothing_else_is_asked(void **state)
{
    (void)state;
    assert_int_equal(run(NULL, NULL, NULL), 7);
    assert_int_equal(done, SERVED);
    assert_string_equal(path, "/etc/default.conf");
    assert_int_equal(run("--settings", "/tmp/x.conf", NULL), 7);
    assert_int_equal(done, SERVED);
    assert_string_equal(path, "/tmp/x.conf");
}

static void a_flag_of_its_own_is_done_instead(void **state)
{
    (void)state;
    assert_int_equal(run("--check", "--settings", "/tmp/x.conf"), 7);
    assert_int_equal(done, CHECKED);
    assert_string_equal(path, "/tmp/x.conf");
    assert_int_equal(run("--print-settings", NULL, NULL), EX_OK);
    assert_int_equal(done, PRINTED);
}

static void what_every_program_says(void **state)
{
    (void)state;
    const char *const words[] = {"--help", "-h", "--version"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        assert_int_equal(run(words[i], NULL, NULL), EX_OK);
        assert_int_equal(done, 0);
    }
}

/* What it says on stderr. */
static void assert_says(const char *first, const char *second, const char *sentence)
{
    char said[256] = "";
    int kept = dup(STDERR_FILENO), ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)dup2(ends[1], STDERR_FILENO);
    int code = run(first, second, NULL);
    (void)dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof said - 1) > 0);
    close(ends[0]);
    assert_int_equal(code, EX_USAGE);
    assert_string_equal(said, sentence);
}

static void bad_usage_is_one_sentence_that_names_it(void **state)
{
    (void)state;
    assert_says("--serve", NULL,
                "natsweep-test: '--serve' is no flag of this program, or takes no value; 'natsweep-test --help' lists "
                "the flags\n");
    assert_says("--check", "-xy",
                "natsweep-test: '-xy' is no flag of this program, or takes no value; 'natsweep-test --help' lists the "
                "flags\n");
    assert_says("--settings", NULL,
                "natsweep-test: '--settings' needs a value; 'natsweep-test --help' lists the flags\n");
    assert_says("--check", "now", "natsweep-test: 'now' is unexpected; 'natsweep-test --help' lists the flags\n");
}

static void what_it_does_not_know_is_bad_usage(void **state)
{
    (void)state;
    assert_int_equal(run("--serve", NULL, NULL), EX_USAGE);
    assert_int_equal(run("now", NULL, NULL), EX_USAGE);
    assert_int_equal(run("--settings", NULL, NULL), EX_USAGE);
    assert_int_equal(run("--check", "now", NULL), EX_USAGE);
    assert_int_equal(done, 0);
    assert_int_equal(program_fail(&program, EX_CONFIG, "no"), EX_CONFIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_serves_when_nothing_else_is_asked), cmocka_unit_test(a_flag_of_its_own_is_done_instead),
        cmocka_unit_test(what_every_program_says), cmocka_unit_test(what_it_does_not_know_is_bad_usage),
        cmocka_unit_test(bad_usage_is_one_sentence_that_names_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
