#include "pbx/arguments.h"

#include <errno.h>
#include <string.h>

#define BLANKS " \t"

void arguments_clear(struct arguments *arguments)
{
    arguments->argv[0] = NULL;
    arguments->count = arguments->used = 0;
}

static int add(struct arguments *arguments, const char *word, size_t len)
{
    if (arguments->count == ARGUMENTS_MAX || len >= sizeof arguments->text - arguments->used)
        return -E2BIG;
    char *copy = arguments->text + arguments->used;
    memcpy(copy, word, len);
    copy[len] = '\0';
    arguments->used += len + 1;
    arguments->argv[arguments->count++] = copy;
    arguments->argv[arguments->count] = NULL;
    return 0;
}

int arguments_add(struct arguments *arguments, const char *word)
{
    return add(arguments, word, strlen(word));
}

int arguments_split(struct arguments *arguments, const char *line)
{
    int error = 0;
    for (const char *word = line + strspn(line, BLANKS); *word && !error; word += strspn(word, BLANKS)) {
        size_t len = strcspn(word, BLANKS);
        error = add(arguments, word, len);
        word += len;
    }
    return error;
}
