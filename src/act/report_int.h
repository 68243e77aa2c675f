/* report_int.h - what the reporters show each other: the words for steps, and the live block of lines on a terminal. */
#ifndef STACKPLAN_REPORT_INT_H
#define STACKPLAN_REPORT_INT_H

#include "run_int.h"

/* ---- report_words.c: the same words on every kind of screen ---- */

struct wording {
	struct ctx *ctx;
	size_t nstep; /* of the plan */
	bool colour;
};

/* What a gate that is asked again and again waits for: "healthy". */
const char *wording_goal(const struct step *);
/* "[3/6] run mysql" */
void wording_head(const struct wording *, struct buf *, const struct step *);
/* "[3/6] run mysql | what it said" and a newline */
void wording_line(const struct wording *, struct buf *, const struct step *, const char *text);
/* A line for a step that has ended, or some for a failure; nothing for a skipped one. */
void wording_ended(
	const struct wording *, struct buf *, const struct step *, const struct outcome *);
/* In the end: what was not done, by reason. */
void wording_skipped(
	const struct wording *, struct buf *, const struct plan *, const struct outcome *);
/* Append N bytes, one line of output as a screen would show it in the end: without escape sequences, what was overwritten after a
 * carriage return left out, tabs as blanks, safe for terminals. */
void wording_tidy(struct buf *, const char *text, size_t n);

/* ---- screen.c: lines at the bottom of a terminal that are drawn again and again ---- */

/* The cursor rests below the block and is never hidden: whatever ends the program leaves the terminal as it should be. */
struct screen {
	FILE *out;
	void (*size)(FILE *, unsigned *columns, unsigned *rows); /* NULL: the terminal tells */
	bool utf8, colour;
	unsigned columns, rows;
	unsigned *width; /* of the lines that stand there, in cells */
	size_t ndrawn, cap;
};

struct screen_line {
	struct buf text;
	unsigned width; /* in cells */
	bool full;      /* something was cut off */
};

/* Ask how large it is now: 80 by 24 when nobody knows. */
void screen_measure(struct screen *);
/* How many lines a block may have. */
size_t screen_room(const struct screen *);
/* Append text that is safe for terminals, as much of it as fits into MOST cells and into the line; after a cut comes an ellipsis.
 * SGR is the number of a colour or style, 0 for none. */
void screen_add(
	const struct screen *, struct screen_line *, const char *text, unsigned most, int sgr);
/* Append blanks until the line is WIDTH cells wide. */
void screen_pad(const struct screen *, struct screen_line *, unsigned width);
/* In one write: what stood there is replaced by the lines of ABOVE, which stay, and N lines of a new block, which are freed. */
void screen_draw(struct screen *, const struct buf *above, struct screen_line *line, size_t n);
/* Others have written since: the old block stays as it is. */
void screen_forget(struct screen *);
void screen_free(struct screen *);

/* ---- the kinds ---- */

struct reporter *report_json_make(struct ctx *, FILE *out);
struct reporter *report_tty_make(struct ctx *, const struct report_options *);

#endif
