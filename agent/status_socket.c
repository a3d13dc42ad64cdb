#include "agent/status_socket.h"

#include "agent/state_folder.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_BYTES 4096 /* less than any socket's buffer, so that one send takes it whole */
#define PATIENCE_S 5      /* a daemon answers at once, or hangs */

static int unix_socket(const char *folder, struct sockaddr_un *address)
{
    char path[STATE_PATH_BYTES];
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(address->sun_path, sizeof address->sun_path, "%s", state_path(folder, STATE_SOCKET, path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

int status_listen(const char *folder)
{
    struct sockaddr_un address;
    int fd = unix_socket(folder, &address);
    if (fd < 0)
        return fd;
    unlink(address.sun_path); /* of a daemon that was killed: the lock on the folder says that none runs */
    mode_t mask = umask(0177);
    int failed = bind(fd, (const struct sockaddr *)&address, sizeof address);
    umask(mask);
    if (failed != 0 || listen(fd, 4) != 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

void status_answer(int listener, const struct agent_status *status)
{
    char answer[ANSWER_BYTES];
    int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0)
        return;
    FILE *out = fmemopen(answer, sizeof answer, "w");
    if (out) {
        status_write(status, out);
        long len = ftell(out);
        fclose(out);
        if (len > 0 && send(client, answer, (size_t)len, MSG_NOSIGNAL) < 0)
            errno = 0; /* the client has gone: nobody to tell */
    }
    close(client);
}

int status_ask(const char *folder, struct agent_status *status)
{
    struct sockaddr_un address;
    struct timeval patience = {.tv_sec = PATIENCE_S};
    int fd = unix_socket(folder, &address);
    if (fd < 0)
        return fd;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        int error = -errno;
        close(fd);
        return error;
    }
    FILE *in = fdopen(fd, "r");
    if (!in) {
        close(fd);
        return -ENOMEM;
    }
    int error = status_read(in, status);
    fclose(in);
    return error;
}
