/* The files of the page, built into the program: nothing is looked up in a file system at a stranger's word. */
#ifndef DASHBOARD_ASSET_H
#define DASHBOARD_ASSET_H

#include "base/attributes.h"

#include <stddef.h>

struct asset {
    const char *path; /* as the page asks for it */
    const char *content_type;
    const unsigned char *start, *end;
};

#define ASSET_TAG_BYTES 16

/* NULL when there is none. */
const struct asset *asset_find(const char *path) MUST_CHECK;

/* The one page, whatever view its address names. */
const struct asset *asset_page(void) MUST_CHECK;

/* The entity tag (RFC 9110, 8.8.3) of what it holds. Returns `tag`. */
const char *asset_tag(const struct asset *asset, char tag[ASSET_TAG_BYTES]);

#endif
