/* The PBX runs again whoever is killed, and whenever: the agent, its keeper or both, at every step. Besides, everything
 * that can go wrong without a killing. */
#include "pbx/keeper.h"

#include "base/attributes.h"
#include "base/file.h"
#include "fake_pbx.h"
#include "pbx/pbx.h"
#include "pbx/restore.h"
#include "pbx/stopped.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_AGENT "kill -9 $(cat agent.pid)\n"
#define KILL_KEEPER "kill -9 $PPID\n"
#define FREEZE "kill -STOP $(cat agent.pid)\n"
#define HANG_UP "exit"
#define HELD_MS 200 /* much longer than a keeper needs to run a hook */

static char keeper_path[] = "/proc/self/exe", keeper_word[] = "keeper";
static char *const keeper[] = {keeper_path, keeper_word, NULL};

/* --- the agent and its keeper --- */

static pid_t keeper_pid(const struct pbx_config *config)
{
    pid_t holder = 0;
    assert_int_equal(stopped_lock(config->folder, &holder), -EBUSY);
    return holder;
}

/* Its connection to the keeper is closed before its ports are. */
static _Noreturn void end_slowly(const struct pbx *pbx)
{
    fake_write("held", 0644, "");
    close(pbx->fd);
    (void)poll(NULL, 0, HELD_MS);
    _exit(unlink("held"));
}

/* Stops the PBX, sweeps, which here means to kill whom `victims` names, and has it started. */
static _Noreturn void run_agent(const char *victims)
{
    struct pbx_config config;
    struct pbx pbx;
    enum pbx_answer start;
    char text[16];
    fake_config(&config, keeper);
    (void)snprintf(text, sizeof text, "%d", (int)getpid());
    fake_write("agent.pid", 0644, text);
    enum pbx_answer answer = pbx_stop(&config, -1, &pbx, &start);
    if (answer == PBX_STOPPED) {
        fake_write("swept", 0644, fake_runs() ? "running" : "stopped");
        if (strstr(victims, KILL_KEEPER))
            kill(keeper_pid(&config), SIGKILL);
        if (strstr(victims, KILL_AGENT))
            raise(SIGKILL);
        if (strstr(victims, FREEZE))
            raise(SIGSTOP);
        if (strstr(victims, HANG_UP))
            end_slowly(&pbx);
        answer = pbx_start(&pbx);
    }
    _exit(answer);
}

/* Returns how the agent ended. */
static int sweep(const char *victims)
{
    int status = 0;
    pid_t agent = fork();
    assert_true(agent >= 0);
    if (agent == 0)
        run_agent(victims);
    assert_int_equal(waitpid(agent, &status, 0), agent);
    fake_wait_for_all();
    return status;
}

static bool recorded(const struct pbx_config *config)
{
    struct hooks stopped;
    return stopped_read(config->folder, &stopped) != -ENOENT;
}

static void assert_as_before(const struct pbx_config *config)
{
    assert_true(fake_runs());
    assert_false(fake_exists("active/never.service"));
    assert_false(recorded(config));
    assert_false(fake_exists("timer"));
}

/* Nobody of us is left: what was stopped is on disk, and systemd, where there is one, will start it. */
static void assert_guarded(const struct pbx_config *config)
{
    if (fake_runs())
        return;
    assert_true(recorded(config));
    assert_int_equal(fake_exists("timer"), config->systemd_run != NULL);
}

