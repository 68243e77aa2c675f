/* document.c - the plan as text: what show and export have in common.
 *
 * A pure function of the spec: the engine is never asked. */
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/view.h>

#include "stack_int.h"

/* A format: its template, and what stands for the project folder in its commands. */
struct format {
	const char *template; /* NULL: the view itself as JSON */
	const char *folder;   /* NULL: as seen from the working directory */
	bool down;            /* it tells how to remove the stack */
};

static const struct format formats[] = {
	[FORMAT_UNSET] = {"show.sh", NULL, false},
	[FORMAT_TEXT] = {"show.sh", NULL, false},
	[FORMAT_SH] = {"script.sh", "$dir", true},
	[FORMAT_MARKDOWN] = {"doc.md", "$PWD", true},
	[FORMAT_JSON] = {NULL, NULL, true},
	[FORMAT_MERMAID] = {"graph.mmd", NULL, true},
	[FORMAT_DOT] = {"graph.dot", NULL, true},
};

/* Put the engine's global words after the program's name of a command. */
static void
aim_words(struct cli *cli, struct words *command, const struct words *global) {
	struct words aimed = {0};
	for (size_t i = 0; i < command->n; i++) {
		words_push_word(cli->ctx->mem, &aimed, command->v[i]);
		if (i == 0)
			words_push_all(cli->ctx->mem, &aimed, global);
	}
	*command = aimed;
}

void
document_aim(struct cli *cli, struct plan *plan) {
	struct words global = stack_global_words(cli);
	for (size_t i = 0; global.n && i < plan->nstep; i++) {
		struct step *s = plan->step[i];
		struct extra *own = step_extend(cli->ctx, s);
		own->undo = step_undo(cli->ctx, plan, s);
		own->guard = step_guard(cli->ctx, plan, s);
		aim_words(cli, &s->argv, &global);
		s->labels_at += s->labels_at ? global.n : 0;
		aim_words(cli, &own->undo, &global);
		aim_words(cli, &own->guard, &global);
	}
}

int
document_print(struct cli *cli, const struct stack *s, struct plan *plan) {
	struct view_options view = {
		.folder = stack_folder(cli, s), .global = stack_global_words(cli)};
	document_aim(cli, plan);
	struct node *tree = view_make(cli->ctx, plan, &view);
	if (!tree || !render_named(cli->ctx, &cli->out, "show.sh", tree))
		return EXIT_SPEC;
	return EXIT_DONE;
}

/* The plan that removes the stack, whatever the engine has. */
static struct plan *
make_down(struct cli *cli, struct stack *s) {
	struct down_options options = {.timeout_s = -1, .volumes = true};
	struct plan *plan = plan_down(cli->ctx, s->project, s->engine, s->want, NULL, &options);
	if (plan)
		document_aim(cli, plan);
	return plan;
}

/* So much is written at a time while a plan is printed. */
enum { CHUNK_BYTES = 56 << 10 };

/* Write what has been printed so far, when it is much. */
static void
write_some(void *arg) {
	struct cli *cli = arg;

	if (cli->out.n > CHUNK_BYTES)
		cli_flush(cli);
}

int
document_write(struct cli *cli, struct buf *out, struct stack *s, struct plan *plan, int format,
	const char *template_file) {
	const struct format *f = &formats[format];
	struct view_options view = {
		.global = stack_global_words(cli),
		.redact = !f->template && !template_file,
		.uses = f->template && !template_file ? render_text(cli->ctx, f->template) : NULL,
		.folder = f->folder ? f->folder : stack_folder(cli, s),
		/* a template of ours has no errors: what is printed need not wait for the rest */
		.between = out == &cli->out && !template_file ? write_some : NULL,
		.arg = cli,
	};
	document_aim(cli, plan);
	if (f->down && !(view.down = make_down(cli, s)))
		return EXIT_SPEC;
	struct node *tree = view_make(cli->ctx, plan, &view);
	if (!tree)
		return EXIT_SPEC;
	if (template_file)
		return render_file(cli->ctx, out, template_file, tree) ? EXIT_DONE : EXIT_NO_FILE;
	if (f->template)
		return render_named(cli->ctx, out, f->template, tree) ? EXIT_DONE : EXIT_SPEC;
	json_write(out, tree, 2);
	return EXIT_DONE;
}

struct node *
document_tree(struct cli *cli, struct stack *s, struct plan *plan) {
	struct view_options view = {.redact = true, .global = stack_global_words(cli)};
	document_aim(cli, plan);
	view.down = make_down(cli, s);
	return view.down ? view_make(cli->ctx, plan, &view) : NULL;
}

int
document_render(struct cli *cli, const struct node *tree, int format) {
	const char *template = formats[format].template;
	if (template)
		return render_named(cli->ctx, &cli->out, template, tree) ? EXIT_DONE : EXIT_SPEC;
	json_write(&cli->out, tree, 2);
	return EXIT_DONE;
}

int
document_make(struct cli *cli, struct buf *out, struct stack *s, const struct plan_options *options,
	int format, const char *template_file) {
	int code = stack_want(cli, s, options->labels);
	if (code)
		return code;
	struct changes *changes = diff_make(cli->ctx, s->project, s->want, NULL, NULL);
	struct plan *plan =
		changes ? plan_make(cli->ctx, s->project, s->engine, changes, options) : NULL;
	if (!plan)
		return EXIT_SPEC;
	stack_sources(cli, s, NULL);
	return document_write(cli, out, s, plan, format, template_file);
}
