/* UTF-8 (RFC 3629) in text that strangers wrote: names of programs, answers of servers. */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include <stddef.h>

#define UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Bytes of the well-formed character at the start of a NUL-terminated text: 1 to 4, or 0 when there is none. */
size_t utf8_length(const char *text);

#endif