static void kill_at(enum fake_kind kind, const char *step, const char *victims)
{
    struct pbx_config config;
    char message[RESTORE_MESSAGE_BYTES];
    bool keeper_dies = strstr(victims, KILL_KEEPER), agent_dies = strstr(victims, KILL_AGENT);
    bool in_sweep = strcmp(step, "sweep") == 0;
    fake_open(kind);
    fake_config(&config, keeper);
    if (!in_sweep)
        fake_at(step, victims);
    int status = sweep(in_sweep ? victims : "");
    assert_true(fake_said(step) || in_sweep);
    assert_int_equal(WIFSIGNALED(status), agent_dies);
    if (!agent_dies)
        assert_int_equal(WEXITSTATUS(status), PBX_SILENT);
    if (keeper_dies) {
        assert_guarded(&config);
        if (!in_sweep)
            assert_int_equal(unlink(strcat(strcpy((char[32]){0}, "at_"), step)), 0);
        assert_true(restore_now(&config, message) >= 0);
    }
    assert_as_before(&config);
    assert_int_equal(fake_close(), 0);
}

static void kill_at_each(enum fake_kind kind, const char *const *steps)
{
    static const char *const victims[] = {KILL_AGENT, KILL_KEEPER, KILL_AGENT KILL_KEEPER};
    for (size_t i = 0; steps[i]; i++)
        for (size_t j = 0; j < ARRAY_LEN(victims); j++)
            kill_at(kind, steps[i], victims[j]);
}

static void whoever_is_killed_the_pbx_runs_again(void **state)
{
    (void)state;
    static const char *const steps[] = {"stop", "stopped", "sweep", "start", "started", NULL};
    kill_at_each(FAKE_COMMANDS, steps);
}

static void the_same_with_systemd(void **state)
{
    (void)state;
    static const char *const steps[] = {"ask",   "arm",     "armed",  "stop",   "stopped",  "sweep",
                                        "start", "started", "verify", "disarm", "disarmed", NULL};
    kill_at_each(FAKE_SYSTEMD, steps);
}

/* --- without a killing --- */

static void assert_swept(bool stopped)
{
    char text[16];
    assert_int_equal(fake_exists("swept"), stopped);
    if (stopped)
        assert_int_equal(file_read("swept", text, sizeof text, NULL), 0);
    if (stopped)
        assert_string_equal(text, "stopped");
}

/* Sweeps once with a snippet at one step, and returns what the agent heard last. */
static int sweep_with(enum fake_kind kind, const char *step, const char *snippet)
{
    struct pbx_config config;
    fake_open(kind);
    fake_at(step, snippet);
    int status = sweep("");
    fake_config(&config, keeper);
    assert_as_before(&config);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_pbx_is_stopped_while_the_sweep_runs(void **state)
{
    (void)state;
    for (enum fake_kind kind = FAKE_COMMANDS; kind <= FAKE_SYSTEMD; kind++) {
        assert_int_equal(sweep_with(kind, "stopped", ""), PBX_STARTED);
        assert_swept(true);
        assert_int_equal(fake_close(), 0);
    }
}

static void a_stop_that_fails_is_undone_and_nothing_is_swept(void **state)
{
    (void)state;
    assert_int_equal(sweep_with(FAKE_SYSTEMD, "stop", "rm active/a.service; exit 1\n"), PBX_STOP_FAILED);
    assert_swept(false);
    assert_true(fake_said("started"));
}

static void a_stop_that_hangs_is_undone_at_its_deadline(void **state)
{
    (void)state;
    assert_int_equal(setenv("STOP_S", "1", 1), 0);
    assert_int_equal(sweep_with(FAKE_COMMANDS, "stopped", "sleep 1000\n"), PBX_STOP_TIMED_OUT);
    assert_swept(false);
}

static void a_guard_that_cannot_be_set_leaves_the_pbx_alone(void **state)
{
    (void)state;
    assert_int_equal(sweep_with(FAKE_SYSTEMD, "arm", "exit 1\n"), PBX_NOT_GUARDED);
    assert_false(fake_said("stop"));
}

static void a_start_that_fails_is_tried_again(void **state)
{
    (void)state;
    assert_int_equal(sweep_with(FAKE_COMMANDS, "start", "[ -e tried ] || { touch tried; exit 1; }\n"), PBX_NOT_STARTED);
}

static void a_start_that_hangs_is_tried_again(void **state)
{
    (void)state;
    assert_int_equal(setenv("START_S", "1", 1), 0);
    assert_int_equal(sweep_with(FAKE_COMMANDS, "start", "[ -e tried ] || { touch tried; exec sleep 1000; }\n"),
                     PBX_NOT_STARTED);
}

static void a_unit_that_dies_at_once_has_not_been_started(void **state)
{
    (void)state;
    assert_int_equal(sweep_with(FAKE_SYSTEMD, "started", "[ -e tried ] || { touch tried; rm active/b.service; }\n"),
                     PBX_NOT_STARTED);
}

/* It is dead when it is looked at, which must not be at once. */
static void a_unit_that_dies_a_moment_later_is_started_again(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_SYSTEMD);
    assert_int_equal(setenv("SETTLE_MS", "300", 1), 0);
    fake_config(&config, keeper);
    fake_at("started", "date +%s%N > started_at\n");
    fake_at("verify", "[ -e tried ] || { touch tried; rm active/b.service; }\n"
                      "[ $(($(date +%s%N) - $(cat started_at))) -ge 300000000 ] || touch too_soon\n");
    assert_int_equal(WEXITSTATUS(sweep("")), PBX_NOT_STARTED);
    assert_false(fake_exists("too_soon"));
    assert_as_before(&config);
}

