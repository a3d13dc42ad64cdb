#include "pbx/action.h"

#include "base/attributes.h"
#include "fake_pbx.h"

#include <stdio.h>
#include <unistd.h>

static char *const no_keeper[] = {NULL};

static void open_pbx(enum fake_kind kind, struct pbx_config *config)
{
    fake_open(kind);
    fake_config(config, no_keeper);
}

static void only_units_that_run_are_chosen(void **state)
{
    (void)state;
    struct pbx_config config;
    struct hooks running;
    open_pbx(FAKE_SYSTEMD, &config);
    assert_int_equal(unlink("active/a.service"), 0);
    assert_int_equal(action_choose(&config, &running), 0);
    assert_string_equal(running.units, "b.service");
}

/* As its administrator restarts it: it would find its ports in use. */
static void a_unit_that_comes_up_is_chosen_too(void **state)
{
    (void)state;
    struct pbx_config config;
    struct hooks running;
    open_pbx(FAKE_SYSTEMD, &config);
    assert_int_equal(rename("active/a.service", "coming/a.service"), 0);
    assert_int_equal(action_choose(&config, &running), 0);
    assert_string_equal(running.units, "a.service b.service");
    assert_int_equal(action_stop(&config, &running, -1), PBX_STOPPED);
    assert_false(fake_exists("coming/a.service"));
}

/* By its administrator, who may be restarting it. */
static void while_a_unit_goes_down_nothing_is_chosen(void **state)
{
    (void)state;
    struct pbx_config config;
    struct hooks running;
    open_pbx(FAKE_SYSTEMD, &config);
    assert_int_equal(rename("active/b.service", "going/b.service"), 0);
    assert_true(action_choose(&config, &running) < 0);
    assert_false(hooks_given(&running));
}

static void commands_are_chosen_as_they_are(void **state)
{
    (void)state;
    struct pbx_config config;
    struct hooks running;
    open_pbx(FAKE_COMMANDS, &config);
    assert_int_equal(action_choose(&config, &running), 0);
    assert_string_equal(running.start, config.hooks.start);
}

static void without_an_answer_of_systemd_nothing_is_chosen(void **state)
{
    (void)state;
    struct pbx_config config;
    struct hooks running;
    open_pbx(FAKE_SYSTEMD, &config);
    fake_at("ask", "[ $3 != b.service ] || exit 1\n");
    assert_true(action_choose(&config, &running) < 0);
    assert_false(hooks_given(&running));
}

static void a_stop_ends_in_one_of_four_ways(void **state)
{
    (void)state;
    static const struct {
        const char *snippet;
        bool interrupted;
        enum pbx_answer answer;
    } rows[] = {
        {"", false, PBX_STOPPED},
        {"exit 1\n", false, PBX_STOP_FAILED},
        {"kill -9 $$\n", false, PBX_STOP_FAILED},
        {"exec sleep 1000\n", false, PBX_STOP_TIMED_OUT},
        {"exec sleep 1000\n", true, PBX_STOP_CUT_SHORT},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pbx_config config;
        int ends[2];
        open_pbx(FAKE_COMMANDS, &config);
        fake_at("stop", rows[i].snippet);
        config.stop_timeout_s = rows[i].answer == PBX_STOP_TIMED_OUT ? 1 : 60;
        assert_int_equal(pipe(ends), 0);
        close(ends[1]); /* readable */
        assert_int_equal(action_stop(&config, &config.hooks, rows[i].interrupted ? ends[0] : -1), rows[i].answer);
        close(ends[0]);
        assert_int_equal(fake_close(), 0);
    }
}

static void a_start_is_seen_to_work(void **state)
{
    (void)state;
    struct pbx_config config;
    const struct hooks stopped = {.units = "a.service b.service"};
    open_pbx(FAKE_SYSTEMD, &config);
    assert_int_equal(unlink("active/a.service"), 0);
    assert_int_equal(action_start(&config, &stopped), 0);
    assert_true(fake_runs());
    assert_int_equal(action_start(&config, &stopped), 0); /* what runs already */
    fake_at("started", "rm active/b.service\n");
    assert_true(action_start(&config, &stopped) < 0);
    fake_at("start", "exit 1\n");
    assert_true(action_start(&config, &stopped) < 0);
}

static void a_start_that_hangs_has_failed_but_what_it_began_stays(void **state)
{
    (void)state;
    struct pbx_config config;
    open_pbx(FAKE_COMMANDS, &config);
    config.start_timeout_s = 1;
    fake_at("start", "{ mkfifo up && echo up > up; } & exec sleep 1000\n");
    do /* again when the time was over before the hook had begun anything */
        assert_true(action_start(&config, &config.hooks) < 0);
    while (!fake_exists("up"));
    char said[8] = "";
    FILE *up = fopen("up", "r"); /* comes back because the background process is there to write */
    assert_non_null(up);
    assert_non_null(fgets(said, sizeof said, up));
    assert_string_equal(said, "up\n");
    fclose(up);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(only_units_that_run_are_chosen),
        fake_test(a_unit_that_comes_up_is_chosen_too),
        fake_test(while_a_unit_goes_down_nothing_is_chosen),
        fake_test(commands_are_chosen_as_they_are),
        fake_test(without_an_answer_of_systemd_nothing_is_chosen),
        fake_test(a_stop_ends_in_one_of_four_ways),
        fake_test(a_start_is_seen_to_work),
        fake_test(a_start_that_hangs_has_failed_but_what_it_began_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
