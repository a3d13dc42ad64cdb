#include "base/curve_key.h"

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

static char folder[] = "/tmp/natsweep-unit-key.XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/key", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void a_saved_key_is_loaded_again(void **state)
{
    (void)state;
    struct curve_key_pair made, loaded;
    assert_int_equal(curve_key_generate(&made), 0);
    assert_int_equal(curve_key_save(path, &made), 0);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(curve_key_load(path, &loaded), 0);
    assert_memory_equal(&made, &loaded, sizeof made);
}

static void a_key_that_others_may_read_is_refused(void **state)
{
    (void)state;
    struct curve_key_pair made, loaded;
    assert_int_equal(curve_key_generate(&made), 0);
    assert_int_equal(curve_key_save(path, &made), 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(curve_key_load(path, &loaded), -EPERM);
}

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    static const char *const contents[] = {"", "# only a comment", "tooshort\n",
                                           "#\n0123456789012345678901234567890123456~~~\n"};
    struct curve_key_pair loaded;
    for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
        assert_int_equal(file_replace(path, 0600, contents[i], strlen(contents[i])), 0);
        assert_int_equal(curve_key_load(path, &loaded), -EINVAL);
    }
    unlink(path);
    assert_int_equal(curve_key_load(path, &loaded), -ENOENT);
}

static void text_survives_a_round_trip(void **state)
{
    (void)state;
    struct curve_key_pair made;
    uint8_t parsed[CURVE_KEY_BYTES];
    char text[CURVE_KEY_TEXT_BYTES];
    assert_int_equal(curve_key_generate(&made), 0);
    assert_int_equal(curve_key_parse(curve_key_format(made.public_key, text), parsed), 0);
    assert_memory_equal(parsed, made.public_key, sizeof parsed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_saved_key_is_loaded_again),
        cmocka_unit_test(a_key_that_others_may_read_is_refused),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(text_survives_a_round_trip),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
