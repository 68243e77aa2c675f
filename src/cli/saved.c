/* saved.c - saved plans: what `show --current --out` writes, and how `apply --plan` comes to the same plan again, or refuses.
 *
 * Read saved_begin() first, then saved_look() and saved_plan(): the options of the file are taken for those that were typed, all is
 * read and asked anew, and what comes out must be what the file says. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/planfile.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stackplan/view.h>
#include <stackplan/world.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stack_int.h"

extern char **environ;

static const struct pos nowhere = {0};

struct saved {
	struct planfile *file;
	const char *path, *text; /* of the file; its content */
	size_t n;
};

/* Does the global option decide on the plan? */
static bool
is_shaping(const struct option *row) {
	return str_in("file project-name project-directory profile env-file engine context host",
		row->name);
}

/* Append one option, as "--name=value". */
static void
add_word(struct ctx *ctx, struct words *out, const struct option *row, const char *value) {
	words_push(ctx->mem, out,
		value ? arena_join(ctx->mem, "--", row->name, "=", value, NULL)
		      : arena_join(ctx->mem, "--", row->name, NULL),
		nowhere);
}

/* Append the option if it was given. */
static void
add_given(struct ctx *ctx, struct words *out, const struct option *row, const void *base) {
	const void *at = (const char *)base + row->offset;
	const struct list *list = at;
	const struct number *number = at;

	switch (row->kind) {
	case OPTION_FLAG:
		if (*(const bool *)at)
			add_word(ctx, out, row, NULL);
		break;
	case OPTION_TEXT:
		if (*(const char *const *)at)
			add_word(ctx, out, row, *(const char *const *)at);
		break;
	case OPTION_LIST:
		for (size_t i = 0; i < list->n; i++)
			add_word(ctx, out, row, list->v[i]);
		break;
	case OPTION_CHOICE:
		if (*(const int *)at)
			add_word(ctx, out, row,
				choice_nth(ctx, row->choices, (size_t)(*(const int *)at - 1)));
		break;
	case OPTION_NUMBER:
	case OPTION_SECONDS:
		if (number->given)
			add_word(ctx, out, row,
				arena_printf(ctx->mem,
					row->kind == OPTION_NUMBER ? "%lld" : "%lldms",
					(long long)number->value));
		break;
	}
}

/* What was typed and decides on the plan, as words. The plan's own options stand at the beginning of the verb's struct. */
static struct words
shaping_words(const struct cli *cli, const struct plan_args *args) {
	struct words out = {0};

	for (size_t i = 0; i < nglobal_options; i++)
		if (is_shaping(&global_options[i]))
			add_given(cli->ctx, &out, &global_options[i], cli->g);
	for (size_t i = 0; i < cmd_show.noption; i++) {
		const struct option *row = &cmd_show.option[i];
		if (!row->later && row->offset < sizeof(*args))
			add_given(cli->ctx, &out, row, args);
	}
	if (cli->noperand)
		words_push(cli->ctx->mem, &out, "--", nowhere);
	for (size_t i = 0; i < cli->noperand; i++)
		words_push(cli->ctx->mem, &out, cli->operand[i], nowhere);
	return out;
}

/* All that is known now, as a world. */
static struct node *
world_now(struct cli *cli, const struct stack *s, const struct planfile *file, bool whole) {
	struct world_view view = {.salt = file->salt,
		.env = s->loaded.env,
		.project = whole ? s->project : NULL,
		.want = whole ? s->want : NULL,
		.had = whole ? s->had : NULL,
		.docker = &s->docker,
		.was = file->world};
	return world_make(cli->ctx, &view);
}

int
saved_write(struct cli *cli, struct stack *s, struct plan *plan, const struct plan_args *args,
	const char *path) {
	struct planfile file = {.version = STACKPLAN_VERSION,
		.folder = path_cwd(cli->ctx->mem),
		.options = shaping_words(cli, args),
		.salt = planfile_salt(cli->ctx)};
	struct buf b = {0};
	const char *why = NULL;

	for (size_t i = 0; i < s->loaded.nfile; i++)
		if (str_eq(s->loaded.file[i].s, "-")) {
			diag(cli->ctx, SEV_ERROR, nowhere, "usage",
				"a spec from standard input can not be read again: put it into a "
				"file to save its plan");
			return EXIT_USAGE;
		}
	file.world = world_now(cli, s, &file, true);
	if (!file.world)
		return EXIT_ENGINE;
	plan_trim(plan, args);
	file.plan = document_tree(cli, s, plan);
	if (!file.plan)
		return EXIT_SPEC;
	planfile_text(cli->ctx, &b, &file);
	bool ok = path_write(cli->ctx->mem, path, buf_str(&b), b.n, 0600, &why);
	buf_free(&b);
	if (!ok)
		diag(cli->ctx, SEV_ERROR, nowhere, NULL, "cannot write '%s': %s", path, why);
	return ok ? EXIT_DONE : EXIT_STEP;
}

/* Read the file. The plan in it is all decided: there is no further choice. */
static int
open_saved(struct cli *cli, const char *path, const struct plan_args *args, struct saved *out) {
	struct words typed = shaping_words(cli, args);

	out->path = path;
	if (typed.n) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			"a saved plan holds its options and services: leave out '%s'",
			str_eq(typed.v[0].s, "--") ? typed.v[1].s : typed.v[0].s);
		return EXIT_USAGE;
	}
	out->file = planfile_read(cli->ctx, path, &out->text, &out->n);
	return out->file ? EXIT_DONE : out->text ? EXIT_STALE : EXIT_NO_FILE;
}

