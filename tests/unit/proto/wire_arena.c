#include "proto/wire_arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void *take(struct wire_arena *arena, size_t size)
{
    return arena->allocator.alloc(arena->allocator.allocator_data, size);
}

static void pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    struct wire_arena *arena = wire_arena_create(100000);
    uint8_t *pieces[200];
    for (size_t i = 0; i < 200; i++) {
        pieces[i] = take(arena, i + 1);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        memset(pieces[i], (int)i, i + 1);
    }
    for (size_t i = 0; i < 200; i++)
        for (size_t byte = 0; byte <= i; byte++)
            assert_int_equal(pieces[i][byte], i);
    wire_arena_destroy(arena);
}

static void the_limit_holds(void **state)
{
    (void)state;
    struct wire_arena *arena = wire_arena_create(10000);
    assert_null(take(arena, 10001));
    assert_true(arena->exhausted);
    assert_null(take(arena, SIZE_MAX));
    size_t got = 0;
    while (take(arena, 1000))
        got += 1000;
    assert_true(got > 0 && got <= 10000);
    wire_arena_destroy(arena);
    wire_arena_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(the_limit_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
