/* Rows are made by libpq itself, without a server. */
#include "control/command.h"

#include "proto/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COLUMNS 19

static const char *const columns[COLUMNS] = {"sweep_id",   "generation", "agent_id", "at_us",       "expires_in_s",
                                             "deadline_s", "transports", "firsts",   "lasts",       "roles",
                                             "expects",    "groups",     "servers",  "turn_server", "sip_echo",
                                             "family",     "mode",       "pace_pps", "patience_s"};

static const char *const usual[COLUMNS] = {"77",
                                           "2",
                                           "9",
                                           "1000000",
                                           "60",
                                           "90",
                                           "{1,2}",
                                           "{5060,5060}",
                                           "{5060,5061}",
                                           "{2,2}",
                                           "{1,1}",
                                           "{0,0}",
                                           "{a.example:3478,\"b.example\"}",
                                           NULL,
                                           "sip.example",
                                           "4",
                                           "1",
                                           "400",
                                           "60"};

/* The usual row, with one column changed. */
static PGresult *row_with(const char *column, const char *value)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc attributes[COLUMNS];
    memset(attributes, 0, sizeof(attributes));
    for (int i = 0; i < COLUMNS; i++)
        attributes[i].name = (char *)columns[i];
    assert_true(PQsetResultAttrs(result, COLUMNS, attributes));
    for (int i = 0; i < COLUMNS; i++) {
        const char *text = strcmp(columns[i], column) == 0 ? value : usual[i];
        assert_true(PQsetvalue(result, 0, i, (char *)text, text ? (int)strlen(text) : -1));
    }
    return result;
}

static int make(const char *column, const char *value, const char *secret, struct order **order)
{
    uint64_t sweep_id = 0;
    uint32_t generation = 0;
    PGresult *result = row_with(column, value);
    int error = command_order(result, 0, secret, 5000000, order, &sweep_id, &generation);
    PQclear(result);
    assert_int_equal(sweep_id, 77);
    assert_int_equal(generation, 2);
    return error;
}

static Envelope *decode(const struct order *order)
{
    Envelope *envelope;
    assert_int_equal(wire_decode(order->frame, order->frame_bytes, &envelope), 0);
    return envelope;
}

static void a_row_becomes_a_command(void **state)
{
    (void)state;
    struct order *order;
    assert_int_equal(make("", NULL, NULL, &order), 0);
    assert_int_equal(order->agent_id, 9);
    assert_int_equal(order->sweep_id, 77);
    Envelope *envelope = decode(order);
    const Natsweep__StartSweep *start = envelope->start_sweep;
    assert_int_equal(start->key->sweep_id, 77);
    assert_int_equal(start->at_us, 1000000);
    assert_int_equal(start->n_ports, 2);
    assert_int_equal(start->ports[1]->transport, TRANSPORT_TCP);
    assert_int_equal(start->ports[1]->last, 5061);
    assert_int_equal(start->n_servers, 2);
    assert_string_equal(start->servers[1], "b.example");
    assert_string_equal(start->turn_server, "");
    assert_string_equal(start->sip_echo, "sip.example");
    assert_null(start->credentials);
    assert_int_equal(start->pace_pps, 400);
    wire_free(envelope);
    order_free(order);
}

static void credentials_outlive_the_sweep(void **state)
{
    (void)state;
    struct order *order;
    assert_int_equal(make("", NULL, "north", &order), 0);
    Envelope *envelope = decode(order);
    /* needed for 5 s + 60 s + 90 s + 60 s, and good to the end of the six hours */
    assert_string_equal(envelope->start_sweep->credentials->user, "43200:agent-9");
    wire_free(envelope);
    order_free(order);
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"servers", "{}"},  {"firsts", "{5060}"},  {"firsts", "{5060,5060,5060}"},
        {"firsts", "oops"}, {"lasts", "{1,5061}"}, {"transports", "{}"},
        {"family", "5"},    {"mode", "9"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct order *order = NULL;
        int error = make(bad[i][0], bad[i][1], NULL, &order);
        order_free(order);
        assert_int_equal(error, -EINVAL);
    }
}

static void servers_beyond_the_limit_are_left_out(void **state)
{
    (void)state;
    struct order *order;
    assert_int_equal(make("servers", "{a,b,c,d,e,f,g,h,i,j}", NULL, &order), 0);
    Envelope *envelope = decode(order);
    assert_int_equal(envelope->start_sweep->n_servers, COMMAND_SERVERS_MAX);
    assert_string_equal(envelope->start_sweep->servers[COMMAND_SERVERS_MAX - 1], "h");
    wire_free(envelope);
    order_free(order);
}

static void a_cancel_names_sweep_and_reason(void **state)
{
    (void)state;
    struct order *order;
    assert_int_equal(command_cancel(9, 77, 3, "by olga\n", &order), 0);
    Envelope *envelope = decode(order);
    assert_int_equal(envelope->cancel->key->sweep_id, 77);
    assert_int_equal(envelope->cancel->key->generation, 3);
    assert_string_equal(envelope->cancel->message, "by olga?");
    wire_free(envelope);
    order_free(order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_becomes_a_command),
        cmocka_unit_test(credentials_outlive_the_sweep),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(servers_beyond_the_limit_are_left_out),
        cmocka_unit_test(a_cancel_names_sweep_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
