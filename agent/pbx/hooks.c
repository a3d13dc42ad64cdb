#include "pbx/hooks.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define UNIT_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@._:-"
#define UNIT_SUFFIX ".service"
#define SEPARATORS ", "
#define WORDS_KEPT 8 /* of an argument list, for systemctl, systemd-run and their flags */

static int PRINTF_LIKE(2, 3) complain(char *message, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, HOOKS_MESSAGE_BYTES, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

/* A name that begins with '-' would be a flag of systemctl. */
static bool is_unit(const char *name, size_t len)
{
    size_t suffix = strlen(UNIT_SUFFIX);
    return len > suffix && name[0] != '-' && strspn(name, UNIT_LETTERS) >= len &&
           strncmp(name + len - suffix, UNIT_SUFFIX, suffix) == 0;
}

static int parse_units(const char *list, char units[HOOKS_TEXT_BYTES], char *message)
{
    size_t used = 0, count = 0;
    units[0] = '\0';
    for (const char *name = list + strspn(list, SEPARATORS); *name; name += strspn(name, SEPARATORS)) {
        size_t len = strcspn(name, SEPARATORS);
        if (!is_unit(name, len))
            return complain(message, "'%.*s' is not the name of a systemd service (NAME.service)",
                            (int)(len < 64 ? len : 64), name);
        if (used + 1 + len >= HOOKS_TEXT_BYTES || ++count > ARGUMENTS_MAX - WORDS_KEPT)
            return complain(message, "there are more units than fit");
        used += (size_t)snprintf(units + used, HOOKS_TEXT_BYTES - used, "%s%.*s", used ? " " : "", (int)len, name);
        name += len;
    }
    return 0;
}

static int parse_command(const char *line, char command[HOOKS_TEXT_BYTES], char *message)
{
    struct arguments arguments;
    arguments_clear(&arguments);
    if ((size_t)snprintf(command, HOOKS_TEXT_BYTES, "%s", line) >= HOOKS_TEXT_BYTES ||
        arguments_split(&arguments, line) || arguments.count > ARGUMENTS_MAX - WORDS_KEPT)
        return complain(message, "the command is too long");
    if (arguments.count > 0 && arguments.argv[0][0] != '/')
        return complain(message, "the command '%.64s' must begin with an absolute path", arguments.argv[0]);
    if (arguments.count == 0)
        command[0] = '\0';
    return 0;
}

int hooks_parse(const char *units, const char *stop, const char *start, struct hooks *hooks,
                char message[HOOKS_MESSAGE_BYTES])
{
    struct hooks parsed;
    int error = parse_units(units, parsed.units, message);
    if (!error)
        error = parse_command(stop, parsed.stop, message);
    if (!error)
        error = parse_command(start, parsed.start, message);
    if (error)
        return error;
    if (parsed.units[0] && (parsed.stop[0] || parsed.start[0]))
        return complain(message, "give either units or a pair of commands");
    if (!parsed.stop[0] != !parsed.start[0])
        return complain(message, "a stop command needs a start command, and the other way round");
    *hooks = parsed;
    return 0;
}

bool hooks_given(const struct hooks *hooks)
{
    return hooks->units[0] || hooks->start[0];
}

static int add_hook(const char *systemctl, const char *verb, const char *units, const char *command,
                    struct arguments *arguments)
{
    if (!units[0])
        return arguments_split(arguments, command);
    int error = arguments_add(arguments, systemctl);
    if (!error)
        error = arguments_add(arguments, verb);
    if (!error)
        error = arguments_add(arguments, "--");
    return error ? error : arguments_split(arguments, units);
}

int hooks_stop_arguments(const struct hooks *hooks, const char *systemctl, struct arguments *arguments)
{
    return add_hook(systemctl, "stop", hooks->units, hooks->stop, arguments);
}

int hooks_start_arguments(const struct hooks *hooks, const char *systemctl, struct arguments *arguments)
{
    return add_hook(systemctl, "start", hooks->units, hooks->start, arguments);
}
