#include "watch/process_metrics.h"

#include "base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define US_PER_S 1000000.0

static void write_one(struct metric_text *out, const char *name, enum metric_type type, const char *help, double value)
{
    metric_text_family(out, name, type, help);
    metric_text_sample(out, name, NULL, 0, value);
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / US_PER_S;
}

/* -1 when unknown. Reading the folder opens one itself. */
static long open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    long count = -1;
    if (!folder)
        return -1;
    while (readdir(folder))
        count++;
    (void)closedir(folder);
    return count - 2; /* . and .. */
}

static long resident_pages(void)
{
    char text[128], *end;
    if (file_read("/proc/self/statm", text, sizeof(text), NULL) != 0)
        return -1;
    strtol(text, &end, 10); /* the size; what is resident follows */
    const char *second = end;
    long pages = strtol(second, &end, 10);
    return end == second ? -1 : pages;
}

void process_metrics_write(struct metric_text *out)
{
    struct rusage usage;
    struct rlimit limit;
    long files = open_files(), pages = resident_pages();
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        write_one(out, "process_cpu_seconds_total", METRIC_COUNTER, "processor time taken since the start",
                  seconds(usage.ru_utime) + seconds(usage.ru_stime));
    if (pages >= 0)
        write_one(out, "process_resident_memory_bytes", METRIC_GAUGE, "memory taken",
                  (double)pages * (double)sysconf(_SC_PAGESIZE));
    if (files >= 0)
        write_one(out, "process_open_fds", METRIC_GAUGE, "open file descriptors: each agent takes one", (double)files);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        write_one(out, "process_max_fds", METRIC_GAUGE, "how many there may be: agents beyond are turned away unheard",
                  (double)limit.rlim_cur);
}
