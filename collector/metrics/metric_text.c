#include "metrics/metric_text.h"

#include "base/attributes.h"
#include "base/grow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 4096u
#define NUMBER_BYTES 32
#define EXACT_MAX 9007199254740992.0 /* 2^53: up to here a double holds every whole number */

static const char *const type_words[] = {
    [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};

int metric_type_parse(const char *word, enum metric_type *type)
{
    for (size_t i = 0; i < ARRAY_LEN(type_words); i++) {
        if (strcmp(word, type_words[i]) == 0) {
            *type = (enum metric_type)i;
            return 0;
        }
    }
    return -1;
}

void metric_text_free(struct metric_text *out)
{
    free(out->bytes);
    *out = (struct metric_text){0};
}

static bool has_room(struct metric_text *out, size_t len)
{
    if (out->failed)
        return false;
    char *bytes = grow(out->bytes, &out->capacity, out->len + len + 1, FIRST_BYTES);
    if (bytes)
        out->bytes = bytes;
    else
        out->failed = true;
    return bytes;
}

static void add(struct metric_text *out, const char *bytes, size_t len)
{
    if (!has_room(out, len))
        return;
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
    out->bytes[out->len] = '\0';
}

static void add_text(struct metric_text *out, const char *text)
{
    add(out, text, strlen(text));
}

void metric_text_append(struct metric_text *out, const struct metric_text *metrics)
{
    out->failed |= metrics->failed;
    add(out, metrics->bytes ? metrics->bytes : "", metrics->len);
}

/* Backslash and line feed are escaped everywhere, the quote only within a label's value. */
static void add_escaped(struct metric_text *out, const char *text, bool quoted)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            add_text(out, "\\n");
        else if (*c == '\\' || (*c == '"' && quoted))
            add(out, (const char[]){'\\', *c}, 2);
        else
            add(out, c, 1);
    }
}

void metric_text_family(struct metric_text *out, const char *name, enum metric_type type, const char *help)
{
    add_text(out, "# HELP ");
    add_text(out, name);
    add_text(out, " ");
    add_escaped(out, help, false);
    add_text(out, "\n# TYPE ");
    add_text(out, name);
    add_text(out, " ");
    add_text(out, type_words[type]);
    add_text(out, "\n");
}

static void add_labels(struct metric_text *out, const struct metric_label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_text(out, i == 0 ? "{" : ",");
        add_text(out, labels[i].name);
        add_text(out, "=\"");
        add_escaped(out, labels[i].value, true);
        add_text(out, "\"");
    }
    if (count > 0)
        add_text(out, "}");
}

static void add_number(struct metric_text *out, double value)
{
    char text[NUMBER_BYTES];
    if (isnan(value))
        add_text(out, "NaN");
    else if (isinf(value))
        add_text(out, value > 0 ? "+Inf" : "-Inf");
    else {
        bool whole = value == floor(value) && fabs(value) <= EXACT_MAX;
        add(out, text, (size_t)snprintf(text, sizeof(text), whole ? "%.0f" : "%.15g", value));
    }
}

void metric_text_sample(struct metric_text *out, const char *name, const struct metric_label *labels, size_t count,
                        double value)
{
    add_text(out, name);
    add_labels(out, labels, count);
    add_text(out, " ");
    add_number(out, value);
    add_text(out, "\n");
}
