/* follow.h - what several reading commands say, line by line, while they run. */
#ifndef STACKPLAN_FOLLOW_H
#define STACKPLAN_FOLLOW_H

#include <stackplan/words.h>

struct ctx;
struct docker;
struct plan;

struct follow {
	const struct docker *docker;
	const struct words *command; /* of each: the words after the program */
	size_t n;
	size_t at_once; /* so many run at a time, and their lines come in the order of the commands; 0: all run at once, and lines
			   come as they are said */
	const struct plan
		*secrets; /* the values that this plan keeps back are masked; NULL: nothing is */
	/* A line of command I, from either stream, without its end. Very long ones come in pieces. */
	void (*line)(void *arg, size_t i, const char *text, size_t len);
	/* After some lines; false: no more is wanted. */
	bool (*turn)(void *arg);
	void *arg;
};

struct follow_result {
	int signal;     /* INT, TERM or HUP that ended it, else 0 */
	size_t nfailed; /* commands that ended with another status than 0 by themselves */
	size_t failed;  /* the first of them */
	int status;     /* its status, as from waitpid */
};

/* Run them all to their ends, or until a signal comes: then they are ended, too. No child is left. False after a diagnostic, when one
 * could not be started. */
bool follow_all(struct ctx *, const struct follow *, struct follow_result *);

/* Run one command that has the terminal: it reads and writes what stackplan would (attend.c). *STATUS is as from waitpid; *SIGNAL is
 * the last INT, TERM or HUP that came meanwhile, else 0. ENV is its environment. False after a diagnostic, when it could not be
 * started. */
bool attend(struct ctx *, const struct docker *, const struct words *command, char *const *env,
	int *status, int *signal);

#endif
