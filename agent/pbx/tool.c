#include "pbx/tool.h"

#include "base/log.h"
#include "pbx/process.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS 10000                   /* a busy host's; each takes milliseconds */
#define SYSTEMD_RUNS "/run/systemd/system" /* sd_booted(3) */

/* systemctl is-active, when it could ask: LSB's "not running", and "no such unit" */
enum { UNIT_ACTIVE = 0, UNIT_INACTIVE = 3, UNIT_UNKNOWN = 4 };

static int add_all(struct arguments *arguments, const char *program, const char *line, const struct arguments *more)
{
    arguments_clear(arguments);
    int error = arguments_add(arguments, program);
    if (!error)
        error = arguments_split(arguments, line);
    for (size_t i = 0; more && i < more->count && !error; i++)
        error = arguments_add(arguments, more->argv[i]);
    return error;
}

static int run(const char *program, const char *line, const struct arguments *more, struct process_end *end)
{
    static const struct process_limits limits = {.timeout_ms = TIMEOUT_MS, .interrupt_fd = -1, .with_group = true};
    struct arguments arguments;
    int error = add_all(&arguments, program, line, more);
    if (!error)
        error = process_run(arguments.argv, &limits, end);
    if (!error && end->how != PROCESS_EXITED)
        error = -EIO;
    if (error)
        log_error("pbx", program, "cannot be run (%.64s): %s", line, strerror(-error));
    else if (end->exit_code != 0)
        log_debug("pbx", program, "exit %d (%.64s): %s", end->exit_code, line, end->said);
    return error ? error : end->exit_code;
}

int tool_run(const char *program, const char *line, const struct arguments *more)
{
    struct process_end end = {0};
    return run(program, line, more, &end);
}

bool tool_systemd_runs(void)
{
    return access(SYSTEMD_RUNS, F_OK) == 0;
}

int tool_unit_state(const char *systemctl, const char *unit)
{
    struct arguments arguments;
    struct process_end end = {0};
    arguments_clear(&arguments);
    int code = arguments_add(&arguments, unit);
    if (!code)
        code = run(systemctl, "is-active --", &arguments, &end);
    if (code == UNIT_ACTIVE)
        return TOOL_UNIT_RUNS;
    if (code == UNIT_INACTIVE && strcmp(end.said, "activating") == 0)
        return TOOL_UNIT_COMES_UP;
    if (code == UNIT_INACTIVE && strcmp(end.said, "deactivating") == 0)
        return TOOL_UNIT_GOES_DOWN;
    if (code == UNIT_INACTIVE || code == UNIT_UNKNOWN)
        return TOOL_UNIT_DOWN;
    log_error("pbx", unit, "systemctl cannot tell whether it runs");
    return code < 0 ? code : -EIO;
}
