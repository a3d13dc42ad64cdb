#include "net/port_owner.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TCP_LISTEN_STATE 0x0A  /* as /proc/net/tcp writes it */
#define SOCKET_LINK "socket:[" /* and an inode: what /proc/PID/fd/N of a socket leads to */
#define LINE_BYTES 512
#define LINK_BYTES 64

struct row {
    uint64_t inode;
    uint16_t port;
    struct port_owner owner;
};

struct port_owner_table {
    struct row *rows; /* ascending by inode */
    size_t count, capacity;
};

static int add_row(struct port_owner_table *table, uint16_t port, uint64_t inode)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 64;
        struct row *rows = realloc(table->rows, capacity * sizeof *rows);
        if (!rows)
            return -ENOMEM;
        table->rows = rows;
        table->capacity = capacity;
    }
    table->rows[table->count++] = (struct row){.inode = inode, .port = port};
    return 0;
}

struct socket_line {
    unsigned long port, state, inode;
};

/* "  12: 0100007F:13C4 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000  0 34567 2 ...": the address, the
 * state and the inode are fields 1, 3 and 9. Changes `line`. */
static bool parse_line(char *line, struct socket_line *out)
{
    enum { ADDRESS = 1, STATE = 3, INODE = 9, FIELDS };
    char *fields[FIELDS], *rest = NULL;
    int count = 0;

    for (char *field = strtok_r(line, " ", &rest); field && count < FIELDS; field = strtok_r(NULL, " ", &rest))
        fields[count++] = field;
    const char *colon = count == FIELDS ? strchr(fields[ADDRESS], ':') : NULL;
    if (!colon)
        return false; /* the heading */
    *out = (struct socket_line){.port = strtoul(colon + 1, NULL, 16),
                                .state = strtoul(fields[STATE], NULL, 16),
                                .inode = strtoul(fields[INODE], NULL, 10)};
    return out->port > 0 && out->port <= UINT16_MAX;
}

static int read_sockets(struct port_owner_table *table, const char *proc, const char *name, bool listening_only)
{
    char path[LINE_BYTES], line[LINE_BYTES];
    struct socket_line socket;
    int rc = 0;

    (void)snprintf(path, sizeof path, "%s/net/%s", proc, name);
    FILE *file = fopen(path, "re");
    if (!file)
        return errno == ENOENT ? 0 : -errno; /* no IPv6 in this kernel */
    while (rc == 0 && fgets(line, sizeof line, file)) {
        if (parse_line(line, &socket) && (!listening_only || socket.state == TCP_LISTEN_STATE))
            rc = add_row(table, (uint16_t)socket.port, socket.inode);
    }
    (void)fclose(file);
    return rc;
}

static int compare_inode(const void *a, const void *b)
{
    uint64_t left = ((const struct row *)a)->inode, right = ((const struct row *)b)->inode;
    return left < right ? -1 : left > right;
}

static void read_name(int process_fd, char name[OWNER_NAME_BYTES])
{
    int fd = openat(process_fd, "comm", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t got = read(fd, name, OWNER_NAME_BYTES - 1);
    close(fd);
    name[got > 0 ? got : 0] = '\0';
    name[strcspn(name, "\n")] = '\0';
}

/* Names the process in the row of the socket that `link` leads to, if it is one of ours. */
static void name_owner(struct port_owner_table *table, int process_fd, int32_t pid, int links_fd, const char *link)
{
    char target[LINK_BYTES];
    struct row key = {0};

    ssize_t len = readlinkat(links_fd, link, target, sizeof target - 1);
    if (len <= 0)
        return;
    target[len] = '\0';
    if (strncmp(target, SOCKET_LINK, strlen(SOCKET_LINK)) != 0)
        return;
    key.inode = strtoul(target + strlen(SOCKET_LINK), NULL, 10);
    struct row *row = bsearch(&key, table->rows, table->count, sizeof key, compare_inode);
    if (!row || row->owner.pid != 0)
        return;
    row->owner.pid = pid;
    read_name(process_fd, row->owner.name);
}

static void visit_process(struct port_owner_table *table, int proc_fd, const char *name)
{
    int process_fd = openat(proc_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (process_fd < 0)
        return;
    int links_fd = openat(process_fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *links = links_fd >= 0 ? fdopendir(links_fd) : NULL;
    if (links) {
        for (struct dirent *entry; (entry = readdir(links));)
            name_owner(table, process_fd, (int32_t)strtol(name, NULL, 10), links_fd, entry->d_name);
        (void)closedir(links);
    } else if (links_fd >= 0) {
        close(links_fd);
    }
    close(process_fd);
}

static int visit_processes(struct port_owner_table *table, const char *proc)
{
    DIR *processes = opendir(proc);
    if (!processes)
        return -errno;
    for (struct dirent *entry; (entry = readdir(processes));)
        if (isdigit((unsigned char)entry->d_name[0]))
            visit_process(table, dirfd(processes), entry->d_name);
    (void)closedir(processes);
    return 0;
}

int port_owner_table_read(const char *proc, enum transport transport, struct port_owner_table **out)
{
    bool tcp = transport == TRANSPORT_TCP;
    struct port_owner_table *table = calloc(1, sizeof *table);
    if (!table)
        return -ENOMEM;
    int rc = read_sockets(table, proc, tcp ? "tcp" : "udp", tcp);
    if (rc == 0)
        rc = read_sockets(table, proc, tcp ? "tcp6" : "udp6", tcp);
    if (rc == 0 && table->count > 0) {
        qsort(table->rows, table->count, sizeof *table->rows, compare_inode);
        rc = visit_processes(table, proc);
    }
    if (rc != 0) {
        port_owner_table_free(table);
        return rc;
    }
    *out = table;
    return 0;
}

void port_owner_table_free(struct port_owner_table *table)
{
    if (!table)
        return;
    free(table->rows);
    free(table);
}

const struct port_owner *port_owner_find(const struct port_owner_table *table, uint16_t port)
{
    const struct port_owner *unnamed = NULL;

    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        if (row->port == port && row->owner.pid != 0)
            return &row->owner;
        if (row->port == port)
            unnamed = &row->owner;
    }
    return unnamed;
}
