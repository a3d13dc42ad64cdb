#include "cli/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void texts_never_become_markup(void **state)
{
    (void)state;
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    html_print(out, "<b title=\"%s\">%s</b>%s %d %% %s", "\" onload='x", "<script>alert(1)&amp;</script>",
               "Zürich \xf0\x9f\x98\x80", -7, "");
    fclose(out);
    assert_string_equal(text, "<b title=\"&quot; onload=&#39;x\">&lt;script&gt;alert(1)&amp;amp;&lt;/script&gt;</b>"
                              "Zürich \xf0\x9f\x98\x80 -7 % ");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_never_become_markup)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
