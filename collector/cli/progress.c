#include "cli/progress.h"

#include <stdio.h>
#include <string.h>

#define BAR_CELLS 20

static void append(char *line, size_t *len, const char *text)
{
    size_t room = PROGRESS_LINE_BYTES - *len - 1, add = strlen(text);
    if (add > room)
        add = room;
    memcpy(line + *len, text, add);
    *len += add;
    line[*len] = '\0';
}

static void append_bar(char *line, size_t *len, long done, long total)
{
    char bar[] = "  [....................]";
    long cells = total > 0 ? BAR_CELLS * done / total : 0;
    memset(bar + 3, '#', (size_t)(cells < 0 ? 0 : cells > BAR_CELLS ? BAR_CELLS : cells));
    append(line, len, bar);
}

static void append_time(char *line, size_t *len, int64_t seconds)
{
    char text[64];
    if (seconds < 120)
        (void)snprintf(text, sizeof text, "  about %lld s left", (long long)seconds);
    else if (seconds < 7200)
        (void)snprintf(text, sizeof text, "  about %lld min left", (long long)(seconds + 59) / 60);
    else
        (void)snprintf(text, sizeof text, "  about %lld h left", (long long)(seconds + 3599) / 3600);
    append(line, len, text);
}

const char *progress_format(const struct progress *progress, char line[PROGRESS_LINE_BYTES])
{
    char text[96];
    size_t len = 0;
    line[0] = '\0';
    (void)snprintf(text, sizeof text, "request %ld", progress->request);
    append(line, &len, text);
    append_bar(line, &len, progress->ports_done, progress->ports_total);
    (void)snprintf(text, sizeof text, "  %ld/%ld sites  %ld/%ld ports", progress->sites_done, progress->sites_total,
                   progress->ports_done, progress->ports_total);
    append(line, &len, text);
    if (progress->waiting > 0) {
        (void)snprintf(text, sizeof text, "  %ld waiting for their agent", progress->waiting);
        append(line, &len, text);
    }
    if (progress->seconds_left >= 0)
        append_time(line, &len, progress->seconds_left);
    return line;
}
