/* The agent's side of the dialogue, with a keeper that the test plays itself behind a socket, and with none. */
#include "pbx/pbx.h"

#include "base/attributes.h"
#include "base/file.h"
#include "fake_pbx.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char no_program[] = "/nonexistent/keeper", bad_program[] = "/bin/false";

/* Plays a keeper: the process it starts says `answers` whatever it hears, and ends. */
static void play(struct pbx_config *config, const char *answers)
{
    static char shell[] = "/bin/sh", flag[] = "-c", script[256];
    static char *argv[] = {shell, flag, script, NULL};
    fake_open(FAKE_COMMANDS);
    (void)snprintf(script, sizeof script, "exec 3<&0; { head -c 1 <&3 > heard; printf '%s' >&3; cat <&3 >> heard; } &",
                   answers);
    fake_config(config, argv);
    config->stop_timeout_s = config->start_timeout_s = 1;
}

static void assert_heard(const char *orders)
{
    char heard[8];
    fake_wait_for_all();
    assert_int_equal(file_read("heard", heard, sizeof heard, NULL), 0);
    assert_string_equal(heard, orders);
}

static void every_answer_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *answers;
        enum pbx_answer stop, start;
    } rows[] = {
        {"fS", PBX_STOP_FAILED, PBX_STARTED},      {"tN", PBX_STOP_TIMED_OUT, PBX_NOT_STARTED},
        {"cS", PBX_STOP_CUT_SHORT, PBX_STARTED},   {"r", PBX_REFUSED, PBX_STARTED},
        {"u", PBX_NOT_CONFIGURED, PBX_STARTED},    {"b", PBX_BUSY, PBX_STARTED},
        {"d", PBX_NOT_RECORDED, PBX_STARTED},      {"g", PBX_NOT_GUARDED, PBX_STARTED},
        {"o", PBX_NOT_RECOVERED, PBX_NOT_STARTED},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct pbx_config config;
        struct pbx pbx;
        enum pbx_answer start = PBX_SILENT;
        play(&config, rows[i].answers);
        assert_int_equal(pbx_stop(&config, -1, &pbx, &start), rows[i].stop);
        assert_int_equal(start, rows[i].start);
        assert_string_not_equal(pbx_answer_text(rows[i].stop), pbx_answer_text(PBX_SILENT));
        assert_int_equal(fake_close(), 0);
    }
}

static void stop_and_start_are_one_byte_each(void **state)
{
    (void)state;
    struct pbx_config config;
    struct pbx pbx;
    enum pbx_answer start;
    play(&config, "sS");
    assert_int_equal(pbx_stop(&config, -1, &pbx, &start), PBX_STOPPED);
    assert_int_equal(pbx_start(&pbx), PBX_STARTED);
    assert_heard("SG");
}

static void a_keeper_that_cannot_be_had_is_silent(void **state)
{
    (void)state;
    char *programs[] = {no_program, bad_program};
    for (size_t i = 0; i < ARRAY_LEN(programs); i++) {
        char *argv[] = {programs[i], NULL};
        struct pbx_config config;
        struct pbx pbx;
        enum pbx_answer start = PBX_SILENT;
        fake_open(FAKE_COMMANDS);
        fake_config(&config, argv);
        assert_int_equal(pbx_stop(&config, -1, &pbx, &start), PBX_SILENT);
        assert_int_equal(start, PBX_STARTED); /* nothing was asked of anybody */
        assert_int_equal(fake_close(), 0);
    }
}

static void nothing_left_stopped_needs_no_keeper(void **state)
{
    (void)state;
    struct pbx_config config;
    play(&config, "");
    pbx_recover(&config);
    fake_wait_for_all();
    assert_false(fake_exists("heard"));
    assert_int_equal(mkdir("state", 0700), 0);
    fake_write("state/stopped", 0600, "whatever");
    pbx_recover(&config);
    assert_heard("R");
}

/* As nobody, in a child: the root unit's socket is asked. */
static void without_root_the_root_unit_is_asked(void **state)
{
    (void)state;
    struct pbx_config config;
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int status;
    char byte = 0;
    if (geteuid() != 0)
        skip();
    play(&config, "");
    assert_int_equal(chmod(".", 0777), 0);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(chmod("socket", 0666), 0);
    (void)snprintf(config.socket, sizeof config.socket, "socket");
    pid_t agent = fork();
    if (agent == 0) {
        struct pbx pbx;
        enum pbx_answer start;
        _exit(setuid(65534) == 0 ? (int)pbx_stop(&config, -1, &pbx, &start) : 1);
    }
    int root = accept(listener, NULL, NULL);
    assert_int_equal(read(root, &byte, 1), 1);
    assert_int_equal(byte, PBX_STOP);
    assert_int_equal(write(root, "r", 1), 1);
    assert_int_equal(waitpid(agent, &status, 0), agent);
    assert_int_equal(WEXITSTATUS(status), PBX_REFUSED);
    close(root);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        fake_test(every_answer_is_understood),
        fake_test(stop_and_start_are_one_byte_each),
        fake_test(a_keeper_that_cannot_be_had_is_silent),
        fake_test(nothing_left_stopped_needs_no_keeper),
        fake_test(without_root_the_root_unit_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
