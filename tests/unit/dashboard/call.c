#include "dashboard/call.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct call *make_call(struct list *calls)
{
    list_init(calls);
    struct call *call = call_create(NULL, calls);
    assert_non_null(call);
    return call;
}

static void parts_become_a_body(void **state)
{
    (void)state;
    struct list calls;
    struct call *call = make_call(&calls);
    call_receive(call, "role=ol", 7);
    call_receive(call, "ga", 2);
    assert_string_equal(call->body, "role=olga");
    assert_int_equal(call->body_len, 9);
    call_destroy(call);
    assert_true(list_empty(&calls));
}

static void tiny_parts_are_not_copied_over_and_over(void **state)
{
    (void)state;
    struct list calls;
    struct call *call = make_call(&calls);
    call->body_max = CALL_BODY_BYTES_MAX;
    size_t moves = 0, capacity = 0;
    for (size_t i = 0; i < CALL_BODY_BYTES_MAX; i++) {
        call_receive(call, i % 2 ? "b" : "a", 1);
        moves += call->body_capacity != capacity;
        capacity = call->body_capacity;
    }
    assert_false(call->too_large);
    assert_int_equal(call->body_len, CALL_BODY_BYTES_MAX);
    assert_int_equal(strlen(call->body), CALL_BODY_BYTES_MAX);
    assert_memory_equal(call->body + CALL_BODY_BYTES_MAX - 2, "ab", 3);
    assert_in_range(moves, 1, 20);
    call_destroy(call);
}

static void what_is_too_large_is_not_kept(void **state)
{
    (void)state;
    struct list calls;
    struct call *call = make_call(&calls);
    call->body_max = CALL_BODY_BYTES_MAX;
    static char part[CALL_BODY_BYTES_MAX / 2];
    memset(part, 'x', sizeof(part));
    call_receive(call, part, sizeof(part));
    call_receive(call, part, sizeof(part));
    assert_false(call->too_large);
    call_receive(call, part, 1);
    assert_true(call->too_large);
    assert_int_equal(call->body_len, CALL_BODY_BYTES_MAX);
    call_destroy(call);
}

static void a_stranger_may_send_little(void **state)
{
    (void)state;
    struct list calls;
    struct call *call = make_call(&calls);
    static char part[CALL_STRANGER_BODY_BYTES_MAX];
    memset(part, 'x', sizeof(part));
    call_receive(call, part, sizeof(part));
    assert_false(call->too_large);
    call_receive(call, part, 1);
    assert_true(call->too_large);
    assert_int_equal(call->body_len, CALL_STRANGER_BODY_BYTES_MAX);
    call_destroy(call);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_become_a_body),
        cmocka_unit_test(tiny_parts_are_not_copied_over_and_over),
        cmocka_unit_test(what_is_too_large_is_not_kept),
        cmocka_unit_test(a_stranger_may_send_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
