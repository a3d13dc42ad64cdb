/* What stops and starts the PBX, as root wrote it in the settings: systemd units or, where there is no systemd, a pair
 * of commands (pure). Nothing of it ever comes from the wire. */
#ifndef PBX_HOOKS_H
#define PBX_HOOKS_H

#include "base/attributes.h"
#include "pbx/arguments.h"

#include <stdbool.h>
#include <stddef.h>

#define HOOKS_TEXT_BYTES 1024
#define HOOKS_MESSAGE_BYTES 256

struct hooks {
    char units[HOOKS_TEXT_BYTES]; /* NAME.service, separated by ' '; empty: the commands */
    char stop[HOOKS_TEXT_BYTES], start[HOOKS_TEXT_BYTES];
};

/* `units` are separated by ',' or ' '. Either units or both commands or nothing may be given; a command begins with an
 * absolute path. Returns 0, or -EINVAL with what is wrong in `message`; `hooks` is then unchanged. */
int hooks_parse(const char *units, const char *stop, const char *start, struct hooks *hooks,
                char message[HOOKS_MESSAGE_BYTES]) MUST_CHECK;

bool hooks_given(const struct hooks *hooks); /* there is something to start */

/* Adds what stops or starts it. Returns 0, or -E2BIG. */
int hooks_stop_arguments(const struct hooks *hooks, const char *systemctl, struct arguments *arguments) MUST_CHECK;
int hooks_start_arguments(const struct hooks *hooks, const char *systemctl, struct arguments *arguments) MUST_CHECK;

#endif
