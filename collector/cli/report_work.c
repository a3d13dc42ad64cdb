#include "cli/report_work.h"

#include "cli/complain.h"
#include "cli/html.h"
#include "cli/report_words.h"

#include <stdlib.h>
#include <string.h>

/* "9000-9009 (rtp, udp)" */
static void put_ports(FILE *out, const struct report_ports *ports)
{
    html_print(out, "%s", ports->first);
    if (strcmp(ports->first, ports->last) != 0)
        html_print(out, "\u2013%s", ports->last);
    html_print(out, " (%s%s%s)", ports->role, ports->role[0] != '\0' ? ", " : "", ports->transport);
}

static void put_failing_ports(FILE *out, const struct report_site *site)
{
    bool first = true;
    for (size_t i = 0; i < site->port_count; i++) {
        if (site->ports[i].kind == CHART_GOOD)
            continue;
        (void)fputs(first ? "<dt>Ports</dt><dd>" : "; ", out);
        put_ports(out, &site->ports[i]);
        first = false;
    }
    if (!first)
        (void)fputs("</dd>", out);
}

static int port(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

static void put_strip(FILE *out, const struct report_site *site)
{
    struct chart_range *drawn = must_have(calloc(site->port_count + 1, sizeof *drawn));
    for (size_t i = 0; i < site->port_count; i++) {
        const struct report_ports *ports = &site->ports[i];
        drawn[i] = (struct chart_range){
            .first = port(ports->first), .last = port(ports->last), .kind = ports->kind, .label = ports->message};
    }
    if (site->port_count > 0)
        chart_ports(out, drawn, site->port_count);
    free(drawn);
}

static void put_line(FILE *out, const char *name, const char *text)
{
    if (text[0] != '\0')
        html_print(out, "<dt>%s</dt><dd>%s</dd>", name, text);
}

static void put_card(FILE *out, const struct report_site *site)
{
    html_print(out, "<section class=\"card %s\"><h3>%s</h3>", chart_word(report_wording(site->outcome)->kind),
               site->name);
    report_put_badge(out, site->outcome);
    if (site->flapping)
        (void)fputs(" <span class=\"soft\">\u2013 comes and goes</span>", out);
    put_strip(out, site);
    (void)fputs("<dl>", out);
    put_line(out, "What is wrong", site->cause);
    put_line(out, "What to change", site->cure);
    put_failing_ports(out, site);
    put_line(out, "Where", site->hint);
    put_line(out, "Since", site->failing_since);
    (void)fputs("</dl></section>\n", out);
}

void report_put_work(FILE *out, const struct report_facts *facts)
{
    int cards = 0;
    (void)fputs("<h2>What to do</h2>\n", out);
    for (size_t i = 0; i < facts->site_count; i++) {
        if (report_wording(facts->sites[i].outcome)->kind == CHART_GOOD)
            continue;
        put_card(out, &facts->sites[i]);
        cards++;
    }
    (void)fputs(cards == 0 ? "<p>Nothing: every site is ready for calls.</p>\n"
                           : "<p class=\"soft\">The bar of a site is its ports: green as they should be, red not, grey "
                             "not judged.</p>\n",
                out);
}
