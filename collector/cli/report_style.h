/* What the customer's report looks like. */
#ifndef CLI_REPORT_STYLE_H
#define CLI_REPORT_STYLE_H

extern const char report_style[]; /* CSS */

#endif
