#include "runner/recent_ports.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDS_MAX 16 /* in the file; two older ones are merged to make room */
#define PATH_BYTES 256
#define FILE_PREFIX "recent-ports-"

struct record {
    uint64_t at_us;
    struct port_set ports;
};

struct records {
    struct record rows[RECORDS_MAX]; /* oldest first */
    size_t count;
};

/* A number that the kernel gives to no other network namespace until the next boot; inode numbers are reused. */
static int namespace_cookie(uint64_t *cookie)
{
    socklen_t len = sizeof *cookie;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int rc = getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &len) == 0 ? 0 : -errno;
    close(fd);
    return rc;
}

static int make_folder(const char *folder)
{
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        return -errno;
    return access(folder, W_OK | X_OK) == 0 ? 0 : -errno;
}

/* Where files live until the next boot: as systemd says, as root may, as a user may. */
static int choose_folder(char folder[PATH_BYTES])
{
    const char *service_folder = getenv("RUNTIME_DIRECTORY"), *user_folder = getenv("XDG_RUNTIME_DIR");

    (void)snprintf(folder, PATH_BYTES, "%s", service_folder ? service_folder : "/run/natsweep");
    int rc = make_folder(folder);
    if (rc == 0 || !user_folder)
        return rc;
    (void)snprintf(folder, PATH_BYTES, "%s/natsweep", user_folder);
    return make_folder(folder);
}

int recent_ports_path(char *path, size_t capacity)
{
    char folder[PATH_BYTES];
    uint64_t cookie = 0;

    int rc = namespace_cookie(&cookie);
    if (rc == 0)
        rc = choose_folder(folder);
    if (rc != 0)
        return rc;
    int len = snprintf(path, capacity, "%s/" FILE_PREFIX "%" PRIu64, folder, cookie);
    return len > 0 && (size_t)len < capacity ? 0 : -ENAMETOOLONG;
}

static int load(const char *path, struct records *records)
{
    size_t capacity = sizeof records->rows + 1, len;
    char *buffer = malloc(capacity);
    if (!buffer)
        return -ENOMEM;
    records->count = 0;
    int rc = file_read(path, buffer, capacity, &len);
    if (rc == 0 && len % sizeof(struct record) != 0)
        rc = -EBADMSG;
    if (rc == 0) {
        memcpy(records->rows, buffer, len);
        records->count = len / sizeof(struct record);
    }
    free(buffer);
    return rc == -ENOENT ? 0 : rc;
}

static void merge(struct port_set *into, const struct port_set *more)
{
    for (size_t i = 0; i < sizeof into->bits; i++)
        into->bits[i] |= more->bits[i];
}

/* A time in the future is of a clock that we do not understand, and counts as now. */
static bool is_recent(const struct record *record, uint64_t now_us)
{
    return record->at_us > now_us || now_us - record->at_us <= RECENT_PORTS_WINDOW_US;
}

int recent_ports_read(const char *path, uint64_t now_us, struct port_set *out)
{
    struct records *records = malloc(sizeof *records);
    if (!records)
        return -ENOMEM;
    int rc = load(path, records);
    if (rc == 0) {
        *out = (struct port_set){0};
        for (size_t i = 0; i < records->count; i++)
            if (is_recent(&records->rows[i], now_us))
                merge(out, &records->rows[i].ports);
    }
    free(records);
    return rc;
}

static void forget_old(struct records *records, uint64_t now_us)
{
    size_t kept = 0;

    for (size_t i = 0; i < records->count; i++)
        if (is_recent(&records->rows[i], now_us))
            records->rows[kept++] = records->rows[i];
    records->count = kept;
}

static void append(struct records *records, uint64_t now_us, const struct port_set *ports)
{
    if (records->count == RECORDS_MAX) {
        merge(&records->rows[1].ports, &records->rows[0].ports);
        memmove(records->rows, records->rows + 1, (RECORDS_MAX - 1) * sizeof records->rows[0]);
        records->count--;
    }
    records->rows[records->count++] = (struct record){.at_us = now_us, .ports = *ports};
}

/* Without fsync: what a crash of the whole machine loses is of no use after the boot. */
static int replace(const char *path, const struct records *records)
{
    char new_path[PATH_BYTES];
    size_t len = records->count * sizeof records->rows[0];

    (void)snprintf(new_path, sizeof new_path, "%s.new", path);
    int fd = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    ssize_t written = write(fd, records->rows, len);
    int rc = written < 0 ? -errno : (size_t)written < len ? -ENOSPC : 0;
    close(fd);
    if (rc == 0 && rename(new_path, path) != 0)
        rc = -errno;
    if (rc != 0)
        (void)unlink(new_path);
    return rc;
}

static int rewrite(const char *path, uint64_t now_us, const struct port_set *ports)
{
    struct port_set every;
    struct records *records = malloc(sizeof *records);
    if (!records)
        return -ENOMEM;
    memset(&every, 0xff, sizeof every);
    int rc = load(path, records);
    bool damaged = rc == -EBADMSG || rc == -EFBIG;
    if (rc == 0 || damaged) {
        forget_old(records, now_us);
        append(records, now_us, damaged ? &every : ports);
        rc = replace(path, records);
    }
    free(records);
    return rc;
}

/* A file whose newest record is of no use any more, most likely of a network namespace that is gone. */
static bool is_stale(int folder_fd, const char *name, uint64_t now_us)
{
    struct stat status;
    struct record newest = {.at_us = now_us};

    int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    bool whole = fstat(fd, &status) == 0 && status.st_size >= (off_t)sizeof newest &&
                 pread(fd, &newest, sizeof newest, status.st_size - (off_t)sizeof newest) == (ssize_t)sizeof newest;
    close(fd);
    return whole && !is_recent(&newest, now_us);
}

static void remove_stale(int folder_fd, uint64_t now_us)
{
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (!folder) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strncmp(entry->d_name, FILE_PREFIX, strlen(FILE_PREFIX)) == 0 && is_stale(folder_fd, entry->d_name, now_us))
            (void)unlinkat(folder_fd, entry->d_name, 0);
    (void)closedir(folder);
}

/* Opens the folder of `path` and locks it, as two checks may run at once. Returns the descriptor or -errno. */
static int lock_folder(const char *path)
{
    char folder[PATH_BYTES];

    (void)snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX) == 0)
        return fd;
    int rc = -errno;
    close(fd);
    return rc;
}

int recent_ports_note(const char *path, uint64_t now_us, const struct port_set *ports)
{
    int folder_fd = lock_folder(path);
    if (folder_fd < 0)
        return folder_fd;
    if (access(path, F_OK) != 0) /* one more file in the folder */
        remove_stale(folder_fd, now_us);
    int rc = rewrite(path, now_us, ports);
    close(folder_fd);
    return rc;
}
