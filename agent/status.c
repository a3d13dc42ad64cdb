#include "agent/status.h"

#include "agent/settings.h"
#include "agent/state_folder.h"
#include "base/clock.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#define MAGIC "natsweep-agent-status 1"
#define ANSWER_BYTES 4096 /* less than any socket's buffer, so that one send takes it whole */

enum kind { KIND_TEXT, KIND_NUMBER, KIND_TIME };

struct row {
    const char *name;
    enum kind kind;
    size_t offset, size;
};

#define ROW(name, kind, field)                                                                                         \
    {                                                                                                                  \
        name, kind, offsetof(struct agent_status, field), sizeof(((struct agent_status *)0)->field)                    \
    }

static const struct row rows[] = {
    ROW("version", KIND_TEXT, version),
    ROW("pid", KIND_NUMBER, pid),
    ROW("site", KIND_TEXT, site),
    ROW("customer", KIND_TEXT, customer),
    ROW("state", KIND_TEXT, state),
    ROW("why", KIND_TEXT, why),
    ROW("endpoint", KIND_TEXT, endpoint),
    ROW("since", KIND_TIME, since_us),
    ROW("clock_offset_us", KIND_NUMBER, clock_offset_us),
    ROW("running_sweep", KIND_NUMBER, running_sweep),
    ROW("ports_done", KIND_NUMBER, ports_done),
    ROW("ports_total", KIND_NUMBER, ports_total),
    ROW("queued_sweeps", KIND_NUMBER, queued_sweeps),
    ROW("last_sweep", KIND_NUMBER, last_sweep),
    ROW("last_finished", KIND_TIME, last_finished_us),
    ROW("last_outcome", KIND_TEXT, last_outcome),
    ROW("spool_batches", KIND_NUMBER, spool_batches),
    ROW("spool_bytes", KIND_NUMBER, spool_bytes),
    ROW("spool_oldest", KIND_TIME, spool_oldest_us),
    ROW("lost_batches", KIND_NUMBER, lost_batches),
    ROW("rejected_batches", KIND_NUMBER, rejected_batches),
    ROW("corrupt_files", KIND_NUMBER, corrupt_files),
    ROW("unsaved_reports", KIND_NUMBER, unsaved_reports),
};

static int64_t number_of(const struct agent_status *status, const struct row *row)
{
    int64_t number;
    memcpy(&number, (const char *)status + row->offset, sizeof number);
    return number;
}

static const char *text_of(const struct agent_status *status, const struct row *row)
{
    return (const char *)status + row->offset;
}

/* Names come from afar: whatever would break a line or a string becomes a space. */
static void print_clean(const char *text, FILE *out)
{
    for (; *text; text++)
        fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
}

void status_write(const struct agent_status *status, FILE *out)
{
    fputs(MAGIC "\n", out);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fprintf(out, "%s ", rows[i].name);
        if (rows[i].kind == KIND_TEXT)
            print_clean(text_of(status, &rows[i]), out);
        else
            fprintf(out, "%" PRId64, number_of(status, &rows[i]));
        fputc('\n', out);
    }
}

static void read_value(const char *name, const char *value, struct agent_status *status)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        char *field = (char *)status + rows[i].offset;
        if (rows[i].kind == KIND_TEXT) {
            snprintf(field, rows[i].size, "%s", value);
        } else {
            int64_t number = strtoll(value, NULL, 10);
            memcpy(field, &number, sizeof number);
        }
    }
}

int status_read(FILE *in, struct agent_status *status)
{
    char line[STATUS_TEXT_BYTES + 64];
    if (!fgets(line, sizeof line, in) || strcmp(line, MAGIC "\n") != 0)
        return -EPROTO;
    *status = (struct agent_status){0};
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        char *space = strchr(line, ' ');
        if (!space)
            continue;
        *space = '\0';
        read_value(line, space + 1, status);
    }
    return 0;
}

static void print_json_text(const char *text, FILE *out)
{
    if (!text[0]) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
    }
    fputc('"', out);
}

static void print_json_time(int64_t wall_us, FILE *out)
{
    char text[CLOCK_TEXT_BYTES];
    print_json_text(wall_us ? clock_format_rfc3339(wall_us, text) : "", out);
}

