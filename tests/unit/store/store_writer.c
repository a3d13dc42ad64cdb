#include "store/store_writer.h"

#include "exchange/delivery.h"
#include "sample/report_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.h>

static struct delivery *make_delivery(void)
{
    struct report *report = report_sample(SAMPLE_SUPPORTED, "5060/udp", 1);
    uint8_t *frame;
    size_t len;
    Envelope *envelope;
    assert_int_equal(wire_encode_report_batch(report, 77, 1767225600000000, 0, &frame, &len), 0);
    assert_int_equal(wire_decode(frame, len, &envelope), 0);
    struct delivery *delivery = delivery_create(1, 2, envelope, frame, len);
    assert_non_null(delivery);
    free(frame);
    report_free(report);
    return delivery;
}

static void *run(void *writer)
{
    store_writer_run(writer);
    return NULL;
}

/* What it took goes back, what it did not take stays in the mailbox: together all, and none of it stored. */
static void without_a_database_all_is_abandoned(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    struct mailbox_pair *pair = mailbox_pair_create(context, "store");
    struct mailbox *gateway = mailbox_end(pair, 0);
    int stop_fd = eventfd(0, EFD_CLOEXEC);
    struct store_writer *writer = store_writer_create(&(struct store_writer_config){
        .dsn = "host=/nonexistent", .name = "test", .gateway = mailbox_end(pair, 1), .stop_fd = stop_fd});
    pthread_t thread;
    for (int i = 0; i < 300; i++)
        assert_int_equal(mailbox_send(gateway, make_delivery()), 0);
    assert_int_equal(eventfd_write(stop_fd, 1), 0);
    assert_int_equal(pthread_create(&thread, NULL, run, writer), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);

    size_t back = 0;
    for (struct delivery *delivery; (delivery = mailbox_receive(gateway)); back++) {
        assert_int_equal(delivery->fate, DELIVERY_ABANDONED);
        delivery_free(delivery);
    }
    assert_int_equal(back, 256); /* one batch; the others were left where the gateway counts them */
    store_writer_destroy(writer);
    mailbox_pair_destroy(pair, delivery_free, delivery_free);
    close(stop_fd);
    zmq_ctx_term(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_database_all_is_abandoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
