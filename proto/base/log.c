#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOG_LINE_BYTES 1024

static _Atomic int threshold = LOG_LEVEL_INFO;

static const char *const level_words[] = {"error", "warning", "info", "debug"};
static const int syslog_priorities[] = {3, 4, 6, 7};

void log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

int log_level_parse(const char *word, enum log_level *level)
{
    for (size_t i = 0; i < ARRAY_LEN(level_words); i++) {
        if (strcmp(word, level_words[i]) == 0) {
            *level = (enum log_level)i;
            return 0;
        }
    }
    return -1;
}

/* A stranger's text must not forge a second line or drive a terminal. */
static void replace_control_characters(char *line)
{
    for (; *line; line++) {
        unsigned char c = (unsigned char)*line;
        if (c < 0x20 || c == 0x7f)
            *line = '?';
    }
}

void log_line(enum log_level level, const char *subsystem, const char *peer, const char *format, ...)
{
    if ((int)level > atomic_load(&threshold))
        return;
    char fact[LOG_LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fact, sizeof fact, format, arguments);
    va_end(arguments);

    char prefix[8] = "";
    if (getenv("JOURNAL_STREAM"))
        snprintf(prefix, sizeof prefix, "<%d>", syslog_priorities[level]);
    char line[LOG_LINE_BYTES + 256]; /* one write per line, so that lines of two threads never mix */
    snprintf(line, sizeof line - 1, "%s%s %s%s%.160s: %s", prefix, level_words[level], subsystem, peer ? " " : "",
             peer ? peer : "", fact);
    replace_control_characters(line);
    size_t len = strlen(line);
    memcpy(line + len, "\n", 2);
    fputs(line, stderr);
}
