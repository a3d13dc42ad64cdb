#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct writer_column columns[] = {{"site", WRITER_WORDS},
                                               {"nat_class", WRITER_WORDS},
                                               {"pass", WRITER_NUMBER},
                                               {"online", WRITER_BOOL},
                                               {"note", WRITER_WORDS}};

static const char *const rows[][5] = {{"Berlin", "full_cone", "2008", "t", "fine"},
                                      {"M\xC3\xBCnchen", NULL, NULL, "f", "a \"quoted\", two\nline\x1b[31m text"},
                                      {"x", "symmetric", "3", NULL, ""}};

/* Writes `count` rows and returns the text, which the caller frees. */
static char *written(enum writer_format format, enum writer_shape shape, size_t count)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    struct writer *writer = writer_create(format, out);
    writer_begin(writer, shape, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < count; i++)
        writer_row(writer, rows[i]);
    writer_end(writer);
    assert_int_equal(writer_destroy(writer), 0);
    (void)fclose(out);
    return text;
}

static void assert_written(enum writer_format format, enum writer_shape shape, size_t count, const char *expected)
{
    char *text = written(format, shape, count);
    assert_string_equal(text, expected);
    free(text);
}

static void text_aligns_and_hides_control_characters(void **state)
{
    (void)state;
    assert_written(WRITER_TEXT, WRITER_TABLE, 3,
                   "SITE     NAT CLASS  PASS  ONLINE  NOTE\n"
                   "Berlin   full_cone  2008  yes     fine\n"
                   "M\xC3\xBCnchen  -             -  no      a \"quoted\", two?line?[31m text\n"
                   "x        symmetric     3  -       -\n");
    assert_written(WRITER_TEXT, WRITER_TABLE, 0, "nothing to show\n");
}

/* What would run over a terminal's edge goes on in its column, or below its row when that would be too narrow. */
static void assert_folded(int columns_max, const char *expected)
{
    static const struct writer_column folded[] = {
        {"site", WRITER_WORDS}, {"pass", WRITER_NUMBER}, {"cause", WRITER_WORDS}};
    static const char *const cells[][3] = {{"Z\xC3\xBCrich", "5", "Nothing is forwarded to the PBX, or not yet."},
                                           {"Bern", "200", "fine"}};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct writer *writer = writer_create(WRITER_TEXT, out);
    writer_fold(writer, columns_max);
    writer_begin(writer, WRITER_TABLE, folded, ARRAY_LEN(folded));
    writer_row(writer, cells[0]);
    writer_row(writer, cells[1]);
    writer_end(writer);
    assert_int_equal(writer_destroy(writer), 0);
    (void)fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void text_folds_for_a_terminal(void **state)
{
    (void)state;
    assert_folded(58, "SITE    PASS  CAUSE\n"
                      "Z\xC3\xBCrich     5  Nothing is forwarded to the PBX, or not yet.\n"
                      "Bern     200  fine\n");
    assert_folded(57, "SITE    PASS  CAUSE\n"
                      "Z\xC3\xBCrich     5  Nothing is forwarded to the PBX, or not\n"
                      "              yet.\n"
                      "Bern     200  fine\n");
    assert_folded(35, "SITE    PASS\n    CAUSE\n"
                      "Z\xC3\xBCrich     5\n    Nothing is forwarded to the\n"
                      "    PBX, or not yet.\n"
                      "Bern     200\n    fine\n");
}

static void text_leaves_zeros_out_of_a_tally(void **state)
{
    static const struct writer_column counts[] = {
        {"sites", WRITER_NUMBER}, {"lost", WRITER_NUMBER}, {"note", WRITER_WORDS}};
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct writer *writer = writer_create(WRITER_TEXT, out);
    writer_begin(writer, WRITER_TALLY, counts, ARRAY_LEN(counts));
    writer_row(writer, (const char *const[]){"10", "0", "x"});
    writer_end(writer);
    assert_int_equal(writer_destroy(writer), 0);
    (void)fclose(out);
    assert_string_equal(text, "SITES  10\nNOTE   x\n");
    free(text);
}

static void text_shows_a_record_as_lines(void **state)
{
    (void)state;
    assert_written(WRITER_TEXT, WRITER_RECORD, 1,
                   "SITE       Berlin\n"
                   "NAT CLASS  full_cone\n"
                   "PASS       2008\n"
                   "ONLINE     yes\n"
                   "NOTE       fine\n");
}

static void json_is_an_array_of_objects(void **state)
{
    (void)state;
    assert_written(WRITER_JSON, WRITER_TABLE, 2,
                   "[\n {\"site\": \"Berlin\", \"nat_class\": \"full_cone\", \"pass\": 2008, \"online\": true, "
                   "\"note\": \"fine\"},\n"
                   " {\"site\": \"M\xC3\xBCnchen\", \"nat_class\": null, \"pass\": null, \"online\": false, "
                   "\"note\": \"a \\\"quoted\\\", two\\u000aline\\u001b[31m text\"}\n]\n");
    assert_written(WRITER_JSON, WRITER_TABLE, 0, "[]\n");
    assert_written(
        WRITER_JSON, WRITER_RECORD, 1,
        "{\"site\": \"Berlin\", \"nat_class\": \"full_cone\", \"pass\": 2008, \"online\": true, \"note\": \"fine\"}\n");
}

static void csv_quotes_what_needs_it(void **state)
{
    (void)state;
    assert_written(WRITER_CSV, WRITER_TABLE, 3,
                   "site,nat_class,pass,online,note\n"
                   "Berlin,full_cone,2008,true,fine\n"
                   "M\xC3\xBCnchen,,,false,\"a \"\"quoted\"\", two\nline\x1b[31m text\"\n"
                   "x,symmetric,3,,\n");
    assert_written(WRITER_CSV, WRITER_TABLE, 0, "site,nat_class,pass,online,note\n");
}

static char *written_value(enum writer_format format, const struct writer_column *column, const char *value)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    struct writer *writer = writer_create(format, out);
    writer_begin(writer, WRITER_TABLE, column, 1);
    writer_row(writer, &value);
    writer_end(writer);
    assert_int_equal(writer_destroy(writer), 0);
    (void)fclose(out);
    return text;
}

