#include "fake_pbx.h"

#include "base/attributes.h"
#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The folder is the current one, so that a keeper, which is another process, finds it too. */
static const char fake_prelude[] = "#!/bin/sh\ncd '%s'\n"
                                   "step() { echo \"$1\" >> log; if [ -e \"at_$1\" ]; then . \"./at_$1\"; fi; }\n";
static const char fake_stop[] = "step stop; rm -f active/*; step stopped\n";
static const char fake_start[] = "step start; touch active/a.service active/b.service; step started\n";
static const char fake_systemd_run[] = "step arm; [ -e timer ] && exit 1; echo \"$*\" > timer; step armed\n";
static const char fake_systemctl[] =
    "case \"$*\" in\n"
    "'is-active -- '*) if [ -e log ] && grep -q start log; then step verify; else step ask; fi\n"
    "    [ ! -e coming/$3 ] || { echo activating; exit 3; }\n"
    "    [ ! -e going/$3 ] || { echo deactivating; exit 3; }\n"
    "    [ -e active/$3 ] && echo active || { echo inactive; exit 3; };;\n"
    "'stop -- natsweep-pbx-guard.timer') step disarm; [ -e timer ] || exit 5; rm timer; step disarmed;;\n"
    "stop*) shift 2; step stop; for unit; do rm active/$unit || rm coming/$unit || exit 1; done; step stopped;;\n"
    "start*) shift 2; step start; for unit; do touch active/$unit; done; step started;;\n"
    "*) exit 64;;\nesac\n";

void fake_write(const char *path, mode_t mode, const char *text)
{
    assert_int_equal(file_replace(path, mode, text, strlen(text)), 0);
}

static void fake_script(const char *path, const char *body)
{
    char folder[256], text[FAKE_TEXT_BYTES];
    assert_non_null(getcwd(folder, sizeof folder));
    int len = snprintf(text, sizeof text, fake_prelude, folder);
    (void)snprintf(text + len, sizeof text - (size_t)len, "%s", body);
    fake_write(path, 0755, text);
}

void fake_at(const char *step, const char *snippet)
{
    char path[64];
    (void)snprintf(path, sizeof path, "at_%s", step);
    fake_write(path, 0644, snippet);
}

bool fake_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool fake_runs(void)
{
    return fake_exists("active/a.service") && fake_exists("active/b.service");
}

bool fake_said(const char *step)
{
    char text[FAKE_TEXT_BYTES] = "\n", line[64];
    (void)snprintf(line, sizeof line, "\n%s\n", step);
    return file_read("log", text + 1, sizeof text - 1, NULL) == 0 && strstr(text, line);
}

static uint32_t fake_number(const char *name, uint32_t otherwise)
{
    const char *value = getenv(name);
    return value ? (uint32_t)strtoul(value, NULL, 10) : otherwise;
}

void fake_config(struct pbx_config *config, char *const *keeper)
{
    static char systemctl[256], systemd_run[256];
    char folder[64], stop[128], start[128], message[HOOKS_MESSAGE_BYTES];
    bool systemd = getenv("FAKE_SYSTEMD") != NULL;
    assert_non_null(getcwd(folder, sizeof folder));
    (void)snprintf(systemctl, sizeof systemctl, "%s/systemctl", folder);
    (void)snprintf(systemd_run, sizeof systemd_run, "%s/systemd-run", folder);
    (void)snprintf(stop, sizeof stop, "%s/stop now", folder);
    (void)snprintf(start, sizeof start, "%s/start", folder);
    *config = (struct pbx_config){.stop_timeout_s = fake_number("STOP_S", 60),
                                  .start_timeout_s = fake_number("START_S", 60),
                                  .max_stopped_s = fake_number("STOPPED_S", 60),
                                  .settle_ms = fake_number("SETTLE_MS", 0),
                                  .systemctl = systemd ? systemctl : NULL,
                                  .systemd_run = systemd ? systemd_run : NULL,
                                  .keeper = keeper};
    (void)snprintf(config->folder, sizeof config->folder, "%s/state", folder);
    assert_int_equal(hooks_parse(systemd ? "a.service,b.service,never.service" : "", systemd ? "" : stop,
                                 systemd ? "" : start, &config->hooks, message),
                     0);
}

void fake_open(enum fake_kind kind)
{
    char folder[] = "/tmp/natsweep-pbx-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("active", 0755), 0);
    assert_int_equal(mkdir("coming", 0755), 0);
    assert_int_equal(mkdir("going", 0755), 0);
    fake_write("active/a.service", 0644, "");
    fake_write("active/b.service", 0644, "");
    fake_script("stop", fake_stop);
    fake_script("start", fake_start);
    fake_script("systemctl", fake_systemctl);
    fake_script("systemd-run", fake_systemd_run);
    assert_int_equal(kind == FAKE_SYSTEMD ? setenv("FAKE_SYSTEMD", "1", 1) : unsetenv("FAKE_SYSTEMD"), 0);
    /* What a keeper or a hook leaves behind becomes our child, so that we can wait for it. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
}

void fake_wait_for_all(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
    assert_int_equal(errno, ECHILD);
}

int fake_close(void)
{
    static const char *const names[] = {"STOP_S",       "START_S",   "STOPPED_S", "SETTLE_MS",
                                        "FAKE_SYSTEMD", "DISK_FULL", "REFUSE"};
    char folder[256], command[300];
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_int_equal(unsetenv(names[i]), 0);
    assert_non_null(getcwd(folder, sizeof folder));
    if (strcmp(folder, "/") == 0)
        return 0;
    fake_wait_for_all();
    assert_int_equal(chdir("/"), 0);
    (void)snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command); /* NOLINT(cert-env33-c): the path is ours */
}

int fake_begin(void **state)
{
    (void)state;
    return chdir("/");
}

int fake_end(void **state)
{
    (void)state;
    return fake_close();
}
