#include "dashboard/session.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTE_US UINT64_C(60000000)
#define IDLE_US (30 * MINUTE_US)
#define AGE_US (90 * MINUTE_US)

static struct session *open_session(struct sessions *sessions, uint64_t now_us)
{
    struct session *session = session_add(sessions, "olga", "secret", now_us);
    assert_non_null(session);
    session->open = true;
    return session;
}

static void only_an_open_session_is_found(void **state)
{
    (void)state;
    struct sessions sessions;
    sessions_init(&sessions, 2, IDLE_US, AGE_US);
    struct session *session = session_add(&sessions, "olga", "secret", 0);
    assert_null(session_find(&sessions, session->id, true, 0));
    session->open = true;
    assert_ptr_equal(session_find(&sessions, session->id, true, 0), session);
    assert_string_equal(session->role, "olga");
    session->ended = true;
    assert_null(session_find(&sessions, session->id, true, 0));
    sessions_clear(&sessions);
}

static void a_cookie_has_to_be_exact(void **state)
{
    (void)state;
    struct sessions sessions;
    sessions_init(&sessions, 2, IDLE_US, AGE_US);
    struct session *one = open_session(&sessions, 0), *other = open_session(&sessions, 0);
    char id[SESSION_TOKEN_TEXT_BYTES + 1];
    assert_string_not_equal(one->id, other->id);
    assert_string_not_equal(one->id, one->csrf);
    assert_null(session_find(&sessions, NULL, true, 0));
    assert_null(session_find(&sessions, "", true, 0));
    (void)strcpy(id, one->id);
    id[7] = id[7] == 'A' ? 'B' : 'A';
    assert_null(session_find(&sessions, id, true, 0));
    (void)strcpy(id, one->id);
    (void)strcat(id, "A");
    assert_null(session_find(&sessions, id, true, 0));
    assert_true(session_owns(one, one->csrf));
    assert_false(session_owns(one, other->csrf));
    assert_false(session_owns(one, NULL));
    sessions_clear(&sessions);
}

static void it_ends_when_nobody_uses_it(void **state)
{
    (void)state;
    struct sessions sessions;
    sessions_init(&sessions, 2, IDLE_US, AGE_US);
    struct session *session = open_session(&sessions, 0);
    assert_non_null(session_find(&sessions, session->id, true, IDLE_US - 1));
    assert_non_null(session_find(&sessions, session->id, false, 2 * IDLE_US - 2)); /* a page that keeps itself fresh */
    sessions_expire(&sessions, 2 * IDLE_US - 2);
    assert_false(session->ended);
    assert_null(session_find(&sessions, session->id, true, 2 * IDLE_US - 1));
    sessions_expire(&sessions, 2 * IDLE_US - 1);
    assert_true(session->ended);
    sessions_clear(&sessions);
}

static void it_ends_when_it_is_old(void **state)
{
    (void)state;
    struct sessions sessions;
    sessions_init(&sessions, 2, IDLE_US, AGE_US);
    struct session *session = open_session(&sessions, 0);
    for (uint64_t now_us = 0; now_us < AGE_US; now_us += 10 * MINUTE_US)
        assert_non_null(session_find(&sessions, session->id, true, now_us));
    assert_null(session_find(&sessions, session->id, true, AGE_US));
    sessions_clear(&sessions);
}

static void there_are_only_so_many(void **state)
{
    (void)state;
    struct sessions sessions;
    sessions_init(&sessions, 2, IDLE_US, AGE_US);
    struct session *first = open_session(&sessions, 0);
    (void)open_session(&sessions, 0);
    assert_null(session_add(&sessions, "vera", "secret", 0));
    session_remove(&sessions, first);
    assert_non_null(session_add(&sessions, "vera", "secret", 0));
    sessions_clear(&sessions);
    assert_int_equal(sessions.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_open_session_is_found), cmocka_unit_test(a_cookie_has_to_be_exact),
        cmocka_unit_test(it_ends_when_nobody_uses_it),   cmocka_unit_test(it_ends_when_it_is_old),
        cmocka_unit_test(there_are_only_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