int
saved_show(struct cli *cli, const char *path, const struct plan_args *args, int format,
	bool *pending) {
	struct saved saved = {0};
	int code = open_saved(cli, path, args, &saved);
	const struct node *steps = code ? NULL : node_find(saved.file->plan, "steps");

	*pending = steps && steps->n > 0;
	return code ? code : document_render(cli, saved.file->plan, format);
}

/* Go to the folder where the plan was made: names of files are seen from there. */
static int
enter_folder(struct cli *cli, const char *folder) {
	if (chdir(folder) != 0 || setenv("PWD", folder, 1) != 0) {
		diag(cli->ctx, SEV_ERROR, nowhere, "stale",
			"the folder '%s', where the plan was saved, is not there any more", folder);
		return EXIT_STALE;
	}
	cli->environ = environ;
	return EXIT_DONE;
}

/* Take the options of the file for those that were typed. */
static int
take_options(struct cli *cli, const struct planfile *file, struct plan_args *args) {
	static const struct command *const rows[] = {&cmd_show};
	const char **argv = arena_array(cli->ctx->mem, file->options.n + 2, sizeof(*argv));
	struct parsed *p = arena_make(cli->ctx->mem, struct parsed);
	struct globals *g = arena_make(cli->ctx->mem, struct globals);

	argv[0] = cmd_show.name;
	for (size_t i = 0; i < file->options.n; i++)
		argv[i + 1] = file->options.v[i].s;
	if (!opts_parse(cli->ctx, p, rows, countof(rows), (char *const *)(uintptr_t)argv))
		return EXIT_STALE;
	*g = *cli->g;
	g->file = p->g.file;
	g->profile = p->g.profile;
	g->env_file = p->g.env_file;
	g->project_name = p->g.project_name;
	g->project_directory = p->g.project_directory;
	g->engine = p->g.engine;
	g->context = p->g.context;
	g->host = p->g.host;
	cli->g = g;
	cli->own = p->own;
	cli->operand = p->operand;
	cli->noperand = p->noperand;
	memcpy(args, p->args, sizeof(*args));
	return EXIT_DONE;
}

struct saved *
saved_begin(struct cli *cli, const char *path, struct plan_args *args, int *code) {
	struct saved *saved = arena_make(cli->ctx->mem, struct saved);

	*code = open_saved(cli, path, args, saved);
	if (!*code)
		*code = take_options(cli, saved->file, args);
	if (!*code)
		*code = enter_folder(cli, saved->file->folder);
	return saved;
}

/* The last words about a plan that is not run. */
static int
refuse(struct cli *cli, const struct saved *saved) {
	cli_print_diags(cli);
	cli_say(cli,
		"the plan in '%s' was not run, and nothing was done; to make it anew: %s --current "
		"--out %s",
		saved->path, cli_again(cli, "show", true), saved->path);
	return EXIT_STALE;
}

/* Does a spec that could not be read, or an engine that does not answer, which CODE says, differ from what the plan was made for? Then
 * that is why. */
static int
explain_failure(struct cli *cli, const struct stack *s, const struct saved *saved, int code) {
	if (code != EXIT_SPEC && code != EXIT_NO_FILE && code != EXIT_USAGE && code != EXIT_ENGINE)
		return code;
	const struct node *world = world_now(cli, s, saved->file, false);
	return world && !world_is_same(cli->ctx, saved->file->world, world, true)
		       ? refuse(cli, saved)
		       : code;
}

int
saved_look(struct cli *cli, struct stack *s, const struct plan_args *args, struct saved *saved) {
	int code = current_look(cli, s, args, ERRAND_APPLY_SAVED);

	if (code)
		return explain_failure(cli, s, saved, code);
	struct node *world = world_now(cli, s, saved->file, true);
	if (!world)
		return EXIT_ENGINE;
	if (!world_is_same(cli->ctx, saved->file->world, world, false))
		return refuse(cli, saved);
	saved->file->world = world;
	return EXIT_DONE;
}

/* Is this, as text, the plan in the file? */
static bool
is_same_text(struct cli *cli, const struct saved *saved, struct node *plan) {
	struct planfile file = *saved->file;
	struct buf b = {0};

	file.version = STACKPLAN_VERSION;
	file.plan = plan;
	planfile_text(cli->ctx, &b, &file);
	bool same = b.n == saved->n && memcmp(b.s, saved->text, b.n) == 0;
	buf_free(&b);
	return same;
}

int
saved_plan(struct cli *cli, struct stack *s, const struct plan_args *args, struct saved *saved,
	struct plan **out) {
	struct plan *printed;
	int code = current_plan(cli, s, args, &printed);

	if (code)
		return code;
	plan_trim(printed, args);
	struct node *tree = document_tree(cli, s, printed);
	if (!tree)
		return EXIT_SPEC;
	if (!is_same_text(cli, saved, tree)) {
		if (str_eq(saved->file->version, STACKPLAN_VERSION))
			diag(cli->ctx, SEV_ERROR, nowhere, "stale",
				"the plan comes out otherwise now: 'stackplan diff' tells what "
				"must be done");
		else
			diag(cli->ctx, SEV_ERROR, nowhere, "stale",
				"stackplan %s has made the plan, and this is %s",
				saved->file->version, STACKPLAN_VERSION);
		return refuse(cli, saved);
	}
	/* the printed one names the engine in each command, which running does by itself */
	return current_plan(cli, s, args, out);
}
