#include "collector/identity.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct bed {
    char folder[64], path[96];
    char message[SETTINGS_MESSAGE_BYTES];
};

static int set_up(void **state)
{
    struct bed *bed = calloc(1, sizeof(*bed));
    snprintf(bed->folder, sizeof(bed->folder), "/tmp/natsweep-identity-XXXXXX");
    assert_non_null(mkdtemp(bed->folder));
    snprintf(bed->path, sizeof(bed->path), "%s/secret", bed->folder);
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    unlink(bed->path);
    rmdir(bed->folder);
    free(bed);
    return 0;
}

static void put(const struct bed *bed, const char *text, mode_t mode)
{
    FILE *file = fopen(bed->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(bed->path, mode), 0);
}

static void the_first_start_makes_a_key_and_the_next_keeps_it(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair made, kept;
    struct stat status;
    assert_int_equal(identity_key(bed->path, &made, bed->message), 0);
    assert_int_equal(stat(bed->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(identity_key(bed->path, &kept, bed->message), 0);
    assert_memory_equal(&made, &kept, sizeof(made));
}

static void a_key_that_others_may_read_is_refused(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair pair;
    assert_int_equal(identity_key(bed->path, &pair, bed->message), 0);
    assert_int_equal(chmod(bed->path, 0640), 0);
    assert_int_equal(identity_key(bed->path, &pair, bed->message), -EPERM);
    assert_non_null(strstr(bed->message, "may be read by others"));
}

static void rubbish_is_never_replaced(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair pair;
    put(bed, "rubbish", 0600);
    assert_int_equal(identity_key(bed->path, &pair, bed->message), -EINVAL);
    assert_non_null(strstr(bed->message, "no key file"));
}

static void a_folder_that_is_missing_is_told(void **state)
{
    struct bed *bed = *state;
    struct curve_key_pair pair;
    char path[128];
    snprintf(path, sizeof(path), "%s/missing/key", bed->folder);
    assert_int_equal(identity_key(path, &pair, bed->message), -ENOENT);
    assert_non_null(strstr(bed->message, path));
}

static void the_turn_secret_is_its_first_line(void **state)
{
    struct bed *bed = *state;
    struct collector_settings settings = {.key_file = "/nowhere/key"};
    struct secrets secrets;
    snprintf(settings.turn_secret_file, sizeof(settings.turn_secret_file), "%s", bed->path);
    put(bed, "north\n", 0600);
    assert_int_equal(identity_secrets(&settings, &secrets, bed->message), 0);
    assert_string_equal(secrets.turn_secret, "north");
    assert_false(secrets.has_next_key);
    put(bed, "\n", 0600);
    assert_int_equal(identity_secrets(&settings, &secrets, bed->message), -ENODATA);
    put(bed, "north\n", 0644);
    assert_int_equal(identity_secrets(&settings, &secrets, bed->message), -EPERM);
    assert_string_equal(secrets.turn_secret, "north");
}

static void a_key_is_replaced_in_two_steps(void **state)
{
    struct bed *bed = *state;
    struct collector_settings settings = {.turn_secret_file = ""};
    struct secrets secrets;
    struct curve_key_pair first, next, used, old;
    char old_file[128];
    snprintf(settings.key_file, sizeof(settings.key_file), "%s", bed->path);
    snprintf(old_file, sizeof(old_file), "%s.old", bed->path);
    assert_int_equal(identity_key(bed->path, &first, bed->message), 0);
    assert_int_equal(identity_use_next_key(bed->path, &used, bed->message), -ENOENT);
    assert_non_null(strstr(bed->message, "--make-next-key"));
    assert_int_equal(identity_make_next_key(bed->path, &next, bed->message), 0);
    assert_int_equal(identity_make_next_key(bed->path, &next, bed->message), -EEXIST);
    assert_int_equal(identity_secrets(&settings, &secrets, bed->message), 0);
    assert_true(secrets.has_next_key);
    assert_memory_equal(secrets.next_public_key, next.public_key, CURVE_KEY_BYTES);
    assert_int_equal(identity_use_next_key(bed->path, &used, bed->message), 0);
    assert_memory_equal(&used, &next, sizeof(next));
    assert_int_equal(identity_key(bed->path, &used, bed->message), 0);
    assert_memory_equal(&used, &next, sizeof(next));
    assert_int_equal(curve_key_load(old_file, &old), 0);
    assert_memory_equal(&old, &first, sizeof(first));
    assert_int_equal(identity_secrets(&settings, &secrets, bed->message), 0);
    assert_false(secrets.has_next_key);
    unlink(old_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_start_makes_a_key_and_the_next_keeps_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_that_others_may_read_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rubbish_is_never_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_missing_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_is_replaced_in_two_steps, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_turn_secret_is_its_first_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
