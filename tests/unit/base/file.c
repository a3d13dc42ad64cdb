#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/natsweep-unit-file.XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void a_file_is_replaced_whole(void **state)
{
    (void)state;
    char read_back[64];
    size_t len;
    assert_int_equal(file_replace(path, 0644, "long old content", 16), 0);
    assert_int_equal(file_replace(path, 0640, "new", 3), 0);
    assert_int_equal(file_read(path, read_back, sizeof read_back, &len), 0);
    assert_int_equal(len, 3);
    assert_string_equal(read_back, "new");
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void what_a_crash_left_aside_does_not_matter(void **state)
{
    (void)state;
    char aside[80], read_back[64];
    snprintf(aside, sizeof aside, "%s.new", path);
    FILE *left = fopen(aside, "w");
    assert_non_null(left);
    fputs("half", left);
    fclose(left);
    assert_int_equal(file_replace(path, 0600, "whole", 5), 0);
    assert_int_equal(file_read(path, read_back, sizeof read_back, NULL), 0);
    assert_string_equal(read_back, "whole");
    assert_int_equal(access(aside, F_OK), -1);
}

static void a_file_larger_than_the_buffer_is_refused(void **state)
{
    (void)state;
    char small[5];
    assert_int_equal(file_replace(path, 0600, "12345", 5), 0);
    assert_int_equal(file_read(path, small, sizeof small, NULL), -EFBIG);
    assert_int_equal(file_replace(path, 0600, "1234", 4), 0);
    assert_int_equal(file_read(path, small, sizeof small, NULL), 0);
    assert_string_equal(small, "1234");
}

static void a_secret_that_others_may_read_is_refused(void **state)
{
    (void)state;
    char read_back[64];
    static const mode_t open_modes[] = {0644, 0640, 0604, 0610};
    for (size_t i = 0; i < ARRAY_LEN(open_modes); i++) {
        assert_int_equal(file_replace(path, open_modes[i], "x", 1), 0);
        assert_int_equal(file_read_secret(path, read_back, sizeof read_back, NULL), -EPERM);
    }
    assert_int_equal(file_replace(path, 0400, "x", 1), 0);
    assert_int_equal(file_read_secret(path, read_back, sizeof read_back, NULL), 0);
}

static void a_missing_folder_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(file_replace("/tmp/natsweep-no-such-folder/file", 0600, "x", 1), -ENOENT);
}

static void of_a_secret_file_the_first_line_counts(void **state)
{
    (void)state;
    char line[16];
    assert_int_equal(file_replace(path, 0600, "north\r\nsouth\n", 13), 0);
    assert_int_equal(file_read_secret_line(path, line, sizeof line), 0);
    assert_string_equal(line, "north");
    for (size_t i = sizeof "north" - 1; i < sizeof line; i++)
        assert_int_equal(line[i], 0);
    assert_int_equal(file_replace(path, 0600, "\nsouth", 6), 0);
    assert_int_equal(file_read_secret_line(path, line, sizeof line), -ENODATA);
    assert_int_equal(file_replace(path, 0600, "longer than any line", 20), 0);
    assert_int_equal(file_read_secret_line(path, line, sizeof line), -EFBIG);
    assert_int_equal(line[0], 0);
    assert_int_equal(file_replace(path, 0644, "north", 5), 0);
    assert_int_equal(file_read_secret_line(path, line, sizeof line), -EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_replaced_whole),
        cmocka_unit_test(what_a_crash_left_aside_does_not_matter),
        cmocka_unit_test(a_file_larger_than_the_buffer_is_refused),
        cmocka_unit_test(a_secret_that_others_may_read_is_refused),
        cmocka_unit_test(a_missing_folder_is_an_error),
        cmocka_unit_test(of_a_secret_file_the_first_line_counts),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
