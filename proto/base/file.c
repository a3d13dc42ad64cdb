#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        bytes += written;
        len -= (size_t)written;
    }
    return 0;
}

/* A rename is on disk only when its folder is. */
static int sync_folder_of(const char *path)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = fsync(fd) == 0 ? 0 : -errno;
    close(fd);
    return error;
}

int file_replace(const char *path, mode_t mode, const void *bytes, size_t len)
{
    char aside[PATH_MAX];
    if (snprintf(aside, sizeof aside, "%s.new", path) >= (int)sizeof aside)
        return -ENAMETOOLONG;
    unlink(aside); /* of an earlier crash; O_EXCL then refuses what somebody else puts there */
    int fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -errno;
    int error = write_all(fd, bytes, len);
    if (!error && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
        error = -errno;
    if (close(fd) != 0 && !error)
        error = -errno;
    if (!error && rename(aside, path) != 0)
        error = -errno;
    if (error) {
        unlink(aside);
        return error;
    }
    return sync_folder_of(path);
}

static int read_all(int fd, char *buffer, size_t capacity, size_t *len)
{
    size_t have = 0;
    for (;;) {
        ssize_t got = read(fd, buffer + have, capacity - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        have += (size_t)got;
        if (got == 0)
            break;
        if (have == capacity)
            return -EFBIG;
    }
    buffer[have] = '\0';
    if (len)
        *len = have;
    return 0;
}

static int check_secret(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return -errno;
    bool others_may_read = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    bool foreign = status.st_uid != geteuid() && status.st_uid != 0;
    return others_may_read || foreign ? -EPERM : 0;
}

static int read_file(const char *path, bool secret, char *buffer, size_t capacity, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int error = secret ? check_secret(fd) : 0;
    if (!error)
        error = read_all(fd, buffer, capacity, len);
    close(fd);
    return error;
}

int file_read(const char *path, char *buffer, size_t capacity, size_t *len)
{
    return read_file(path, false, buffer, capacity, len);
}

int file_read_secret(const char *path, char *buffer, size_t capacity, size_t *len)
{
    return read_file(path, true, buffer, capacity, len);
}

int file_read_secret_line(const char *path, char *line, size_t capacity)
{
    int error = file_read_secret(path, line, capacity, NULL);
    if (error) {
        explicit_bzero(line, capacity); /* a file too long was read in part */
        return error;
    }
    size_t len = strcspn(line, "\r\n");
    explicit_bzero(line + len, capacity - len);
    return len > 0 ? 0 : -ENODATA;
}
