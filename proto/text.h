/* Text that may be stored, shown and logged as it is: valid UTF-8 (RFC 3629) without control characters. What a network
 * sent is made so by text_clean before it enters a report; what a peer sent and is not so is refused. */
#ifndef PROTO_TEXT_H
#define PROTO_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum text_kind {
    TEXT_LINE, /* no control characters (C0, DEL, C1) */
    TEXT_LINES /* '\n' and '\t' are allowed */
};

bool text_is_clean(const char *text, enum text_kind kind);

/* Replaces each offending byte by '?', in place. Returns `text`. */
char *text_clean(char *text, enum text_kind kind);

/* Copies what fits into `size` bytes (NUL included), cleaned and never cut inside a character. Returns `out`. */
char *text_copy(char *out, size_t size, const char *text, enum text_kind kind);

#endif