static void units_that_do_not_run_are_left_alone(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_SYSTEMD);
    fake_config(&config, keeper);
    assert_int_equal(unlink("active/a.service"), 0);
    assert_int_equal(unlink("active/b.service"), 0);
    assert_int_equal(WEXITSTATUS(sweep("")), PBX_STARTED);
    assert_swept(true);
    assert_false(fake_said("stop") || fake_said("start"));
}

/* The disk takes nothing more, the keeper's record included. */
static void a_full_disk_stops_nothing(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_COMMANDS);
    fake_config(&config, keeper);
    assert_int_equal(setenv("DISK_FULL", "1", 1), 0);
    assert_int_equal(WEXITSTATUS(sweep("")), PBX_NOT_RECORDED);
    assert_false(fake_said("stop"));
    assert_as_before(&config);
}

static void only_one_sweep_at_a_time_stops_the_pbx(void **state)
{
    (void)state;
    struct pbx_config config;
    struct pbx first, second;
    enum pbx_answer start;
    fake_open(FAKE_SYSTEMD);
    fake_config(&config, keeper);
    assert_int_equal(pbx_stop(&config, -1, &first, &start), PBX_STOPPED);
    assert_int_equal(pbx_stop(&config, -1, &second, &start), PBX_BUSY);
    assert_int_equal(start, PBX_STARTED);
    pbx_recover(&config); /* an agent that starts meanwhile spoils nothing */
    assert_false(fake_runs());
    assert_int_equal(pbx_start(&first), PBX_STARTED);
    fake_wait_for_all();
    assert_as_before(&config);
}

static void a_sweep_that_takes_too_long_is_asked_for_the_ports(void **state)
{
    (void)state;
    struct pbx_config config;
    struct pbx pbx;
    enum pbx_answer start;
    fake_open(FAKE_COMMANDS);
    assert_int_equal(setenv("STOPPED_S", "1", 1), 0);
    fake_config(&config, keeper);
    assert_int_equal(pbx_stop(&config, -1, &pbx, &start), PBX_STOPPED);
    struct pollfd wanted = {.fd = pbx.fd, .events = POLLIN};
    assert_int_equal(poll(&wanted, 1, 10000), 1);
    assert_false(fake_runs());
    assert_int_equal(pbx_start(&pbx), PBX_STARTED_EARLY);
    fake_wait_for_all();
    assert_as_before(&config);
}

/* Its sockets hold the PBX's ports, and it hears nothing. */
static void a_frozen_agent_is_ended(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_COMMANDS);
    assert_int_equal(setenv("STOPPED_S", "1", 1), 0);
    fake_config(&config, keeper);
    int status = sweep(FREEZE);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_as_before(&config);
}

