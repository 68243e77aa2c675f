/* sig.h - signals as bytes on a pipe, so that poll() sees them. */
#ifndef STACKPLAN_SIG_H
#define STACKPLAN_SIG_H

#include <stdbool.h>

/* Catch CHLD, INT, TERM, HUP (and WINCH, CONT), ignore PIPE. Returns the descriptor to poll, -1 with errno. May be called again
 * inside: the outermost sig_leave counts. */
int sig_enter(void);

/* The next signal that came, 0 when there is none now. */
int sig_next(void);

/* The first INT, TERM or HUP that has come since the outermost sig_enter, whether sig_next has told it or not; 0: none, or
 * outside. */
int sig_cancelled(void);

/* Put everything back as it was. The outermost returns what sig_cancelled would have told last, the others 0. */
int sig_leave(void);

/* Die by SIG as if it had never been caught (so that a shell sees it); exits 128+SIG if it survives. */
void sig_die(int sig);

#endif
