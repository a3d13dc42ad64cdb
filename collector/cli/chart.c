#include "cli/chart.h"

#include "cli/html.h"

#include <math.h>

#define WIDTH 720
#define DAYS_HEIGHT 150
#define LABEL_HEIGHT 20
#define LABEL_WIDTH 64
#define BAR_HEIGHT 16
#define TICKS 6 /* days that are named below */

#define CHART_WORD(NAME, word) word,

const char *chart_word(enum chart_kind kind)
{
    static const char *const words[] = {CHART_WORDS(CHART_WORD)};
    return words[kind];
}

static int total(const int counts[CHART_KINDS])
{
    int sum = 0;
    for (int kind = 0; kind < CHART_KINDS; kind++)
        sum += counts[kind];
    return sum;
}

/* SVG wants a point in its numbers, and only numbers come here. */
static void rect(FILE *out, enum chart_kind kind, double x, double y, double width, double height)
{
    (void)fprintf(out, "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\">", chart_word(kind), x,
                  y, width, height);
}

static void draw_day(FILE *out, const struct chart_day *day, double x, double width, int highest)
{
    double y = DAYS_HEIGHT;
    for (int kind = 0; kind < CHART_KINDS; kind++) {
        double height = (double)day->counts[kind] * DAYS_HEIGHT / highest;
        if (day->counts[kind] == 0)
            continue;
        y -= height;
        rect(out, (enum chart_kind)kind, x, y, width, height);
        html_print(out, "<title>%s: %d</title></rect>", day->day, day->counts[kind]);
    }
}

static void draw_axis(FILE *out, const struct chart_day *days, size_t count, double step)
{
    (void)fprintf(out, "<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", DAYS_HEIGHT, WIDTH,
                  DAYS_HEIGHT);
    size_t every = count > TICKS ? count / TICKS : 1;
    for (size_t i = 0; i < count && (double)i * step <= WIDTH - LABEL_WIDTH; i += every) {
        (void)fprintf(out, "<text x=\"%.2f\" y=\"%d\">", (double)i * step, DAYS_HEIGHT + LABEL_HEIGHT - 5);
        html_print(out, "%s</text>", days[i].day);
    }
}

void chart_days(FILE *out, const struct chart_day *days, size_t count)
{
    int highest = 1;
    for (size_t i = 0; i < count; i++)
        highest = total(days[i].counts) > highest ? total(days[i].counts) : highest;
    double step = count > 0 ? (double)WIDTH / (double)count : WIDTH;
    (void)fprintf(out, "<svg class=\"days\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
                  DAYS_HEIGHT + LABEL_HEIGHT);
    html_print(out, "Sites by their result, day by day, at most %d\">", highest);
    for (size_t i = 0; i < count; i++)
        draw_day(out, &days[i], (double)i * step, step > 3 ? step - 1 : step, highest);
    draw_axis(out, days, count, step);
    (void)fputs("</svg>\n", out);
}

void chart_share(FILE *out, const int counts[CHART_KINDS])
{
    int all = total(counts);
    double x = 0;
    (void)fprintf(out, "<svg class=\"share\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                  WIDTH, BAR_HEIGHT);
    for (int kind = 0; kind < CHART_KINDS && all > 0; kind++) {
        double width = (double)counts[kind] * WIDTH / all;
        if (counts[kind] == 0)
            continue;
        rect(out, (enum chart_kind)kind, x, 0, width, BAR_HEIGHT);
        (void)fputs("</rect>", out);
        x += width;
    }
    (void)fputs("</svg>\n", out);
}

/* The square root lets one port of signalling stand beside a thousand of media. */
static double weight(const struct chart_range *range)
{
    return sqrt((double)(range->last - range->first) + 1) + 1;
}

void chart_ports(FILE *out, const struct chart_range *ranges, size_t count)
{
    double all = 0, x = 0;
    for (size_t i = 0; i < count; i++)
        all += weight(&ranges[i]);
    (void)fprintf(out, "<svg class=\"ports\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
                  WIDTH, BAR_HEIGHT);
    for (size_t i = 0; i < count; i++) {
        double width = weight(&ranges[i]) * WIDTH / all;
        rect(out, ranges[i].kind, x, 0, width > 2 ? width - 1 : width, BAR_HEIGHT);
        html_print(out, "<title>%s</title></rect>", ranges[i].label);
        x += width;
    }
    (void)fputs("</svg>\n", out);
}
