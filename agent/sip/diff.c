#include "sip/diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A probe has a dozen lines; what is beyond belongs to the last one. */
#define LINES_MAX 64

struct line {
    const char *at;
    size_t len;
};

struct output {
    char *at;
    size_t left;
    size_t lines;
};

static size_t split(const char *text, size_t len, struct line lines[LINES_MAX])
{
    size_t count = 0;
    const char *end = text + len;
    while (text < end && count < LINES_MAX) {
        const char *newline = count + 1 < LINES_MAX ? memchr(text, '\n', (size_t)(end - text)) : NULL;
        const char *next = newline ? newline + 1 : end;
        lines[count++] = (struct line){text, (size_t)(next - text)};
        text = next;
    }
    return count;
}

static bool same(const struct line *a, const struct line *b)
{
    return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

static void put(struct output *output, char sign, const struct line *line)
{
    size_t len = line->len;
    while (len > 0 && (line->at[len - 1] == '\n' || line->at[len - 1] == '\r'))
        len--;
    output->lines++;
    if (output->left < len + 3)
        return;
    char *at = output->at;
    *at++ = sign;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)line->at[i];
        *at++ = c < 0x20 || c >= 0x7f ? '?' : (char)c;
    }
    *at++ = '\n';
    *at = '\0';
    output->left -= (size_t)(at - output->at);
    output->at = at;
}

/* lengths[i][j]: the longest common subsequence of sent[i..] and arrived[j..]. */
static void measure(const struct line *sent, size_t sent_count, const struct line *arrived, size_t arrived_count,
                    uint8_t lengths[LINES_MAX + 1][LINES_MAX + 1])
{
    for (size_t i = sent_count; i-- > 0;) {
        for (size_t j = arrived_count; j-- > 0;) {
            uint8_t skip_sent = lengths[i + 1][j], skip_arrived = lengths[i][j + 1];
            if (same(&sent[i], &arrived[j]))
                lengths[i][j] = (uint8_t)(lengths[i + 1][j + 1] + 1);
            else
                lengths[i][j] = skip_sent > skip_arrived ? skip_sent : skip_arrived;
        }
    }
}

size_t sip_diff(const char *sent, size_t sent_len, const char *arrived, size_t arrived_len, char *diff, size_t capacity)
{
    struct line old[LINES_MAX], new[LINES_MAX];
    uint8_t lengths[LINES_MAX + 1][LINES_MAX + 1] = {{0}};
    size_t old_count = split(sent, sent_len, old), new_count = split(arrived, arrived_len, new);
    struct output output = {diff, capacity, 0};
    if (capacity > 0)
        diff[0] = '\0';
    measure(old, old_count, new, new_count, lengths);
    size_t i = 0, j = 0;
    while (i < old_count || j < new_count) {
        if (i < old_count && j < new_count && same(&old[i], &new[j])) {
            i++;
            j++;
        } else if (i < old_count && (j == new_count || lengths[i + 1][j] >= lengths[i][j + 1])) {
            put(&output, '-', &old[i++]);
        } else {
            put(&output, '+', &new[j++]);
        }
    }
    return output.lines;
}
