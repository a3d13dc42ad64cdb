/* What systemd is told, word by word. */
#include "pbx/guard.h"

#include "base/file.h"
#include "fake_pbx.h"

#include <stdio.h>
#include <string.h>

static char *const no_keeper[] = {NULL};

static void read_timer(char text[FAKE_TEXT_BYTES])
{
    assert_int_equal(file_read("timer", text, FAKE_TEXT_BYTES, NULL), 0);
}

static void the_timer_starts_what_was_stopped(void **state)
{
    (void)state;
    struct pbx_config config;
    char text[FAKE_TEXT_BYTES], wanted[512];
    fake_open(FAKE_SYSTEMD);
    fake_config(&config, no_keeper);
    config.max_stopped_s = 900;
    config.start_timeout_s = 120;
    assert_int_equal(guard_arm(&config, &(struct hooks){.units = "b.service"}), 0);
    read_timer(text);
    (void)snprintf(wanted, sizeof wanted,
                   "--quiet --collect --unit=natsweep-pbx-guard --timer-property=AccuracySec=1s --on-active=1020s -- "
                   "%s start -- b.service\n",
                   config.systemctl);
    assert_string_equal(text, wanted);
    guard_disarm(&config);
    assert_false(fake_exists("timer"));
    guard_disarm(&config); /* nothing armed */
}

static void a_command_is_started_by_the_timer_as_well(void **state)
{
    (void)state;
    struct pbx_config config;
    char text[FAKE_TEXT_BYTES];
    fake_open(FAKE_SYSTEMD);
    fake_config(&config, no_keeper);
    assert_int_equal(guard_arm(&config, &(struct hooks){.stop = "/bin/pbx stop", .start = "/bin/pbx start"}), 0);
    read_timer(text);
    assert_non_null(strstr(text, " -- /bin/pbx start\n"));
}

static void an_error_of_systemd_is_told(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_SYSTEMD);
    fake_config(&config, no_keeper);
    fake_at("arm", "exit 1\n");
    assert_true(guard_arm(&config, &(struct hooks){.units = "b.service"}) < 0);
}

static void without_systemd_there_is_nothing_to_arm(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_COMMANDS);
    fake_config(&config, no_keeper);
    assert_int_equal(guard_arm(&config, &config.hooks), 0);
    guard_disarm(&config);
    assert_false(fake_exists("log"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(the_timer_starts_what_was_stopped),
        fake_test(a_command_is_started_by_the_timer_as_well),
        fake_test(an_error_of_systemd_is_told),
        fake_test(without_systemd_there_is_nothing_to_arm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
