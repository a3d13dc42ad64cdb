#include "pbx/stopped.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "stopped"
#define LOCK_NAME "lock"
#define HEADING "natsweep-pbx 1"
#define LINES 5 /* heading, units, stop, start, end */
#define FILE_BYTES (LINES * (HOOKS_TEXT_BYTES + 16))

static const char *path_in(const char *folder, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    return path;
}

static int check_folder(const char *folder)
{
    struct stat status;
    if (lstat(folder, &status) != 0)
        return -errno;
    if (!S_ISDIR(status.st_mode))
        return -ENOTDIR;
    return status.st_uid == geteuid() && !(status.st_mode & (S_IWGRP | S_IWOTH)) ? 0 : -EPERM;
}

static int open_lock(const char *folder)
{
    char path[PATH_MAX];
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return -errno;
    int error = check_folder(folder);
    if (error)
        return error;
    int fd = open(path_in(folder, LOCK_NAME, path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return fd < 0 ? -errno : fd;
}

/* A lock of the process: the kernel tells who holds it, and it ends with the holder. */
int stopped_lock(const char *folder, pid_t *holder)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open_lock(folder);
    if (fd < 0)
        return fd;
    if (fcntl(fd, F_SETLK, &lock) == 0)
        return fd;
    int error = errno == EACCES || errno == EAGAIN ? -EBUSY : -errno;
    *holder = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? lock.l_pid : 0;
    close(fd);
    return error;
}

int stopped_write(const char *folder, const struct hooks *hooks)
{
    char path[PATH_MAX], text[FILE_BYTES];
    int len = snprintf(text, sizeof text, HEADING "\nunits %s\nstop %s\nstart %s\nend\n", hooks->units, hooks->stop,
                       hooks->start);
    return file_replace(path_in(folder, FILE_NAME, path), 0600, text, (size_t)len);
}

/* Cuts the next line off *rest and returns what follows `name` in it; NULL when it is another line. */
static char *take_line(char **rest, const char *name)
{
    size_t len = strlen(name);
    char *line = strsep(rest, "\n");
    return line && *rest && strncmp(line, name, len) == 0 ? line + len : NULL;
}

static int parse(char *text, struct hooks *hooks)
{
    char message[HOOKS_MESSAGE_BYTES];
    const char *heading = take_line(&text, HEADING), *units = take_line(&text, "units ");
    const char *stop = take_line(&text, "stop "), *start = take_line(&text, "start "), *end = take_line(&text, "end");
    if (!heading || !units || !stop || !start || !end || *text)
        return -EBADMSG;
    return hooks_parse(units, stop, start, hooks, message) == 0 && hooks_given(hooks) ? 0 : -EBADMSG;
}

int stopped_read(const char *folder, struct hooks *hooks)
{
    char path[PATH_MAX], text[FILE_BYTES];
    size_t len = 0;
    int error = file_read(path_in(folder, FILE_NAME, path), text, sizeof text, &len);
    if (error)
        return error == -EFBIG ? -EBADMSG : error;
    return strlen(text) == len ? parse(text, hooks) : -EBADMSG;
}

int stopped_remove(const char *folder)
{
    char path[PATH_MAX];
    return unlink(path_in(folder, FILE_NAME, path)) == 0 || errno == ENOENT ? 0 : -errno;
}
