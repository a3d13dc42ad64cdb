/* A PBX of shell scripts in a folder of its own, stopped and started by commands or by a make-believe systemd. Every
 * script writes a line to the file "log" and then runs the snippet that a test has left for that step, if any. */
#ifndef PBX_FAKE_PBX_H
#define PBX_FAKE_PBX_H

#include "pbx/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#define FAKE_TEXT_BYTES 8192

enum fake_kind { FAKE_COMMANDS, FAKE_SYSTEMD };

/* For tests: nothing is open before and after them. */
int fake_begin(void **state);
int fake_end(void **state);
#define fake_test(function) cmocka_unit_test_setup_teardown(function, fake_begin, fake_end)

/* A running PBX in a new folder, which becomes the current one. */
void fake_open(enum fake_kind kind);
/* Fine when nothing is open, so that it also is what follows a test that failed. */
int fake_close(void);
/* As the environment says: FAKE_SYSTEMD, and STOP_S, START_S and STOPPED_S, which are 60 unless given. */
void fake_config(struct pbx_config *config, char *const *keeper);

void fake_write(const char *path, mode_t mode, const char *text);
void fake_at(const char *step, const char *snippet); /* what the script of this step does besides */
/* Waits for every process that a test has begun, the agent, its keeper and their hooks. */
void fake_wait_for_all(void);

bool fake_exists(const char *path);
bool fake_runs(void);
bool fake_said(const char *step);

#endif
