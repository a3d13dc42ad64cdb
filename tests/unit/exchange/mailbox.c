#include "exchange/mailbox.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zmq.h>

#include <cmocka.h>

#define OBJECTS 5000 /* more than any default high-water mark */

static void *sends_numbers(void *argument)
{
    for (int i = 0; i < OBJECTS; i++) {
        int *number = malloc(sizeof(*number));
        *number = i;
        if (mailbox_send(argument, number) != 0)
            abort();
    }
    return NULL;
}

static void objects_arrive_in_order(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    struct mailbox_pair *pair = mailbox_pair_create(context, "test");
    assert_non_null(pair);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, sends_numbers, mailbox_end(pair, 0)), 0);
    for (int i = 0; i < OBJECTS;) {
        zmq_pollitem_t item = {.socket = mailbox_socket(mailbox_end(pair, 1)), .events = ZMQ_POLLIN};
        assert_int_equal(zmq_poll(&item, 1, 5000), 1);
        int *number = mailbox_receive(mailbox_end(pair, 1));
        assert_non_null(number);
        assert_int_equal(*number, i++);
        free(number);
    }
    pthread_join(thread, NULL);
    assert_null(mailbox_receive(mailbox_end(pair, 1)));
    mailbox_pair_destroy(pair, free, free);
    zmq_ctx_term(context);
}

/* The address sanitizer counts. */
static void what_is_under_way_is_freed(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    struct mailbox_pair *pair = mailbox_pair_create(context, "test");
    assert_int_equal(mailbox_send(mailbox_end(pair, 0), malloc(8)), 0);
    assert_int_equal(mailbox_send(mailbox_end(pair, 1), malloc(8)), 0);
    mailbox_pair_destroy(pair, free, free);
    mailbox_pair_destroy(NULL, free, free);
    zmq_ctx_term(context);
}

static void a_name_is_given_once(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    struct mailbox_pair *pair = mailbox_pair_create(context, "test");
    assert_null(mailbox_pair_create(context, "test"));
    mailbox_pair_destroy(pair, free, free);
    zmq_ctx_term(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_arrive_in_order),
        cmocka_unit_test(what_is_under_way_is_freed),
        cmocka_unit_test(a_name_is_given_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
