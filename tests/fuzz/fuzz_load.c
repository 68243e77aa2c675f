/* fuzz_load.c - any bytes as a compose file, through the whole pipeline: project, the spec as `config`
 * prints it, what is missing on the disk, plan with labels, the plan as text and as JSON. What no plan can
 * be made of is loaded once more as `config` does, which goes on with what no engine takes. */
#include <fcntl.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/plan.h>
#include <stackplan/proc.h>
#include <stackplan/project.h>
#include <stackplan/view.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Many containers of one service cost time and show nothing new. */
enum { MOST = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* From the project to what is printed; where nothing is, an error must have been reported. */
static void
plan(struct ctx *ctx, struct project *p) {
	const struct engine *engine = engine_find("docker");
	struct plan_options options = {.labels = true};
	struct view_options view = {.folder = "$PWD", .redact = true};
	struct resources *want = NULL;
	struct changes *changes = NULL;
	struct plan *made = NULL;
	struct node *tree = NULL;
	struct buf out = {0};

	for (size_t i = 0; p && i < p->nservice; i++)
		p->service[i].scale = p->service[i].scale > MOST ? MOST : p->service[i].scale;
	if (p)
		want = want_make(ctx, p, engine, true);
	if (want)
		changes = diff_make(ctx, p, want, NULL, NULL);
	if (changes)
		made = plan_make(ctx, p, engine, changes, &options);
	if (made)
		tree = view_make(ctx, made, &view);
	if (tree) {
		json_write(&out, tree, 2);
		render_named(ctx, &out, "show.sh", tree);
		render_named(ctx, &out, "doc.md", tree);
	}
	if (!out.n && !diag_errors(ctx))
		abort();
	buf_free(&out);
}

/* The spec as it is printed. */
static void
normal(struct ctx *ctx, const struct project *p) {
	struct node *doc = project_normal(ctx, p);
	struct source_rules rules = {.strict = false};
	struct buf out = {0};

	yaml_write(&out, doc);
	json_write(&out, doc, 2);
	if (!out.n || !project_sources(ctx, p, &rules))
		abort();
	buf_free(&out);
}

/* The spec as `config` reads it, for inputs that were refused. */
static void
look(struct arena *mem, const struct load_options *options) {
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct loaded loaded;
	struct project *p;

	diags_lenient(&ctx);
	if (lseek(STDIN_FILENO, 0, SEEK_SET) != 0)
		abort();
	p = load_spec(&ctx, options, &loaded) ? project_make(&ctx, &loaded, NULL, 0, false) : NULL;
	if (p)
		normal(&ctx, p);
	else if (!diag_errors(&ctx))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	char own0[] = "A=aa";
	char own1[] = "COMPOSE_DISABLE_ENV_FILE=1";
	char own2[] = "HOME=/nonexistent";
	char *const own[] = {own0, own1, own2, NULL};
	const char *const file[] = {"-"};
	struct load_options options = {
		.file = file, .nfile = 1, .environ = own, .project_name = "fuzz"};
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct loaded loaded;
	int fd = proc_memfile((const char *)data, size);

	/* standard input is the only way in that needs no file */
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		abort();
	close(fd);
	if (load_spec(&ctx, &options, &loaded)) {
		struct project *p = project_make(&ctx, &loaded, NULL, 0, false);

		if (p)
			normal(&ctx, p);
		plan(&ctx, p);
	}
	if (diag_errors(&ctx))
		look(mem, &options);
	arena_free(mem);
	return 0;
}
