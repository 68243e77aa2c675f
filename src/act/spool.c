/* spool.c - what a child says, bounded: the first 16 KiB and the last 64 KiB of a stream are kept, and each line is passed
 * on as it comes. Knows nothing of steps. */
#include "run_int.h"
#include <stackplan/arena.h>
#include <string.h>

enum {
	HEAD_BYTES = 16 << 10,
	TAIL_BYTES = 64 << 10,
	LINE_BYTES = 64 << 10, /* what is beyond this of a line is not passed on */
};

/* Forget all but the last TAIL_BYTES of the tail, when it has grown to twice as much. */
static void
trim_tail(struct spool *s) {
	if (s->tail.n < (size_t)2 * TAIL_BYTES)
		return;
	size_t extra = s->tail.n - TAIL_BYTES;
	memmove(s->tail.s, s->tail.s + extra, TAIL_BYTES + 1);
	s->tail.n = TAIL_BYTES;
	s->dropped += extra;
}

/* Keep bytes: in the head while it has room, else in the tail. */
static void
keep(struct spool *s, const char *bytes, size_t n) {
	size_t room = HEAD_BYTES - s->head.n, first = n < room ? n : room;

	buf_add(&s->head, bytes, first);
	for (bytes += first, n -= first; n > 0;) {
		size_t part = n < TAIL_BYTES ? n : TAIL_BYTES;
		buf_add(&s->tail, bytes, part);
		trim_tail(s);
		bytes += part;
		n -= part;
	}
}

/* Add to the line that has not ended; a very long one loses its end. */
static void
add_to_line(struct spool *s, const char *bytes, size_t n) {
	size_t room = LINE_BYTES - s->line.n;
	buf_add(&s->line, bytes, n < room ? n : room);
}

/* Pass on a line, without the '\r' at its end. */
static void
pass_line(char *text, size_t n, spool_line_fn *line, void *arg) {
	if (n > LINE_BYTES)
		n = LINE_BYTES;
	if (n && text[n - 1] == '\r')
		n--;
	text[n] = '\0';
	line(arg, text, n);
}

void
spool_add(struct spool *s, char *bytes, size_t n, spool_line_fn *line, void *arg) {
	char *end = bytes + n;

	for (char *nul = bytes; (nul = memchr(nul, '\0', (size_t)(end - nul)));)
		*nul++ = ' ';
	keep(s, bytes, n);
	if (!line)
		return;
	for (char *p = bytes, *stop; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop) {
			add_to_line(s, p, (size_t)(end - p));
			break;
		}
		if (s->line.n) {
			add_to_line(s, p, (size_t)(stop - p));
			pass_line(s->line.s, s->line.n, line, arg);
			buf_clear(&s->line);
		} else {
			pass_line(p, (size_t)(stop - p), line, arg);
		}
	}
}

void
spool_end(struct spool *s, spool_line_fn *line, void *arg) {
	if (line && s->line.n)
		pass_line(s->line.s, s->line.n, line, arg);
	buf_clear(&s->line);
}

bool
spool_join(const struct spool *s, struct buf *b) {
	size_t before = b->n;

	buf_add(b, buf_str(&s->head), s->head.n);
	buf_add(b, buf_str(&s->tail), s->tail.n);
	while (b->n > before && strchr("\r\n", b->s[b->n - 1]))
		b->s[--b->n] = '\0';
	return s->dropped == 0;
}

/* Where the head may be cut: out of reach of a value that goes on beyond it, and after a line if there is one. */
static size_t
end_of_head(const struct spool *s, size_t reach) {
	size_t end = s->head.n > reach ? s->head.n - reach : 0;

	for (size_t i = end; i > 0; i--)
		if (s->head.s[i - 1] == '\n')
			return i;
	return end;
}

/* Where the tail may begin, in the same way. */
static size_t
start_of_tail(const char *tail, size_t n, size_t reach) {
	size_t start = reach < n ? reach : n;
	const char *line = memchr(tail + start, '\n', n - start);

	return line ? (size_t)(line - tail) + 1 : start;
}

void
spool_show(const struct spool *s, const struct mask *mask, struct buf *b) {
	struct buf all = {0};
	size_t reach = mask_reach(mask);
	bool is_whole = s->dropped == 0 && s->tail.n <= TAIL_BYTES;

	if (is_whole) {
		spool_join(s, &all);
		mask_add(mask, b, buf_str(&all), all.n, 0, all.n);
		buf_free(&all);
		return;
	}
	size_t extra = s->tail.n > TAIL_BYTES ? s->tail.n - TAIL_BYTES : 0;
	const char *tail = s->tail.s + extra;
	size_t n = s->tail.n - extra, end = end_of_head(s, reach);
	size_t start = start_of_tail(tail, n, reach);

	mask_add(mask, b, s->head.s, s->head.n, 0, end);
	if (b->n && b->s[b->n - 1] != '\n')
		buf_addc(b, '\n');
	buf_printf(b, "[... %llu bytes are left out here ...]\n",
		(unsigned long long)s->dropped + extra + (s->head.n - end) + start);
	mask_add(mask, b, tail, n, start, n);
}

void
spool_free(struct spool *s) {
	buf_free(&s->head);
	buf_free(&s->tail);
	buf_free(&s->line);
	*s = (struct spool){0};
}
