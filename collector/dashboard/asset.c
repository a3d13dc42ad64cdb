#include "dashboard/asset.h"

#include "base/crc32.h"

#include <stdio.h>
#include <string.h>

#define HTML "text/html; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define STYLE "text/css; charset=utf-8"

/* Symbol, path, type, file: PAGE and DYGRAPHS are folders that the build names. */
#define ASSETS(ASSET)                                                                                                  \
    ASSET(index, "/", HTML, PAGE "/index.html")                                                                        \
    ASSET(icon, "/icon.svg", "image/svg+xml", PAGE "/icon.svg")                                                        \
    ASSET(style, "/style.css", STYLE, PAGE "/style.css")                                                               \
    ASSET(app, "/app.js", SCRIPT, PAGE "/app.js")                                                                      \
    ASSET(api, "/api.js", SCRIPT, PAGE "/api.js")                                                                      \
    ASSET(dom, "/dom.js", SCRIPT, PAGE "/dom.js")                                                                      \
    ASSET(ports, "/ports.js", SCRIPT, PAGE "/ports.js")                                                                \
    ASSET(step, "/step.js", SCRIPT, PAGE "/step.js")                                                                   \
    ASSET(words, "/words.js", SCRIPT, PAGE "/words.js")                                                                \
    ASSET(chart, "/chart.js", SCRIPT, PAGE "/chart.js")                                                                \
    ASSET(sign_in, "/sign-in.js", SCRIPT, PAGE "/sign-in.js")                                                          \
    ASSET(fleet, "/fleet.js", SCRIPT, PAGE "/fleet.js")                                                                \
    ASSET(sites, "/sites.js", SCRIPT, PAGE "/sites.js")                                                                \
    ASSET(recheck, "/recheck.js", SCRIPT, PAGE "/recheck.js")                                                          \
    ASSET(site, "/site.js", SCRIPT, PAGE "/site.js")                                                                   \
    ASSET(strip, "/strip.js", SCRIPT, PAGE "/strip.js")                                                                \
    ASSET(requests, "/requests.js", SCRIPT, PAGE "/requests.js")                                                       \
    ASSET(schedule, "/schedule.js", SCRIPT, PAGE "/schedule.js")                                                       \
    ASSET(changes, "/changes.js", SCRIPT, PAGE "/changes.js")                                                          \
    ASSET(dygraph_script, "/dygraph.js", SCRIPT, DYGRAPHS "/dygraph.min.js")                                           \
    ASSET(dygraph_style, "/dygraph.css", STYLE, DYGRAPHS "/dygraph.min.css")

#define EMBED(symbol, path, type, file)                                                                                \
    extern const unsigned char asset_##symbol##_start[], asset_##symbol##_end[];                                       \
    __asm__(".pushsection .rodata\n"                                                                                   \
            ".global asset_" #symbol "_start, asset_" #symbol "_end\n"                                                 \
            "asset_" #symbol "_start: .incbin \"" file "\"\n"                                                          \
            "asset_" #symbol "_end: .byte 0\n"                                                                         \
            ".popsection\n");
#define ROW(symbol, path, type, file) {path, type, asset_##symbol##_start, asset_##symbol##_end},

ASSETS(EMBED)

static const struct asset assets[] = {ASSETS(ROW)};

const struct asset *asset_find(const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(assets); i++)
        if (strcmp(assets[i].path, path) == 0)
            return &assets[i];
    return NULL;
}

const struct asset *asset_page(void)
{
    return &assets[0];
}

const char *asset_tag(const struct asset *asset, char tag[ASSET_TAG_BYTES])
{
    snprintf(tag, ASSET_TAG_BYTES, "\"%08x\"", crc32_of(asset->start, (size_t)(asset->end - asset->start)));
    return tag;
}
