/* tar.c - files as a tar stream (ustar), as `docker cp -` reads one from its standard input.
 * Starts at tar_file(). What a ustar header has no room for (a long path, a large owner) stands in records before it, as
 * POSIX has it for pax. The stream depends on nothing but the files: no time, no names of users. */
#include "act_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <string.h>

enum {
	BLOCK = 512,
	NAME_MAX_BYTES = 100,
	OWNER_MAX = 07777777, /* what seven octal digits can say */
	TYPE_FILE = '0',
	TYPE_RECORDS = 'x',
};

/* The path in a tar: without the slash that it begins with. */
static const char *
relative(const struct feed_file *f) {
	return f->path + strspn(f->path, "/");
}

/* "LENGTH KEY=VALUE" and a newline; LENGTH counts itself. */
static void
add_record(struct buf *b, const char *key, const char *value) {
	size_t rest = strlen(key) + strlen(value) + 3, n = rest + 1;

	for (size_t digits = 1, bound = 10; n >= bound; bound *= 10)
		n = rest + ++digits;
	buf_printf(b, "%zu %s=%s\n", n, key, value);
}

/* The record of an owner that is too large for its field. */
static void
add_owner(struct ctx *ctx, struct buf *b, const char *key, int64_t id) {
	if (id > OWNER_MAX)
		add_record(b, key, arena_printf(ctx->mem, "%lld", (long long)id));
}

const char *
tar_records(struct ctx *ctx, const struct feed_file *f) {
	struct buf b = {0};

	if (strlen(relative(f)) > NAME_MAX_BYTES)
		add_record(&b, "path", relative(f));
	add_owner(ctx, &b, "uid", f->uid);
	add_owner(ctx, &b, "gid", f->gid);
	return arena_take_buf(ctx->mem, &b);
}

struct tar_head
tar_head(struct ctx *ctx, const struct feed_file *f) {
	const char *name = relative(f);

	return (struct tar_head){
		.name = arena_strndup(ctx->mem, name, strnlen(name, NAME_MAX_BYTES)),
		.uid = f->uid > OWNER_MAX ? 0 : (uint32_t)f->uid,
		.gid = f->gid > OWNER_MAX ? 0 : (uint32_t)f->gid,
		.mode = f->mode & 07777,
	};
}

/* N zero bytes. */
static void
add_zeros(struct buf *b, size_t n) {
	static const char zeros[BLOCK];

	for (; n > BLOCK; n -= BLOCK)
		buf_add(b, zeros, BLOCK);
	buf_add(b, zeros, n);
}

/* A text and zeros up to the width of its field. */
static void
add_field(struct buf *b, const char *text, size_t width) {
	size_t n = strnlen(text, width);

	buf_add(b, text, n);
	add_zeros(b, width - n);
}

/* A number in octal: WIDTH - 1 digits and a NUL. */
static void
add_octal(struct buf *b, uint64_t v, int width) {
	buf_printf(b, "%0*llo", width - 1, (unsigned long long)v);
	buf_addc(b, '\0');
}

/* One header. The sum of its bytes, taken with blanks in the place of the sum, is put in at last. */
static void
add_header(struct buf *b, const struct tar_head *h, char type, size_t size) {
	size_t start = b->n, sum = 0;
	char digits[16];

	add_field(b, h->name, NAME_MAX_BYTES);
	add_octal(b, h->mode, 8);
	add_octal(b, h->uid, 8);
	add_octal(b, h->gid, 8);
	add_octal(b, size, 12);
	add_octal(b, 0, 12); /* the time of its last change */
	size_t place = b->n;
	buf_adds(b, "        ");
	buf_addc(b, type);
	add_zeros(b, NAME_MAX_BYTES);
	add_field(b, "ustar", 6);
	buf_adds(b, "00");
	add_zeros(b, start + BLOCK - b->n);
	for (size_t i = start; i < b->n; i++)
		sum += (unsigned char)b->s[i];
	snprintf(digits, sizeof(digits), "%06zo", sum & 0777777);
	memcpy(b->s + place, digits, 7); /* its NUL too */
}

/* A header and what it is of, filled up to whole blocks. */
static void
add_entry(struct buf *b, const struct tar_head *h, char type, const char *content, size_t n) {
	add_header(b, h, type, n);
	buf_add(b, content, n);
	add_zeros(b, (BLOCK - n % BLOCK) % BLOCK);
}

void
tar_file(struct ctx *ctx, struct buf *b, const struct feed_file *f, const char *content) {
	const char *records = tar_records(ctx, f);
	struct tar_head head = tar_head(ctx, f);

	if (*records)
		add_entry(b, &(struct tar_head){.name = TAR_RECORDS_NAME, .mode = 0644},
			TYPE_RECORDS, records, strlen(records));
	add_entry(b, &head, TYPE_FILE, content, strlen(content));
}

void
tar_end(struct buf *b) {
	add_zeros(b, (size_t)2 * BLOCK);
}
