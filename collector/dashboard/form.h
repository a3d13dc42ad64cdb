/* Bodies of application/x-www-form-urlencoded, as the sign-in sends one (pure). */
#ifndef DASHBOARD_FORM_H
#define DASHBOARD_FORM_H

#include "base/attributes.h"

#include <stddef.h>

/* Decodes the first field called `name` into `value` and ends it with a NUL. Returns 0, -ENOENT when there is none,
 * -ENOSPC when it does not fit, -EINVAL for a broken escape or a NUL in it; `value` is then empty. */
int form_value(const char *body, size_t len, const char *name, char *value, size_t capacity) MUST_CHECK;

#endif