void status_print_json(const struct agent_status *status, FILE *out)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fprintf(out, "%s\"%s\": ", i ? ", " : "{", rows[i].name);
        switch (rows[i].kind) {
        case KIND_TEXT: print_json_text(text_of(status, &rows[i]), out); break;
        case KIND_TIME: print_json_time(number_of(status, &rows[i]), out); break;
        case KIND_NUMBER: fprintf(out, "%" PRId64, number_of(status, &rows[i])); break;
        }
    }
    fputs("}\n", out);
}

static void print_sweeps(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    if (status->running_sweep)
        fprintf(out, "sweep:     %" PRId64 " runs, %" PRId64 " of %" PRId64 " ports, %" PRId64 " more wait\n",
                status->running_sweep, status->ports_done, status->ports_total, status->queued_sweeps);
    else
        fputs("sweep:     none runs\n", out);
    if (status->last_sweep)
        fprintf(out, "last:      %" PRId64 " %s at %s\n", status->last_sweep, status->last_outcome,
                clock_format_rfc3339(status->last_finished_us, time));
}

static void print_spool(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    if (status->spool_batches)
        fprintf(out, "spool:     %" PRId64 " batches (%" PRId64 " bytes) wait, the oldest since %s\n",
                status->spool_batches, status->spool_bytes, clock_format_rfc3339(status->spool_oldest_us, time));
    else
        fputs("spool:     empty\n", out);
    if (status->unsaved_reports)
        fputs("spool:     the disk does not take the last report; no sweep begins until it does\n", out);
    if (status->lost_batches || status->rejected_batches || status->corrupt_files)
        fprintf(out, "losses:    %" PRId64 " batches lost, %" PRId64 " rejected; %" PRId64 " corrupt files\n",
                status->lost_batches, status->rejected_batches, status->corrupt_files);
}

void status_print_text(const struct agent_status *status, FILE *out)
{
    char time[CLOCK_TEXT_BYTES];
    fprintf(out, "agent:     natsweep-agent %s, pid %" PRId64 "\n", status->version, status->pid);
    if (status->site[0])
        fprintf(out, "site:      %s (%s)\n", status->site, status->customer);
    fprintf(out, "collector: %s, %s since %s: %s\n", status->endpoint, status->state,
            clock_format_rfc3339(status->since_us, time), status->why);
    print_sweeps(status, out);
    print_spool(status, out);
}

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

/* Returns 0 or -errno. */
static int ask(const char *folder, struct agent_status *status)
{
    struct sockaddr_un address;
    struct timeval patience = {.tv_sec = 5}; /* a daemon answers at once, or hangs */
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

static int explain(const char *folder, int error)
{
    if (error == -EACCES)
        fprintf(stderr, "natsweep-agent: only root and the agent's user may ask for the status in %s\n", folder);
    else if (error == -ENOENT || error == -ECONNREFUSED)
        fprintf(stderr, "natsweep-agent: no agent runs with the state folder %s\n", folder);
    else
        fprintf(stderr, "natsweep-agent: the agent with the state folder %s does not answer: %s\n", folder,
                strerror(-error));
    return error == -EACCES ? EX_NOPERM : EX_UNAVAILABLE;
}

static const char usage[] = "usage: natsweep-agent status [--settings FILE] [--state-dir DIR] [--format text|json]\n"
                            "Prints what the daemon of this host is doing. Exit: 0; 69 when none runs.\n";

int status_command(int argc, char **argv)
{
    static const struct option options[] = {{"settings", required_argument, NULL, 's'},
                                            {"state-dir", required_argument, NULL, 'd'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"help", no_argument, NULL, 'h'},
                                            {0}};
    const char *file = NULL, *folder = NULL, *format = "text";
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 's': file = optarg; break;
        case 'd': folder = optarg; break;
        case 'f': format = optarg; break;
        case 'h': fputs(usage, stdout); return EX_OK;
        default: fputs(usage, stderr); return EX_USAGE;
        }
    }
    bool json = strcmp(format, "json") == 0;
    if (optind < argc || (!json && strcmp(format, "text") != 0)) {
        fputs(usage, stderr);
        return EX_USAGE;
    }
    struct agent_settings settings;
    char message[SETTINGS_MESSAGE_BYTES];
    if (agent_settings_load_with(file, folder, &settings, message)) {
        fprintf(stderr, "natsweep-agent: %s\n", message);
        return EX_CONFIG;
    }
    struct agent_status status = {0};
    int error = ask(settings.state_folder, &status);
    if (error)
        return explain(settings.state_folder, error);
    (json ? status_print_json : status_print_text)(&status, stdout);
    return EX_OK;
}
