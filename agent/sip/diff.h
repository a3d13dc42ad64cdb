/* What an ALG changed, line by line, as "-sent" and "+arrived" lines: the evidence a person needs to see. Pure. */
#ifndef SIP_DIFF_H
#define SIP_DIFF_H

#include <stddef.h>

/* Writes the differing lines, each ended by '\n', into `diff` (cut at whole lines when they do not fit). Control
 * characters become
 * '?'. Returns how many lines differ; 0 means that the request arrived as it was sent. */
size_t sip_diff(const char *sent, size_t sent_len, const char *arrived, size_t arrived_len, char *diff,
                size_t capacity);

#endif
