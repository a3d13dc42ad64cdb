#include "net/port_owner.h"

#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A small /proc of our own: process 812 holds UDP 5060 and listens on TCP 5001 (IPv6); nobody may be named for UDP
 * 9000. */
static void write_file(const char *root, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    (void)fclose(file);
}

static void make_folder(const char *root, const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void make_link(const char *root, const char *name, const char *target)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    assert_int_equal(symlink(target, path), 0);
}

static int set_up(void **state)
{
    char *root = strdup("/tmp/natsweep-proc-XXXXXX");
    *state = root; /* tear_down frees it */
    if (!root || !mkdtemp(root))
        return -1;
    make_folder(root, "net");
    make_folder(root, "812");
    make_folder(root, "812/fd");
    write_file(root, "812/comm", "3CXPhoneSystem\n");
    write_file(
        root, "net/udp",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "  12: 0100007F:13C4 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 34567 2 0 0\n"
        "  13: 00000000:2328 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 34568 2 0 0\n");
    write_file(root, "net/tcp6",
               "  sl  local_address remote_address st\n"
               "   0: 00000000000000000000000000000000:1389 00000000000000000000000000000000:0000 0A 00000000:00000000 "
               "00:00000000 00000000     0        0 34569 1 0\n"
               "   1: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 01 00000000:00000000 "
               "00:00000000 00000000     0        0 34570 1 0\n");
    make_link(root, "812/fd/3", "socket:[34567]");
    make_link(root, "812/fd/4", "socket:[34569]");
    make_link(root, "812/fd/5", "/dev/null");
    return 0;
}

static int tear_down(void **state)
{
    char command[256];
    (void)snprintf(command, sizeof command, "rm -r '%s'", (char *)*state);
    free(*state);
    return system(command); /* NOLINT(cert-env33-c): the path is ours */
}

static void test_names_the_udp_holder(void **state)
{
    struct port_owner_table *table;

    assert_int_equal(port_owner_table_read(*state, TRANSPORT_UDP, &table), 0);
    const struct port_owner *owner = port_owner_find(table, 5060);
    assert_non_null(owner);
    assert_int_equal(owner->pid, 812);
    assert_string_equal(owner->name, "3CXPhoneSystem");
    owner = port_owner_find(table, 9000);
    assert_non_null(owner);
    assert_int_equal(owner->pid, 0);
    assert_null(port_owner_find(table, 5061));
    port_owner_table_free(table);
}

static void test_tcp_counts_listeners_only(void **state)
{
    struct port_owner_table *table;

    assert_int_equal(port_owner_table_read(*state, TRANSPORT_TCP, &table), 0);
    assert_int_equal(port_owner_find(table, 5001)->pid, 812);
    assert_null(port_owner_find(table, 443));
    port_owner_table_free(table);
}

static void test_finds_ourselves_in_the_real_proc(void **state)
{
    struct port_owner_table *table;
    struct address local;
    uint16_t port;

    (void)state;
    assert_int_equal(address_parse("127.0.0.1", &local), 0);
    int fd = udp_socket_open(&local);
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &port), 0);
    assert_int_equal(port_owner_table_read("/proc", TRANSPORT_UDP, &table), 0);
    const struct port_owner *owner = port_owner_find(table, port);
    assert_non_null(owner);
    assert_int_equal(owner->pid, getpid());
    port_owner_table_free(table);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names_the_udp_holder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tcp_counts_listeners_only, set_up, tear_down),
        cmocka_unit_test(test_finds_ourselves_in_the_real_proc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
