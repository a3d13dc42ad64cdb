#include "runner/descriptors.h"

#include <dirent.h>
#include <sys/resource.h>

#define SPARE 64u

static unsigned count_open(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (!folder)
        return 0;
    while (readdir(folder))
        count++;
    (void)closedir(folder);
    return count;
}

uint32_t descriptors_room(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return UINT32_MAX;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= UINT32_MAX)
        return UINT32_MAX;
    rlim_t used = (rlim_t)count_open() + SPARE;
    return limit.rlim_cur > used ? (uint32_t)(limit.rlim_cur - used) : 1;
}
