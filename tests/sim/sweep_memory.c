/* A sweep is run with 0, 1, 2, ... allowed allocations of the engine: each time it ends, and leaks nothing (which the
 * address sanitizer counts). */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static bool in_engine;
static unsigned allowed, asked;

/* The linker puts these in place of what they wrap (tests/sim/CMakeLists.txt), and the names are the linker's.
 * NOLINTBEGIN(cert-dcl51-cpp) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
struct sweep *__real_sweep_create(const struct plan *plan, uint64_t now_us);
void __real_sweep_received(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *from,
                           const uint8_t *bytes, size_t len);
void __real_sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                              const struct port_owner *owner);
struct report *__real_sweep_take_report(struct sweep *sweep);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
struct sweep *__wrap_sweep_create(const struct plan *plan, uint64_t now_us);
void __wrap_sweep_received(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *from,
                           const uint8_t *bytes, size_t len);
void __wrap_sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                              const struct port_owner *owner);
struct report *__wrap_sweep_take_report(struct sweep *sweep);
/* NOLINTEND(cert-dcl51-cpp) */

static bool refused(void)
{
    return in_engine && ++asked > allowed;
}

void *__wrap_malloc(size_t size)
{
    return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return refused() ? NULL : __real_realloc(memory, size);
}

struct sweep *__wrap_sweep_create(const struct plan *plan, uint64_t now_us)
{
    in_engine = true;
    struct sweep *sweep = __real_sweep_create(plan, now_us);
    in_engine = false;
    return sweep;
}

void __wrap_sweep_received(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, const struct address *from,
                           const uint8_t *bytes, size_t len)
{
    in_engine = true;
    __real_sweep_received(sweep, now_us, endpoint, from, bytes, len);
    in_engine = false;
}

void __wrap_sweep_open_failed(struct sweep *sweep, uint64_t now_us, uint32_t endpoint, int error,
                              const struct port_owner *owner)
{
    in_engine = true;
    __real_sweep_open_failed(sweep, now_us, endpoint, error, owner);
    in_engine = false;
}

struct report *__wrap_sweep_take_report(struct sweep *sweep)
{
    in_engine = true;
    struct report *report = __real_sweep_take_report(sweep);
    in_engine = false;
    return report;
}

static bool sweep_with(unsigned allocations)
{
    struct lab lab;
    lab_begin(&lab, "5060/udp,9000-9003/udp");
    lab_forward(&lab, 9000, 9003);
    lab.held = (struct sim_range){5060, 5060};
    lab.servers[0].secure = true;
    snprintf(lab.plan.user, sizeof(lab.plan.user), SIM_USER);
    snprintf(lab.plan.password, sizeof(lab.plan.password), SIM_PASSWORD);
    lab.memory_short = true;
    allowed = allocations;
    asked = 0;
    lab_sweep(&lab);
    bool complete = lab.report != NULL && lab_count(&lab, VERDICT_PASS) == 4 && lab_port(&lab, 5060)->owner != NULL;
    if (lab.report != NULL)
        assert_int_equal(lab_count(&lab, VERDICT_CLOSED), 0); /* no memory is no closed port */
    lab_end(&lab);
    return complete;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    unsigned allocations = 0;
    while (!sweep_with(allocations))
        assert_true(++allocations < 1000);
    assert_true(allocations > 10);
    assert_true(sweep_with(UINT32_MAX - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