static void the_ports_of_an_agent_that_ends_are_free_before_the_start(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_COMMANDS);
    fake_config(&config, keeper);
    fake_at("start", "[ ! -e held ] || touch too_early\n");
    assert_int_equal(sweep(HANG_UP), 0);
    assert_false(fake_exists("too_early"));
    assert_as_before(&config);
}

static void a_cancel_cuts_the_stop_short(void **state)
{
    (void)state;
    struct pbx_config config;
    struct pbx pbx;
    enum pbx_answer start = PBX_SILENT;
    int cancelled[2];
    fake_open(FAKE_COMMANDS);
    fake_config(&config, keeper);
    fake_at("stopped", "sleep 1000\n");
    assert_int_equal(pipe(cancelled), 0);
    close(cancelled[1]); /* readable: it has ended */
    assert_int_equal(pbx_stop(&config, cancelled[0], &pbx, &start), PBX_STOP_CUT_SHORT);
    assert_int_equal(start, PBX_STARTED);
    close(cancelled[0]);
    fake_wait_for_all();
    assert_as_before(&config);
}

static void a_keeper_that_may_not_refuses(void **state)
{
    (void)state;
    fake_open(FAKE_COMMANDS);
    assert_int_equal(setenv("REFUSE", "1", 1), 0);
    assert_int_equal(WEXITSTATUS(sweep("")), PBX_REFUSED);
    assert_false(fake_said("stop"));
}

static void what_is_left_stopped_comes_first(void **state)
{
    (void)state;
    struct pbx_config config;
    fake_open(FAKE_SYSTEMD);
    fake_config(&config, keeper);
    (void)sweep(KILL_AGENT KILL_KEEPER);
    assert_false(fake_runs());
    assert_int_equal(WEXITSTATUS(sweep("")), PBX_STARTED); /* the next sweep */
    assert_as_before(&config);
    (void)sweep(KILL_AGENT KILL_KEEPER);
    assert_false(fake_runs());
    pbx_recover(&config); /* the next start of the agent */
    fake_wait_for_all();
    assert_as_before(&config);
}

/* --- the program --- */

static int run_keeper(void)
{
    struct pbx_config config;
    int error = keeper_detach();
    if (error)
        return 1;
    fake_config(&config, keeper);
    if (getenv("DISK_FULL")) {
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, 0}) != 0)
            return 1;
    }
    return keeper_serve(STDIN_FILENO, &config, getenv("REFUSE") != NULL) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        fake_test(the_pbx_is_stopped_while_the_sweep_runs),
        fake_test(whoever_is_killed_the_pbx_runs_again),
        fake_test(the_same_with_systemd),
        fake_test(a_stop_that_fails_is_undone_and_nothing_is_swept),
        fake_test(a_stop_that_hangs_is_undone_at_its_deadline),
        fake_test(a_guard_that_cannot_be_set_leaves_the_pbx_alone),
        fake_test(a_start_that_fails_is_tried_again),
        fake_test(a_start_that_hangs_is_tried_again),
        fake_test(a_unit_that_dies_at_once_has_not_been_started),
        fake_test(a_unit_that_dies_a_moment_later_is_started_again),
        fake_test(units_that_do_not_run_are_left_alone),
        fake_test(a_full_disk_stops_nothing),
        fake_test(only_one_sweep_at_a_time_stops_the_pbx),
        fake_test(a_sweep_that_takes_too_long_is_asked_for_the_ports),
        fake_test(a_frozen_agent_is_ended),
        fake_test(the_ports_of_an_agent_that_ends_are_free_before_the_start),
        fake_test(a_cancel_cuts_the_stop_short),
        fake_test(a_keeper_that_may_not_refuses),
        fake_test(what_is_left_stopped_comes_first),
    };
    if (argc == 2 && strcmp(argv[1], keeper_word) == 0)
        return run_keeper();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
