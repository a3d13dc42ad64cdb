#include "base/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct item {
    int number;
    struct list link;
};

static void elements_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    struct list head;
    struct item items[3] = {{.number = 0}, {.number = 1}, {.number = 2}};
    list_init(&head);
    assert_null(list_pop(&head));
    for (int i = 0; i < 3; i++)
        list_append(&head, &items[i].link);
    int expected = 0;
    list_for_each(link, &head) assert_int_equal(list_entry(link, struct item, link)->number, expected++);
    list_remove(&items[1].link);
    assert_ptr_equal(list_pop(&head), &items[0].link);
    assert_ptr_equal(list_pop(&head), &items[2].link);
    assert_true(list_empty(&head));
}

static void removing_twice_does_nothing(void **state)
{
    (void)state;
    struct list head;
    struct item item;
    list_init(&head);
    list_append(&head, &item.link);
    list_remove(&item.link);
    list_remove(&item.link);
    assert_true(list_empty(&head));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_come_out_in_the_order_they_went_in),
        cmocka_unit_test(removing_twice_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
