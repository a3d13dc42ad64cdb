/* `natsweep-agent restore`, whatever it finds. That it ends a keeper is tested here too. */
#include "pbx/restore.h"

#include "fake_pbx.h"
#include "pbx/keeper.h"
#include "pbx/pbx.h"
#include "pbx/stopped.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char keeper_path[] = "/proc/self/exe", keeper_word[] = "keeper";
static char *const keeper[] = {keeper_path, keeper_word, NULL};
static char message[RESTORE_MESSAGE_BYTES];

/* A PBX that somebody stopped and did not start. */
static void leave_stopped(struct pbx_config *config, const char *record)
{
    fake_open(FAKE_SYSTEMD);
    fake_config(config, keeper);
    assert_int_equal(mkdir("state", 0700), 0);
    assert_int_equal(unlink("active/a.service"), 0);
    fake_write("state/stopped", 0600, record);
}

static void assert_restored(const struct pbx_config *config)
{
    struct hooks stopped;
    assert_int_equal(restore_now(config, message), 1);
    assert_non_null(strstr(message, "runs again"));
    assert_true(fake_runs());
    assert_int_equal(stopped_read(config->folder, &stopped), -ENOENT);
    assert_int_equal(restore_now(config, message), 0);
    assert_non_null(strstr(message, "no sweep"));
}

static void what_the_record_names_is_started(void **state)
{
    (void)state;
    struct pbx_config config;
    leave_stopped(&config, "natsweep-pbx 1\nunits a.service\nstop \nstart \nend\n");
    assert_int_equal(hooks_parse("", "", "", &config.hooks, message), 0); /* and not what the settings say by now */
    assert_restored(&config);
}

static void a_damaged_record_starts_all_that_is_configured(void **state)
{
    (void)state;
    struct pbx_config config;
    leave_stopped(&config, "natsweep");
    fake_at("start", "touch active/never.service\n");
    assert_restored(&config);
}

static void a_start_that_fails_keeps_the_record(void **state)
{
    (void)state;
    struct pbx_config config;
    struct hooks stopped;
    leave_stopped(&config, "natsweep-pbx 1\nunits a.service\nstop \nstart \nend\n");
    fake_at("start", "exit 1\n");
    assert_true(restore_now(&config, message) < 0);
    assert_non_null(strstr(message, "does not start"));
    assert_int_equal(stopped_read(config.folder, &stopped), 0);
    assert_int_equal(unlink("at_start"), 0);
    assert_restored(&config);
}

static void a_keeper_in_the_middle_of_a_sweep_gives_way(void **state)
{
    (void)state;
    struct pbx_config config;
    struct pbx pbx;
    enum pbx_answer start;
    fake_open(FAKE_COMMANDS);
    fake_config(&config, keeper);
    assert_int_equal(pbx_stop(&config, -1, &pbx, &start), PBX_STOPPED);
    assert_false(fake_runs());
    pid_t sweep = fork();
    if (sweep == 0) {
        struct pollfd wanted = {.fd = pbx.fd, .events = POLLIN};
        _exit(poll(&wanted, 1, 10000) == 1 ? (int)pbx_start(&pbx) : 1);
    }
    int status = 0;
    assert_restored(&config);
    assert_int_equal(waitpid(sweep, &status, 0), sweep);
    assert_int_equal(WEXITSTATUS(status), PBX_STARTED_EARLY);
}

static void a_folder_of_others_is_refused(void **state)
{
    (void)state;
    struct pbx_config config;
    leave_stopped(&config, "natsweep-pbx 1\nunits a.service\nstop \nstart \nend\n");
    assert_int_equal(chmod("state", 0777), 0);
    assert_true(restore_now(&config, message) < 0);
    assert_non_null(strstr(message, "chmod"));
    assert_false(fake_said("start"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        fake_test(what_the_record_names_is_started),    fake_test(a_damaged_record_starts_all_that_is_configured),
        fake_test(a_start_that_fails_keeps_the_record), fake_test(a_keeper_in_the_middle_of_a_sweep_gives_way),
        fake_test(a_folder_of_others_is_refused),
    };
    struct pbx_config config;
    if (argc != 2 || strcmp(argv[1], keeper_word) != 0)
        return cmocka_run_group_tests(tests, NULL, NULL);
    if (keeper_detach())
        return 1;
    fake_config(&config, keeper);
    return keeper_serve(STDIN_FILENO, &config, false) == 0 ? 0 : 1;
}
