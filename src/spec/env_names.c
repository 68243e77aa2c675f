/* env_names.c - what scripts call the variables that come from files.
 *
 * A script reads a value from its file into a shell variable. Two files may have one name for two values: the first file keeps
 * the name, that of another gets the file's own name behind it. So does one that means something to the shell or to
 * docker itself. In a name that no shell takes ("discovery.type") each byte that is to blame becomes '_'. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

struct env_names {
	/* from a name in scripts to the path of its file, and the name there if that is another one */
	struct node *owner;
};

struct env_names *
env_names_new(struct ctx *ctx) {
	struct env_names *names = arena_make(ctx->mem, struct env_names);

	names->owner = node_new(ctx->mem, NODE_MAP, (struct pos){0});
	return names;
}

/* Take the name for the owner, unless another one has it. */
static bool
take(struct ctx *ctx, struct env_names *names, const char *name, const char *owner) {
	const struct node *had = node_find(names->owner, name);

	if (had)
		return str_eq(node_text(had), owner);
	node_add(ctx->mem, names->owner, name, (struct pos){0},
		node_str(ctx->mem, owner, (struct pos){0}));
	return true;
}

/* Append TEXT with '_' for every byte that no name in a shell has. */
static void
add_letters(struct buf *b, const char *text) {
	for (; *text; text++)
		buf_addc(b, str_is_shell_char(*text) ? *text : '_');
}

/* The name as a shell takes it: itself, or a copy. */
static const char *
shell_name(struct ctx *ctx, const char *name) {
	struct buf b = {0};

	if (str_is_shell_name(name))
		return name;
	if (*name >= '0' && *name <= '9')
		buf_addc(&b, '_');
	add_letters(&b, name);
	return arena_take_buf(ctx->mem, &b);
}

/* NAME and the file's own name, in letters of a shell: "PORT_b_env". */
static const char *
long_name(struct ctx *ctx, const char *name, const char *path) {
	const char *file = path_basename(path);
	struct buf b = {0};

	buf_printf(&b, "%s_", name);
	add_letters(&b, file + (*file == '.'));
	return arena_take_buf(ctx->mem, &b);
}

const char *
env_names_take(struct ctx *ctx, struct env_names *names, const char *name, const char *path) {
	const char *stem, *as = shell_name(ctx, name), *owner = path;

	if (!*name)
		return NULL;
	if (as != name)
		owner = arena_printf(ctx->mem, "%s=%s", path, name);
	if (!str_is_reserved_env(as) && take(ctx, names, as, owner))
		return as == name ? NULL : as;
	stem = as = long_name(ctx, as, path);
	for (int i = 2; !take(ctx, names, as, owner); i++)
		as = arena_printf(ctx->mem, "%s_%d", stem, i);
	return as;
}
