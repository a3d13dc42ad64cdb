/* The command as people type it: exit codes, one sentence a mistake, a whole report when nothing could be tested. */
#include "agent/check.h"

#include "base/attributes.h"
#include "base/file.h"
#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define ARGUMENTS_MAX 16
#define TEXT_BYTES 65536
#define PATH_BYTES 256

struct said {
    int exit_code;
    char out[TEXT_BYTES], err[TEXT_BYTES];
};

static char *folder_path(const char *folder, const char *name, char path[PATH_BYTES])
{
    (void)snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return path;
}

static void write_file(const char *folder, const char *name, mode_t mode, const char *text)
{
    char path[PATH_BYTES];
    assert_int_equal(file_replace(folder_path(folder, name, path), mode, text, strlen(text)), 0);
}

static void read_back(const char *folder, const char *name, char text[TEXT_BYTES])
{
    char path[PATH_BYTES];
    assert_int_equal(file_read(folder_path(folder, name, path), text, TEXT_BYTES, NULL), 0);
}

static void run_child(const char *folder, int argc, char **argv)
{
    char path[PATH_BYTES];
    if (chdir(folder) != 0 || !freopen(folder_path(folder, "out", path), "w", stdout) ||
        !freopen(folder_path(folder, "err", path), "w", stderr))
        _exit(EX_OSERR);
    int exit_code = check_command(argc, argv);
    (void)fflush(stdout);
    (void)fflush(stderr);
    _exit(exit_code);
}

/* Runs the command in a child, as it blocks signals and prints. Its folder is the current one. */
static void run(const char *folder, const char *const *arguments, struct said *said)
{
    char *argv[ARGUMENTS_MAX] = {(char *)"check"};
    int argc = 1, status;

    for (; arguments[argc - 1]; argc++)
        argv[argc] = (char *)arguments[argc - 1];
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        run_child(folder, argc, argv);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    said->exit_code = WEXITSTATUS(status);
    read_back(folder, "out", said->out);
    read_back(folder, "err", said->err);
}

static void test_mistakes_are_one_sentence_and_an_exit_code(void **state)
{
    static const struct {
        const char *arguments[8];
        int exit_code;
        const char *names;
    } rows[] = {
        {{"--stun", "127.0.0.1", "--bogus"}, EX_USAGE, "--bogus"},
        {{"--stun", "127.0.0.1", "--ports", "70000/udp"}, EX_USAGE, "70000"},
        {{"--stun", "127.0.0.1", "--local", "203.0.113.77"}, EX_USAGE, "203.0.113.77"},
        {{"--settings", "empty.conf"}, EX_USAGE, "--stun"},
        {{"--settings", "missing.conf"}, EX_CONFIG, "missing.conf"},
        {{"--stun", "127.0.0.1", "--turn-secret-file", "open.secret"}, EX_NOPERM, "open.secret"},
        {{"--stun", "127.0.0.1", "--turn-secret-file", "missing.secret"}, EX_NOINPUT, "missing.secret"},
        {{"--stun", "127.0.0.1", "--turn-secret-file", "empty.secret"}, EX_NOPERM, "empty"},
    };
    struct said said;

    write_file(*state, "empty.conf", 0644, "");
    write_file(*state, "open.secret", 0644, "s3cret\n");
    write_file(*state, "empty.secret", 0600, "\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        run(*state, rows[i].arguments, &said);
        assert_int_equal(said.exit_code, rows[i].exit_code);
        assert_string_equal(said.out, "");
        assert_non_null(strstr(said.err, rows[i].names));
        assert_null(strstr(said.err, "s3cret"));
        const char *newline = strchr(said.err, '\n');
        assert_true(newline && newline[1] == '\0');
    }
}

/* A port of 127.0.0.1 that answers every packet with "port unreachable". */
static uint16_t dead_port(void)
{
    struct address local;
    uint16_t port;
    assert_int_equal(address_parse("127.0.0.1", &local), 0);
    int fd = udp_socket_open(&local);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    close(fd);
    return port;
}

static void test_a_dead_server_is_a_whole_report(void **state)
{
    char server[32];
    struct said said;

    (void)snprintf(server, sizeof server, "127.0.0.1:%u", dead_port());
    run(*state,
        (const char *const[]){"--stun", server, "--ports", "29060/udp", "--timeout-ms", "100", "--format=json", NULL},
        &said);
    assert_int_equal(said.exit_code, 2);
    assert_string_equal(said.err, "");
    assert_non_null(strstr(said.out, "\"outcome\": \"not_run\""));
    assert_non_null(strstr(said.out, server));
    assert_non_null(strstr(said.out, "\"port\": 29060"));
}

static void test_a_name_that_cannot_be_resolved_is_a_whole_report(void **state)
{
    struct said said;

    run(*state,
        (const char *const[]){"--family=6", "--stun=127.0.0.1", "--ports=29060/udp", "--format=csv", "--no-progress",
                              NULL},
        &said);
    assert_int_equal(said.exit_code, 2);
    assert_non_null(strstr(said.out, "29060,udp,other,open,,not_tested,never_reached,"));
}

static void test_the_settings_file_names_the_server(void **state)
{
    struct said said;

    write_file(*state, "agent.conf", 0644, "[check]\nstun_server = [::1]:9\n");
    run(*state, (const char *const[]){"--settings", "agent.conf", "--ports", "29060/udp", NULL}, &said);
    assert_int_equal(said.exit_code, 2); /* an IPv6 address, and IPv4 is the default */
    assert_non_null(strstr(said.out, "[::1]:9"));
}

static void test_help_goes_to_stdout(void **state)
{
    struct said said;

    run(*state, (const char *const[]){"--help", NULL}, &said);
    assert_int_equal(said.exit_code, EX_OK);
    assert_non_null(strstr(said.out, "--stun"));
    assert_string_equal(said.err, "");
}

static int set_up(void **state)
{
    char *folder = strdup("/tmp/natsweep-check-XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? setenv("RUNTIME_DIRECTORY", folder, 1) : -1;
}

static int tear_down(void **state)
{
    char command[PATH_BYTES];
    (void)snprintf(command, sizeof command, "rm -r '%s'", (char *)*state);
    free(*state);
    return system(command); /* NOLINT(cert-env33-c): the path is ours */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes_are_one_sentence_and_an_exit_code),
        cmocka_unit_test(test_a_dead_server_is_a_whole_report),
        cmocka_unit_test(test_a_name_that_cannot_be_resolved_is_a_whole_report),
        cmocka_unit_test(test_the_settings_file_names_the_server),
        cmocka_unit_test(test_help_goes_to_stdout),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
