#include "proto/varint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void round_trip(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {0, 1, 127, 128, 16383, 16384, 65535, INT32_MAX, UINT32_MAX};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        uint8_t bytes[VARINT32_BYTES_MAX];
        size_t len = varint_write(bytes, numbers[i]);
        struct varint_reader reader = {bytes, bytes + len};
        uint32_t back;
        assert_true(varint_read(&reader, &back));
        assert_int_equal(back, numbers[i]);
        assert_ptr_equal(reader.at, reader.end);
    }
}

static void refuses_cut_off_and_too_large_numbers(void **state)
{
    (void)state;
    static const uint8_t cut[] = {0x80, 0x80}, large[] = {0xff, 0xff, 0xff, 0xff, 0x1f};
    static const uint8_t endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
    uint32_t number;
    assert_false(varint_read(&(struct varint_reader){cut, cut + sizeof cut}, &number));
    assert_false(varint_read(&(struct varint_reader){large, large + sizeof large}, &number));
    assert_false(varint_read(&(struct varint_reader){endless, endless + sizeof endless}, &number));
    assert_false(varint_read(&(struct varint_reader){NULL, NULL}, &number));
}

static void zigzag_numbers(void **state)
{
    (void)state;
    assert_int_equal(zigzag(0), 0);
    assert_int_equal(zigzag(-1), 1);
    assert_int_equal(zigzag(1), 2);
    assert_int_equal(zigzag(-64), 127);
    assert_int_equal(zigzag(INT32_MIN), UINT32_MAX);
    static const int32_t numbers[] = {0, 1, -1, 12345, -12345, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_int_equal(unzigzag(zigzag(numbers[i])), numbers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(refuses_cut_off_and_too_large_numbers),
        cmocka_unit_test(zigzag_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
