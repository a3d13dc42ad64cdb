#include "base/settings.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct program {
    char name[16];
    int64_t pace;
    bool exclusive;
    char endpoints[32];
};

static const struct setting table[] = {
    {"agent.name", SETTING_TEXT, offsetof(struct program, name), 16, 0, 0, "pbx", "", "What the host is called"},
    {"agent.pace", SETTING_NUMBER, offsetof(struct program, pace), 0, 1, 5000, "400", "packets/s",
     "How fast it may send"},
    {"agent.exclusive", SETTING_BOOL, offsetof(struct program, exclusive), 0, 0, 0, "no", "",
     "Whether the PBX may be stopped"},
    {"collector.endpoint", SETTING_LIST, offsetof(struct program, endpoints), 32, 0, 0, "tcp://a:1", "",
     "Where collectors are"},
};
#define ROWS ARRAY_LEN(table)

static char path[] = "/tmp/natsweep-unit-settings.XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static int load(const char *content, struct program *program, char *message)
{
    assert_int_equal(file_replace(path, 0644, content, strlen(content)), 0);
    settings_defaults(table, ROWS, program);
    return settings_load(table, ROWS, path, program, message);
}

static void defaults_hold_until_a_file_says_otherwise(void **state)
{
    (void)state;
    struct program program;
    char message[SETTINGS_MESSAGE_BYTES];
    assert_int_equal(load("[agent]\npace = 50 ; slow\nexclusive = yes\n", &program, message), 0);
    assert_string_equal(program.name, "pbx");
    assert_int_equal(program.pace, 50);
    assert_true(program.exclusive);
    assert_string_equal(program.endpoints, "tcp://a:1");
}

static void a_list_replaces_its_default_and_gathers_its_lines(void **state)
{
    (void)state;
    struct program program;
    char message[SETTINGS_MESSAGE_BYTES];
    assert_int_equal(load("[collector]\nendpoint = tcp://b:2\nendpoint = tcp://c:3\n", &program, message), 0);
    assert_string_equal(program.endpoints, "tcp://b:2,tcp://c:3");
}

static void a_bad_line_is_named_and_changes_nothing(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"[agent]\nname = ok\npace = 5001\n",
         "line 3: agent.pace is '5001', but must be a whole number from 1 to 5000 packets/s"},
        {"[agent]\nname = ok\npace = \n", "line 3: agent.pace is ''"},
        {"[agent]\nname = ok\npace = 5x\n", "line 3: agent.pace is '5x'"},
        {"[agent]\nname = ok\nexclusive = maybe\n", "line 3: agent.exclusive is 'maybe', but must be yes or no"},
        {"[agent]\nname = a name that is too long\n", "line 2: agent.name is longer than the 15 characters"},
        {"[agent]\nname = ok\ncolour = red\n", "line 3: there is no setting 'colour' in section [agent]"},
        {"[agent]\nname = ok\nnonsense\n", "line 3: this is neither '[section]' nor 'key = value'"},
        {"[agent]\nname = ok\nname = again\n", "line 3: agent.name is given a second time"},
        {"[agent]\npace = 5\n  6\n", "line 3: agent.pace is given a second time"},
        {"[collector]\nendpoint = tcp://0123456789:1\nendpoint = tcp://0123456789:1\n",
         "line 3: collector.endpoint is longer"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct program program;
        char message[SETTINGS_MESSAGE_BYTES];
        assert_true(load(bad[i][0], &program, message) < 0);
        if (!strstr(message, bad[i][1]) || !strstr(message, path))
            fail_msg("'%s' does not say '%s'", message, bad[i][1]);
        assert_string_equal(program.name, "pbx");
    }
}

static void a_line_that_is_too_long_is_named(void **state)
{
    (void)state;
    struct program program;
    char message[SETTINGS_MESSAGE_BYTES], content[600] = "[agent]\n# fine\nname = ";
    memset(content + strlen(content), 'x', 400);
    assert_true(load(content, &program, message) < 0);
    assert_non_null(strstr(message, "line 3: the line is longer than the 198 characters"));
    assert_string_equal(program.name, "pbx");
    strcpy(content, "[agent]\nname = end of file without a newline");
    content[22] = '\0';
    assert_int_equal(load(content, &program, message), 0);
    assert_string_equal(program.name, "end of");
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct program program;
    char message[SETTINGS_MESSAGE_BYTES];
    settings_defaults(table, ROWS, &program);
    assert_true(settings_load(table, ROWS, "/nonexistent/agent.conf", &program, message) < 0);
    assert_string_equal(message, "cannot read the settings file /nonexistent/agent.conf: No such file or directory");
}

static void the_printed_table_is_a_settings_file(void **state)
{
    (void)state;
    char printed[2048];
    FILE *out = fmemopen(printed, sizeof printed, "w");
    assert_non_null(out);
    settings_print(table, ROWS, out);
    fclose(out);
    assert_non_null(
        strstr(printed,
               "[agent]\n# What the host is called\n# name = pbx\n# How fast it may send (packets/s)\n# pace = 400\n"));
    struct program program;
    char message[SETTINGS_MESSAGE_BYTES];
    assert_int_equal(load(printed, &program, message), 0);
}

static void a_list_is_cut_into_its_items(void **state)
{
    (void)state;
    const char *list = " one,two , three,,", *item;
    assert_int_equal(settings_next_item(&list, &item), 3);
    assert_memory_equal(item, "one", 3);
    assert_int_equal(settings_next_item(&list, &item), 3);
    assert_memory_equal(item, "two", 3);
    assert_int_equal(settings_next_item(&list, &item), 5);
    assert_memory_equal(item, "three", 5);
    assert_int_equal(settings_next_item(&list, &item), 0);
    assert_int_equal(settings_next_item(&list, &item), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold_until_a_file_says_otherwise),
        cmocka_unit_test(a_list_replaces_its_default_and_gathers_its_lines),
        cmocka_unit_test(a_bad_line_is_named_and_changes_nothing),
        cmocka_unit_test(a_line_that_is_too_long_is_named),
        cmocka_unit_test(a_missing_file_is_named),
        cmocka_unit_test(the_printed_table_is_a_settings_file),
        cmocka_unit_test(a_list_is_cut_into_its_items),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
