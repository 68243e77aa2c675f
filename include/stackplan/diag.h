/* diag.h - what is wrong, and where: collecting and printing diagnostics.
 *
 * Convention of the whole program: a function that can fail returns bool or a pointer; when it
 * fails the reason is already here. Callers may add notes, never a second error. */
#ifndef STACKPLAN_DIAG_H
#define STACKPLAN_DIAG_H

#include <stackplan/words.h>
#include <stdbool.h>
#include <stdio.h>

struct arena;
struct diags;

/* Passed first to nearly everything; never grows a third member. */
struct ctx {
	struct arena *mem;
	struct diags *diags;
};

enum severity { SEV_NOTE, SEV_WARNING, SEV_ERROR };

enum diag_format { DIAG_TEXT, DIAG_JSON };

/* Make an empty collection in the arena. */
struct diags *diags_new(struct arena *);

/* Register a source text, so that places in it can be shown with their line. NAME is how the
 * user would write the file ("compose.yaml", "<stdin>"). TEXT is not copied, must live as long
 * as the arena, and need not end in NUL. Returns its index for struct pos; from 1 on, 0 is
 * "no file". At most 65535 sources; more share the last index. */
uint16_t diag_source(struct ctx *, const char *name, const char *text, size_t len);
const char *diag_source_name(const struct ctx *, uint16_t src);
const char *diag_source_text(const struct ctx *, uint16_t src, size_t *len);

/* Report. CODE is a short stable name such as "bad-size", printed in brackets and explained by
 * `stackplan explain`; NULL prints none. Messages: lower case, no stop, the thing in single
 * quotes, what would be right. A place with src but line 0 prints the file's name alone. */
void diag(struct ctx *, enum severity, struct pos, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Report a value that Compose loads and no engine takes: an error, but a warning once diags_lenient()
 * was said. True: it was a warning, so go on with the value as it is. */
bool diag_unfit(struct ctx *, struct pos, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* From now on the spec is only looked at, and no command is made of it. */
void diags_lenient(struct ctx *);

/* A second place or a hint, belonging to the last diag. */
void diag_note(struct ctx *, struct pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* How many errors were reported so far. */
size_t diag_errors(const struct ctx *);

/* Print what was reported and not yet printed: errors, then warnings, then notes, so that the first
 * line says what must be changed; each sorted by place (source, line, column), equal ones once, at most
 * 20 with a count of the rest. Text form: file:line:col: severity: message [code], the source line, a
 * caret line, notes. JSON: one object a line. Control characters of
 * the input never reach OUT raw. Colours only when asked. */
void diags_print(struct ctx *, FILE *out, enum diag_format, bool colour);

#endif
