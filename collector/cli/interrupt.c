#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

static void stop_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGINT);
    (void)sigaddset(signals, SIGTERM);
}

void interrupt_prepare(void)
{
    sigset_t signals;
    stop_signals(&signals);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
}

bool interrupted_within(long milliseconds)
{
    sigset_t signals;
    stop_signals(&signals);
    const struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    return sigtimedwait(&signals, NULL, &timeout) > 0;
}
