#include "pbx/action.h"

#include "base/log.h"
#include "pbx/process.h"
#include "pbx/tool.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static int split_units(const struct hooks *hooks, struct arguments *units)
{
    arguments_clear(units);
    return arguments_split(units, hooks->units);
}

/* Returns 1 or 0, or a negative error, logged. A unit that comes up would find its ports in use. */
static int must_stop(const char *systemctl, const char *unit)
{
    int state = tool_unit_state(systemctl, unit);
    if (state == TOOL_UNIT_GOES_DOWN) {
        log_error("pbx", unit, "is being stopped already, or restarted: it may come up in the midst of the sweep");
        return -EBUSY;
    }
    return state < 0 ? state : state != TOOL_UNIT_DOWN;
}

int action_choose(const struct pbx_config *config, struct hooks *running)
{
    struct arguments units;
    size_t used = 0;
    *running = config->hooks;
    running->units[0] = '\0';
    int error = split_units(&config->hooks, &units);
    for (size_t i = 0; i < units.count && !error; i++) {
        int wanted = must_stop(config->systemctl, units.argv[i]);
        if (wanted < 0)
            error = wanted;
        else if (wanted)
            used += (size_t)snprintf(running->units + used, sizeof running->units - used, "%s%s", used ? " " : "",
                                     units.argv[i]);
    }
    if (error)
        *running = (struct hooks){0};
    return error;
}

static void log_end(const char *verb, const struct process_end *end)
{
    switch (end->how) {
    case PROCESS_EXITED:
        if (end->exit_code == 0)
            log_info("pbx", verb, "done");
        else
            log_error("pbx", verb, "the hook failed with exit code %d and said '%s'", end->exit_code, end->said);
        break;
    case PROCESS_KILLED: log_error("pbx", verb, "the hook was killed by signal %d", end->exit_code); break;
    case PROCESS_TIMED_OUT: log_error("pbx", verb, "the hook did not end in time and said '%s'", end->said); break;
    case PROCESS_INTERRUPTED: log_warning("pbx", verb, "the hook was cut short"); break;
    }
}

static int run_hook(const char *verb, struct arguments *arguments, const struct process_limits *limits,
                    struct process_end *end)
{
    int error = process_run(arguments->argv, limits, end);
    if (error)
        log_error("pbx", verb, "the hook %s cannot be run: %s", arguments->argv[0], strerror(-error));
    else
        log_end(verb, end);
    return error;
}

enum pbx_answer action_stop(const struct pbx_config *config, const struct hooks *running, int interrupt_fd)
{
    /* Whatever a hook that hangs has begun must not go on stopping while the PBX is being started again. */
    const struct process_limits limits = {
        .timeout_ms = config->stop_timeout_s * 1000, .interrupt_fd = interrupt_fd, .with_group = true};
    struct arguments arguments;
    struct process_end end;
    arguments_clear(&arguments);
    if (hooks_stop_arguments(running, config->systemctl, &arguments) || run_hook("stop", &arguments, &limits, &end))
        return PBX_STOP_FAILED;
    if (end.how == PROCESS_TIMED_OUT)
        return PBX_STOP_TIMED_OUT;
    if (end.how == PROCESS_INTERRUPTED)
        return PBX_STOP_CUT_SHORT;
    return end.how == PROCESS_EXITED && end.exit_code == 0 ? PBX_STOPPED : PBX_STOP_FAILED;
}

/* A unit that cannot open its ports, or read its settings, dies soon after it was called started. */
static int verify(const struct pbx_config *config, const struct hooks *stopped)
{
    struct arguments units;
    int error = split_units(stopped, &units);
    if (units.count > 0)
        (void)poll(NULL, 0, (int)config->settle_ms);
    for (size_t i = 0; i < units.count && !error; i++) {
        int state = tool_unit_state(config->systemctl, units.argv[i]);
        if (state >= 0 && state != TOOL_UNIT_RUNS)
            log_error("pbx", units.argv[i], "was started and does not run");
        if (state != TOOL_UNIT_RUNS)
            error = state < 0 ? state : -EIO;
    }
    return error;
}

int action_start(const struct pbx_config *config, const struct hooks *stopped)
{
    /* Without its group: what a start hook has put into the background is the PBX. */
    const struct process_limits limits = {.timeout_ms = config->start_timeout_s * 1000, .interrupt_fd = -1};
    struct arguments arguments;
    struct process_end end;
    arguments_clear(&arguments);
    int error = hooks_start_arguments(stopped, config->systemctl, &arguments);
    if (!error)
        error = run_hook("start", &arguments, &limits, &end);
    if (!error && (end.how != PROCESS_EXITED || end.exit_code != 0))
        error = -EIO;
    return error ? error : verify(config, stopped);
}
