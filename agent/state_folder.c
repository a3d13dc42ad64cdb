#include "agent/state_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *state_path(const char *folder, const char *name, char path[STATE_PATH_BYTES])
{
    snprintf(path, STATE_PATH_BYTES, "%s/%s", folder, name);
    return path;
}

int state_folder_make(const char *folder, char message[SETTINGS_MESSAGE_BYTES])
{
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return 0;
    int error = -errno;
    snprintf(message, SETTINGS_MESSAGE_BYTES, "cannot make the state folder %s: %s", folder, strerror(-error));
    return error;
}

static int complain(const char *folder, char *message)
{
    int error = -errno;
    snprintf(message, SETTINGS_MESSAGE_BYTES, "cannot use the state folder %s: %s", folder, strerror(-error));
    return error;
}

int state_folder_act_as_owner(const char *folder, char message[SETTINGS_MESSAGE_BYTES])
{
    struct stat status;
    if (stat(folder, &status) != 0)
        return complain(folder, message);
    if (geteuid() != 0 || status.st_uid == 0)
        return 0;
    if (setegid(status.st_gid) == 0 && seteuid(status.st_uid) == 0)
        return 0;
    int error = complain(folder, message);
    state_folder_act_as_self();
    return error;
}

void state_folder_act_as_self(void)
{
    /* Back to what this process was started as; that cannot fail. */
    if (seteuid(getuid()) != 0 || setegid(getgid()) != 0)
        abort();
}

/* What root left there, its owner could not read. */
static int check_owner(const char *folder, char *message)
{
    struct stat status;
    if (stat(folder, &status) != 0)
        return complain(folder, message);
    if (geteuid() != 0 || status.st_uid == 0)
        return 0;
    snprintf(message, SETTINGS_MESSAGE_BYTES,
             "the state folder %s is another user's, of the service: 'systemctl start natsweep-agent' starts that; or "
             "use another folder with --state-dir",
             folder);
    return -EPERM;
}

/* For the sentence only: whose lock it is. */
static long read_pid(int fd)
{
    char text[16] = "";
    return pread(fd, text, sizeof text - 1, 0) > 0 ? strtol(text, NULL, 10) : 0;
}

static int take(int fd, const char *folder, char *message)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        snprintf(message, SETTINGS_MESSAGE_BYTES,
                 "another natsweep-agent (pid %ld) runs with the state folder %s; stop it first, or use another folder",
                 read_pid(fd), folder);
        return -EBUSY;
    }
    if (ftruncate(fd, 0) == 0)
        dprintf(fd, "%ld\n", (long)getpid());
    return 0;
}

int state_folder_lock(const char *folder, char message[SETTINGS_MESSAGE_BYTES])
{
    char path[STATE_PATH_BYTES];
    int error = check_owner(folder, message);
    if (error)
        return error;
    int fd = open(state_path(folder, STATE_LOCK, path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        error = -errno;
        snprintf(message, SETTINGS_MESSAGE_BYTES, "cannot write in the state folder %s: %s", folder, strerror(-error));
        return error;
    }
    error = take(fd, folder, message);
    if (error) {
        close(fd);
        return error;
    }
    return fd;
}
