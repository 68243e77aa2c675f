/* planfile.c - a saved plan as text, and back.
 *
 * The text is JSON, its members always in the same order; the last one is a digest over all bytes before it. The file is opened
 * once, and what is known of it, and read, is known of what was opened. */
#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/hash.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/planfile.h>
#include <stackplan/str.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct pos nowhere = {0};

enum { MOST_BYTES = 256 << 20 };

static const char before_digest[] = ",\n  \"digest\": \"";
static const char after_digest[] = "\"\n}\n";

/* A tree as JSON ends in "\n}\n", before which the digest is put. */
enum { TREE_END_BYTES = 3 };

/* What stands behind the last member: the digest. */
enum { TAIL_BYTES = sizeof(before_digest) - 1 + 64 + sizeof(after_digest) - 1 };

const char *
planfile_salt(struct ctx *ctx) {
	unsigned char bytes[16];
	char text[2 * sizeof(bytes) + 1];

	arc4random_buf(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	text[2 * sizeof(bytes)] = '\0';
	return arena_strdup(ctx->mem, text);
}

/* A text as a member. */
static void
put_text(struct ctx *ctx, struct node *map, const char *key, const char *text) {
	node_add(ctx->mem, map, key, nowhere, node_str(ctx->mem, text, nowhere));
}

/* The digest over these bytes. */
static void
digest_of(const char *text, size_t n, char out[65]) {
	struct hash hash;

	hash_start(&hash);
	hash_part(&hash, text, n);
	hash_end(&hash, out);
}

void
planfile_text(struct ctx *ctx, struct buf *out, const struct planfile *p) {
	struct node *tree = node_new(ctx->mem, NODE_MAP, nowhere);
	struct node *options = node_new(ctx->mem, NODE_LIST, nowhere);
	size_t start = out->n;
	char digest[65];

	for (size_t i = 0; i < p->options.n; i++)
		node_append(ctx->mem, options, node_str(ctx->mem, p->options.v[i].s, nowhere));
	put_text(ctx, tree, "format_version", "1.0");
	put_text(ctx, tree, "stackplan", p->version);
	put_text(ctx, tree, "folder", p->folder);
	node_add(ctx->mem, tree, "options", nowhere, options);
	put_text(ctx, tree, "salt", p->salt);
	node_add(ctx->mem, tree, "world", nowhere, p->world);
	node_add(ctx->mem, tree, "plan", nowhere, p->plan);
	json_write(out, tree, 2);
	out->n -= TREE_END_BYTES;
	digest_of(out->s + start, out->n - start, digest);
	buf_adds(out, before_digest);
	buf_adds(out, digest);
	buf_adds(out, after_digest);
}

/* Is the digest at the end that of all before it? */
static bool
is_whole(const char *text, size_t n) {
	char digest[65];
	const char *p = text + n - TAIL_BYTES;

	if (n <= TAIL_BYTES || memcmp(p, before_digest, sizeof(before_digest) - 1) != 0)
		return false;
	digest_of(text, n - TAIL_BYTES, digest);
	p += sizeof(before_digest) - 1;
	return memcmp(p, digest, 64) == 0 &&
	       memcmp(p + 64, after_digest, sizeof(after_digest) - 1) == 0;
}

/* {THING: {FACT: text}} */
static bool
is_world(const struct node *n) {
	if (!n || n->type != NODE_MAP)
		return false;
	for (size_t i = 0; i < n->n; i++)
		if (n->u.member[i].val->type != NODE_MAP)
			return false;
	return true;
}

/* The members of the tree. */
static struct planfile *
take_apart(struct ctx *ctx, const struct node *tree) {
	const struct node *options = node_find(tree, "options");
	struct planfile *p = arena_make(ctx->mem, struct planfile);

	*p = (struct planfile){.version = node_text(node_find(tree, "stackplan")),
		.folder = node_text(node_find(tree, "folder")),
		.salt = node_text(node_find(tree, "salt")),
		.world = node_find(tree, "world"),
		.plan = node_find(tree, "plan")};
	if (!options || options->type != NODE_LIST || !is_world(p->world) || !p->plan ||
		p->plan->type != NODE_MAP || *p->folder != '/')
		return NULL;
	for (size_t i = 0; i < options->n; i++)
		words_push(ctx->mem, &p->options, node_text(options->u.item[i]), nowhere);
	return p;
}

struct planfile *
planfile_parse(struct ctx *ctx, const char *text, size_t n, const char **why) {
	const char *unused;
	const struct node *tree;
	struct planfile *p;

	*why = "it is no saved plan, or has been changed since it was written";
	if (!is_whole(text, n))
		return NULL;
	tree = json_read(ctx->mem, text, n, &unused);
	p = tree && tree->type == NODE_MAP ? take_apart(ctx, tree) : NULL;
	if (p && !str_eq(node_text(node_find(tree, "format_version")), "1.0")) {
		*why = "another version of stackplan has written it";
		return NULL;
	}
	return p;
}

/* Could somebody else have written what is in it? The words for that, or NULL. */
static const char *
distrust(const struct stat *st) {
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "it belongs to another user";
	if (st->st_mode & 022)
		return "other users may write to it: chmod go-w";
	return NULL;
}

/* All of an open file that can be trusted, or NULL with *WHY. */
static char *
read_trusted(struct ctx *ctx, int fd, size_t *n, const char **why) {
	struct stat st;

	if (fstat(fd, &st) != 0) {
		*why = strerror(errno);
		return NULL;
	}
	*why = distrust(&st);
	return *why ? NULL : path_read_fd(ctx->mem, fd, MOST_BYTES, n, why);
}

struct planfile *
planfile_read(struct ctx *ctx, const char *path, const char **text, size_t *n) {
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *why = fd < 0 ? strerror(errno) : NULL;
	struct planfile *p = NULL;

	*text = why ? NULL : read_trusted(ctx, fd, n, &why);
	if (fd >= 0)
		close(fd);
	if (*text)
		p = planfile_parse(ctx, *text, *n, &why);
	if (!p)
		diag(ctx, SEV_ERROR, nowhere, "saved-plan", "cannot read the saved plan '%s': %s",
			path, why);
	return p;
}
