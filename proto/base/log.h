/* Log lines on stderr: "LEVEL subsystem peer: fact", one line each, ready for journald (its <N> priority prefix when
 * stderr is the journal). Never a secret, never a payload. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attributes.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above `level` are dropped. The default is LOG_LEVEL_INFO. Thread-safe. */
void log_set_level(enum log_level level);

/* "error", "warning", "info", "debug"; returns 0, or -1 for any other word. */
int log_level_parse(const char *word, enum log_level *level) MUST_CHECK;

/* `subsystem` is a static word such as "session"; `peer` names the other side and may be NULL. */
void log_line(enum log_level level, const char *subsystem, const char *peer, const char *format, ...) PRINTF_LIKE(4, 5);

#define log_error(subsystem, peer, ...) log_line(LOG_LEVEL_ERROR, subsystem, peer, __VA_ARGS__)
#define log_warning(subsystem, peer, ...) log_line(LOG_LEVEL_WARNING, subsystem, peer, __VA_ARGS__)
#define log_info(subsystem, peer, ...) log_line(LOG_LEVEL_INFO, subsystem, peer, __VA_ARGS__)
#define log_debug(subsystem, peer, ...) log_line(LOG_LEVEL_DEBUG, subsystem, peer, __VA_ARGS__)

#endif
