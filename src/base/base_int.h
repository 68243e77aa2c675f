/* base_int.h - what the files of this room show each other and nobody else. */
#ifndef STACKPLAN_BASE_INT_H
#define STACKPLAN_BASE_INT_H

#include <stackplan/diag.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;
struct proc_spec;

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

/* Memory of the last buffer that was freed, when it has NEED bytes: their number goes to *CAP. NULL: there is none. And give the
 * memory of a buffer back, which is from malloc, or NULL (buf.c). */
char *spare_take(size_t need, size_t *cap);
void spare_give(char *, size_t cap);

/* End the program with status 71 and the words "out of memory". */
_Noreturn void die_of_memory(void);

/* A child on its way to its program (proc_child.c). */
struct child {
	const struct proc_spec *spec;
	int fd[4];          /* what becomes its 0 .. 3, itself above 3; -1: stays as it is */
	pid_t parent;       /* we; set by child_start */
	volatile int error; /* why it got no further; set by the child */
};

/* Fork and exec. Returns 0 once the program runs, else an error number, and there is no child then. */
int child_start(pid_t *, struct child *);

/* The first character of S, which has LEN bytes, LEN > 0. Returns how many bytes it takes and
 * stores its code point; 0 if the text does not begin with valid UTF-8. */
size_t utf8_decode(const char *s, size_t len, uint32_t *code);

/* Does a terminal obey the character instead of showing it: C0, DEL, C1, line separators, and
 * what changes the direction of writing? */
bool code_is_control(uint32_t code);

/* Cells the character takes: 0, 1 or 2. */
unsigned code_width(uint32_t code);

/* A note, or the message of a diag itself. */
struct diag_line {
	struct pos at;
	const char *text;
	struct diag_line *next;
};

struct diag {
	enum severity sev;
	const char *code;       /* NULL: none */
	struct diag_line line;  /* what and where; its next is the first note */
	struct diag_line *last; /* where the next note goes: the line itself or its last note */
	size_t order;           /* as reported, from 0 */
};

struct diag_source {
	const char *name, *text;
	size_t len;
	/* Where the search for a line may begin: LINE begins at byte OFFSET; 0 is nowhere. */
	uint32_t line;
	size_t offset;
};

/* At most DIAGS_KEPT of one severity are kept; the others are only counted. */
enum { DIAGS_KEPT = 1000 };

struct diags {
	struct arena *mem;
	struct diag_source *source; /* [0] is "no file" */
	size_t nsource, cap_source;
	struct diag **v; /* not yet printed, as reported */
	size_t n, cap;
	struct diag *newest;           /* takes the notes; NULL: they are dropped */
	bool lenient;                  /* what no engine takes is a warning */
	size_t count[SEV_ERROR + 1];   /* ever reported, by severity */
	size_t kept[SEV_ERROR + 1];    /* of those in v */
	size_t dropped[SEV_ERROR + 1]; /* reported since the last print, but not kept */
};

/* The source of an index, the "no file" one for an index that was never given out. */
struct diag_source *diags_find_source(const struct diags *, uint16_t src);

/* Append a line of a source text with a caret under the place, if the text has such a line. */
void snippet_add(struct buf *, const struct diags *, struct pos at);

#endif
