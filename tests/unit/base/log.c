#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int saved_stderr;
static FILE *captured;

static int capture_stderr(void **state)
{
    (void)state;
    unsetenv("JOURNAL_STREAM");
    log_set_level(LOG_LEVEL_INFO);
    saved_stderr = dup(STDERR_FILENO);
    captured = tmpfile();
    return captured && dup2(fileno(captured), STDERR_FILENO) >= 0 ? 0 : -1;
}

static int restore_stderr(void **state)
{
    (void)state;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    return fclose(captured);
}

static const char *output(void)
{
    static char text[4096];
    rewind(captured);
    text[fread(text, 1, sizeof text - 1, captured)] = '\0';
    return text;
}

static void a_line_names_level_subsystem_and_peer(void **state)
{
    (void)state;
    log_info("session", "site-7", "connected to %s", "tcp://a:1");
    log_error("spool", NULL, "disk full");
    assert_string_equal(output(), "info session site-7: connected to tcp://a:1\nerror spool: disk full\n");
}

static void lines_above_the_level_are_dropped(void **state)
{
    (void)state;
    log_debug("session", NULL, "noise");
    log_set_level(LOG_LEVEL_WARNING);
    log_info("session", NULL, "noise");
    assert_string_equal(output(), "");
}

static void a_stranger_cannot_forge_a_second_line(void **state)
{
    (void)state;
    log_info("gateway", NULL, "host '%s'", "a\nerror gateway: forged\x1b[2J");
    log_info("gateway", "site/a\nerror gateway", "connected");
    assert_string_equal(output(), "info gateway: host 'a?error gateway: forged?[2J'\n"
                                  "info gateway site/a?error gateway: connected\n");
}

static void under_systemd_lines_carry_their_priority(void **state)
{
    (void)state;
    setenv("JOURNAL_STREAM", "8:1", 1);
    log_warning("session", NULL, "late");
    unsetenv("JOURNAL_STREAM");
    assert_string_equal(output(), "<4>warning session: late\n");
}

static void level_words_are_known(void **state)
{
    (void)state;
    enum log_level level = LOG_LEVEL_INFO;
    assert_int_equal(log_level_parse("debug", &level), 0);
    assert_int_equal(level, LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_parse("loud", &level), -1);
}

#define captured_test(function) cmocka_unit_test_setup_teardown(function, capture_stderr, restore_stderr)

int main(void)
{
    const struct CMUnitTest tests[] = {
        captured_test(a_line_names_level_subsystem_and_peer),
        captured_test(lines_above_the_level_are_dropped),
        captured_test(a_stranger_cannot_forge_a_second_line),
        captured_test(under_systemd_lines_carry_their_priority),
        cmocka_unit_test(level_words_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
