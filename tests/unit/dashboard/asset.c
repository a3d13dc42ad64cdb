#include "dashboard/asset.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const paths[] = {"/",        "/app.js",   "/api.js",   "/style.css", "/dygraph.js",
                                    "/site.js", "/strip.js", "/icon.svg", "/fleet.js",  "/requests.js"};

static void it_has_the_page(void **state)
{
    (void)state;
    const struct asset *page = asset_page();
    assert_ptr_equal(page, asset_find("/"));
    assert_memory_equal(page->start, "<!doctype html>", strlen("<!doctype html>"));
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        const struct asset *asset = asset_find(paths[i]);
        assert_non_null(asset);
        assert_true(asset->end > asset->start);
        assert_non_null(strchr(asset->content_type, '/'));
    }
}

static void it_has_nothing_else(void **state)
{
    (void)state;
    assert_null(asset_find(""));
    assert_null(asset_find("/page/app.js"));
    assert_null(asset_find("/../asset.c"));
    assert_null(asset_find("app.js"));
}

static void a_tag_tells_contents_apart(void **state)
{
    (void)state;
    char one[ASSET_TAG_BYTES], again[ASSET_TAG_BYTES], other[ASSET_TAG_BYTES];
    (void)asset_tag(asset_find("/app.js"), one);
    (void)asset_tag(asset_find("/app.js"), again);
    (void)asset_tag(asset_find("/api.js"), other);
    assert_string_equal(one, again);
    assert_string_not_equal(one, other);
    assert_int_equal(one[0], '"');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_the_page),
        cmocka_unit_test(it_has_nothing_else),
        cmocka_unit_test(a_tag_tells_contents_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
