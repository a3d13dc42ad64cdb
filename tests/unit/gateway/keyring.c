#include "gateway/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct agent_key *keys_of(size_t count)
{
    struct agent_key *keys = calloc(count, sizeof(*keys));
    for (size_t i = 0; i < count; i++) {
        memset(keys[i].public_key, (int)(count - i), CURVE_KEY_BYTES); /* unsorted */
        keys[i].agent_id = (int64_t)(count - i);
    }
    return keys;
}

static void finds_every_key(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    keyring_replace(&keyring, keys_of(200), 200);
    for (int i = 1; i <= 200; i++) {
        uint8_t key[CURVE_KEY_BYTES];
        memset(key, i, sizeof(key));
        const struct agent_key *found = keyring_find(&keyring, key);
        assert_non_null(found);
        assert_int_equal(found->agent_id, i);
    }
    keyring_free(&keyring);
}

static void knows_no_other_key(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    uint8_t key[CURVE_KEY_BYTES];
    memset(key, 7, sizeof(key));
    assert_null(keyring_find(&keyring, key));
    keyring_replace(&keyring, keys_of(10), 10);
    key[CURVE_KEY_BYTES - 1] ^= 1;
    assert_null(keyring_find(&keyring, key));
    keyring_free(&keyring);
}

static void a_replacement_forgets_the_old_keys(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    uint8_t key[CURVE_KEY_BYTES];
    memset(key, 9, sizeof(key));
    keyring_replace(&keyring, keys_of(10), 10);
    assert_non_null(keyring_find(&keyring, key));
    keyring_replace(&keyring, keys_of(5), 5);
    assert_null(keyring_find(&keyring, key));
    keyring_replace(&keyring, NULL, 0);
    memset(key, 1, sizeof(key));
    assert_null(keyring_find(&keyring, key));
}

static void one_key_is_added_in_its_place(void **state)
{
    (void)state;
    struct keyring keyring = {0};
    struct agent_key key = {.agent_id = 500};
    for (int i = 0; i < 20; i++) { /* before, between and behind those there are */
        memset(key.public_key, (i * 7) % 20, CURVE_KEY_BYTES);
        assert_int_equal(keyring_add(&keyring, &key), 0);
    }
    assert_int_equal(keyring.count, 20);
    for (int i = 0; i < 20; i++) {
        memset(key.public_key, i, CURVE_KEY_BYTES);
        assert_non_null(keyring_find(&keyring, key.public_key));
    }
    key.agent_id = 501;
    assert_int_equal(keyring_add(&keyring, &key), 0);
    assert_int_equal(keyring.count, 20);
    assert_int_equal(keyring_find(&keyring, key.public_key)->agent_id, 501);
    keyring_free(&keyring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_key),
        cmocka_unit_test(knows_no_other_key),
        cmocka_unit_test(one_key_is_added_in_its_place),
        cmocka_unit_test(a_replacement_forgets_the_old_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
