#include "agent/status_socket.h"

#include "agent/state_folder.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct agent_status told = {.version = "1.2.3", .pid = 77, .site = "Bakery", .running_sweep = 12};

struct bed {
    char folder[32];
    int listener;
};

static int set_up(void **state)
{
    struct bed *bed = calloc(1, sizeof *bed);
    *state = bed;
    strcpy(bed->folder, "/tmp/natsweep-status-XXXXXX");
    if (!mkdtemp(bed->folder))
        return -1;
    bed->listener = status_listen(bed->folder);
    return bed->listener >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    char path[STATE_PATH_BYTES];
    if (bed->listener >= 0)
        close(bed->listener);
    unlink(state_path(bed->folder, STATE_SOCKET, path));
    int rc = rmdir(bed->folder);
    free(bed);
    return rc;
}

static void *answer_one(void *argument)
{
    const struct bed *bed = argument;
    status_answer(bed->listener, &told); /* the listener blocks until there is a client */
    return NULL;
}

static void test_who_asks_is_told(void **state)
{
    struct bed *bed = *state;
    struct agent_status status;
    pthread_t daemon;
    assert_int_equal(pthread_create(&daemon, NULL, answer_one, bed), 0);
    assert_int_equal(status_ask(bed->folder, &status), 0);
    pthread_join(daemon, NULL);
    assert_memory_equal(&status, &told, sizeof status);
}

static void test_only_the_owner_may_ask(void **state)
{
    const struct bed *bed = *state;
    char path[STATE_PATH_BYTES];
    struct stat status;
    assert_int_equal(stat(state_path(bed->folder, STATE_SOCKET, path), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_a_socket_that_a_killed_daemon_left_is_taken_over(void **state)
{
    struct bed *bed = *state;
    struct agent_status status;
    close(bed->listener);
    assert_int_equal(status_ask(bed->folder, &status), -ECONNREFUSED);
    bed->listener = status_listen(bed->folder);
    assert_true(bed->listener >= 0);
    assert_int_equal(status_ask("/nonexistent", &status), -ENOENT);
    assert_true(status_listen("/nonexistent") < 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_who_asks_is_told),
        CASE(test_only_the_owner_may_ask),
        CASE(test_a_socket_that_a_killed_daemon_left_is_taken_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
