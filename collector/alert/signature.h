/* How a receiver knows that a webhook's event is ours, and not an old one sent again: HMAC-SHA256 of "TIME.BODY" with
 * the webhook's secret, written "t=TIME,v1=HEX" (pure). TIME is in seconds since the Unix epoch. */
#ifndef ALERT_SIGNATURE_H
#define ALERT_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_TEXT_BYTES 96

/* Returns `text`. */
const char *signature_make(const uint8_t *secret, size_t secret_bytes, int64_t time_s, const char *body,
                           char text[SIGNATURE_TEXT_BYTES]);

#endif
