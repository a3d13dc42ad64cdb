#include "agent/progress_line.h"

#include <inttypes.h>

#define BAR_COLUMNS 24u
#define CLEAR_LINE "\r\033[K"

void progress_line_show(void *out, const struct sweep_progress *progress)
{
    FILE *file = out;
    uint32_t total = progress->ports_total ? progress->ports_total : 1;
    unsigned filled = (unsigned)((uint64_t)progress->ports_done * BAR_COLUMNS / total);

    fputs(CLEAR_LINE "[", file);
    for (unsigned i = 0; i < BAR_COLUMNS; i++)
        putc(i < filled ? '#' : '.', file);
    fprintf(file, "] %" PRIu32 "/%" PRIu32 " ports, %s", progress->ports_done, progress->ports_total,
            progress->stage ? progress->stage : "");
    if (progress->remaining_us > 0)
        fprintf(file, ", about %" PRIu64 " s left", (progress->remaining_us + 999999) / 1000000);
    (void)fflush(file);
}

void progress_line_clear(FILE *out)
{
    fputs(CLEAR_LINE, out);
    (void)fflush(out);
}