static void assert_one(enum writer_format format, enum writer_kind kind, const char *value, const char *expected)
{
    const struct writer_column column = {"x", kind};
    char *text = written_value(format, &column, value);
    assert_string_equal(text, expected);
    free(text);
}

static void csv_runs_no_formula(void **state)
{
    (void)state;
    assert_one(WRITER_CSV, WRITER_WORDS, "=HYPERLINK(0)", "x\n'=HYPERLINK(0)\n");
    assert_one(WRITER_CSV, WRITER_WORDS, "@SUM(1,2)", "x\n\"'@SUM(1,2)\"\n");
    assert_one(WRITER_CSV, WRITER_WORDS, "\t=1", "x\n'\t=1\n");
    assert_one(WRITER_CSV, WRITER_WORDS, "\r=1", "x\n\"'\r=1\"\n");
    assert_one(WRITER_CSV, WRITER_WORDS, "a\t=1", "x\na\t=1\n");
    assert_one(WRITER_CSV, WRITER_WORDS, "a=1", "x\na=1\n");
    assert_one(WRITER_CSV, WRITER_NUMBER, "-5", "x\n-5\n");
    assert_one(WRITER_CSV, WRITER_WORDS, "", "x\n\n");
}

/* U+009B begins a terminal sequence as ESC [ does. */
static void text_drives_no_terminal(void **state)
{
    (void)state;
    assert_one(WRITER_TEXT, WRITER_WORDS,
               "a\xc2\x9b"
               "2J\xff\xc3\xa4",
               "X\na??2J?\xc3\xa4\n");
}

static void nested_values_pass_through(void **state)
{
    (void)state;
    static const struct writer_column one[] = {{"counts", WRITER_NESTED}};
    static const char *const value[] = {"{\"done\": 3}"};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    struct writer *writer = writer_create(WRITER_JSON, out);
    writer_begin(writer, WRITER_RECORD, one, 1);
    writer_row(writer, value);
    writer_end(writer);
    assert_int_equal(writer_destroy(writer), 0);
    (void)fclose(out);
    assert_string_equal(text, "{\"counts\": {\"done\": 3}}\n");
    free(text);
}

static void a_full_disk_is_reported(void **state)
{
    (void)state;
    FILE *out = fopen("/dev/full", "w");
    assert_non_null(out);
    struct writer *writer = writer_create(WRITER_TEXT, out);
    writer_begin(writer, WRITER_TABLE, columns, ARRAY_LEN(columns));
    writer_row(writer, rows[0]);
    writer_end(writer);
    assert_int_equal(writer_destroy(writer), -EIO);
    (void)fclose(out);
}

static void knows_its_formats(void **state)
{
    (void)state;
    enum writer_format format = WRITER_TEXT;
    assert_int_equal(writer_format_parse("csv", &format), 0);
    assert_int_equal(format, WRITER_CSV);
    assert_int_equal(writer_format_parse("json", &format), 0);
    assert_int_equal(format, WRITER_JSON);
    assert_int_equal(writer_format_parse("xml", &format), -1);
    assert_int_equal(format, WRITER_JSON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_aligns_and_hides_control_characters),
        cmocka_unit_test(text_shows_a_record_as_lines),
        cmocka_unit_test(text_folds_for_a_terminal),
        cmocka_unit_test(text_leaves_zeros_out_of_a_tally),
        cmocka_unit_test(json_is_an_array_of_objects),
        cmocka_unit_test(csv_quotes_what_needs_it),
        cmocka_unit_test(csv_runs_no_formula),
        cmocka_unit_test(text_drives_no_terminal),
        cmocka_unit_test(nested_values_pass_through),
        cmocka_unit_test(a_full_disk_is_reported),
        cmocka_unit_test(knows_its_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
