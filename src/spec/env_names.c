/* env_names.c - what scripts call the variables that come from files.
 *
 * A script reads a value from its file into a shell variable. Two files may have one name for two values: the first file keeps
 * the name, that of another gets the file's own name behind it. So does one that means something to the shell or to
 * docker itself. One whose name no shell takes keeps what it has. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

struct env_names {
	struct node *owner; /* from a name to the path of its file */
};

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

struct env_names *
env_names_new(struct ctx *ctx) {
	struct env_names *names = arena_make(ctx->mem, struct env_names);

	names->owner = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	return names;
}

/* Take the name for the file, unless another one has it. */
static bool
take(struct ctx *ctx, struct env_names *names, const char *name, const char *path) {
	const struct node *owner = node_find(names->owner, name);

	if (owner)
		return str_eq(node_text(owner), path);
	node_add(ctx->mem, names->owner, name, (struct pos){0},
		node_str(ctx->mem, path, (struct pos){0}));
	return true;
}

/* NAME and the file's own name, in letters of a shell: "PORT_b_env". */
static const char *
long_name(struct ctx *ctx, const char *name, const char *path) {
	const char *file = path_basename(path);
	struct buf b = {0};

	buf_printf(&b, "%s_", name);
	file += *file == '.';
	for (; *file; file++)
		buf_addc(&b, strchr(letters, *file) ? *file : '_');
	return arena_take_buf(ctx->mem, &b);
}

const char *
env_names_take(struct ctx *ctx, struct env_names *names, const char *name, const char *path) {
	const char *stem, *as;

	if (!*name || (*name >= '0' && *name <= '9') || name[strspn(name, letters)])
		return NULL;
	if (!str_is_reserved_env(name) && take(ctx, names, name, path))
		return NULL;
	stem = as = long_name(ctx, name, path);
	for (int i = 2; !take(ctx, names, as, path); i++)
		as = arena_printf(ctx->mem, "%s_%d", stem, i);
	return as;
}
