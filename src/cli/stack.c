/* stack.c - what the verbs share: from options and files to the project, what is wanted, and
 * what the engine has.
 *
 * Each function returns an exit code; the reason is in the diagnostics. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stack_int.h"

static const struct pos nowhere = {0};

struct load_options
stack_load_options(const struct globals *g, char *const *environ) {
	return (struct load_options){
		.file = g->file.v,
		.nfile = g->file.n,
		.env_file = g->env_file.v,
		.nenv_file = g->env_file.n,
		.project_name = g->project_name,
		.project_directory = g->project_directory,
		.profile = g->profile.v,
		.nprofile = g->profile.n,
		.environ = environ,
	};
}

/* Most containers of a service. */
enum { MAX_SCALE = 1000 };

/* Is there a service of this name? It is diagnosed when not. */
static bool
name_is_known(struct cli *cli, const struct node *doc, const char *name) {
	const struct node *services = node_find(doc, "services");
	if (node_member(services, name))
		return true;
	size_t n = services && services->type == NODE_MAP ? services->n : 0;
	const char **names = arena_array(cli->ctx->mem, n + 1, sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = services->u.member[i].key;
	const char *near = str_nearest(name, names, n);
	diag(cli->ctx, SEV_ERROR, nowhere, "no-service",
		near ? "there is no service '%s'; did you mean '%s'?" : "there is no service '%s'",
		name, near);
	return false;
}

/* Are all services that were named on the command line in the file? */
static bool
names_are_known(struct cli *cli, const struct node *doc) {
	bool ok = true;
	for (size_t i = 0; i < cli->noperand; i++)
		ok = name_is_known(cli, doc, cli->operand[i]) && ok;
	return ok;
}

/* Read SERVICE=N. */
static bool
read_scale(struct cli *cli, const char *text, struct scale_wish *out) {
	size_t name = strcspn(text, "=");
	if (name && text[name] && str_int(text + name + 1, 0, MAX_SCALE, &out->n)) {
		out->service = arena_strndup(cli->ctx->mem, text, name);
		return true;
	}
	diag(cli->ctx, SEV_ERROR, nowhere, "usage",
		"'--scale' wants SERVICE=N with a number from 0 to %d, not \"%s\"", MAX_SCALE,
		text);
	return false;
}

/* The wishes of --scale, for services that there are. */
static int
read_scales(struct cli *cli, const struct list *list, struct loaded *loaded) {
	struct scale_wish *wish = arena_array(cli->ctx->mem, list->n, sizeof(*wish));
	for (size_t i = 0; i < list->n; i++)
		if (!read_scale(cli, list->v[i], &wish[i]) ||
			!name_is_known(cli, loaded->doc, wish[i].service))
			return EXIT_USAGE;
	loaded->scale = wish;
	loaded->nscale = list->n;
	return EXIT_DONE;
}

void
stack_begin(struct cli *cli, struct stack *s) {
	static const char *const engine_names[] = {"docker", "docker", "podman", "nerdctl"};
	*s = (struct stack){0};
	s->engine = engine_find(engine_names[cli->g->engine]);
}

/* Load, with the wishes of --scale (NULL: none). */
static int
load_scaled(struct cli *cli, struct stack *s, bool no_deps, const struct list *scale) {
	stack_begin(cli, s);
	struct load_options options = stack_load_options(cli->g, cli->environ);
	if (!load_spec(cli->ctx, &options, &s->loaded))
		return s->loaded.file_missing ? EXIT_NO_FILE : EXIT_SPEC;
	if (!names_are_known(cli, s->loaded.doc))
		return EXIT_USAGE;
	if (scale && read_scales(cli, scale, &s->loaded))
		return EXIT_USAGE;
	for (size_t i = 0; cli->g->verbose && i < s->loaded.nfile; i++)
		cli_say(cli, "spec: %s", s->loaded.file[i].s);
	s->project = project_make(cli->ctx, &s->loaded, cli->operand, cli->noperand, no_deps);
	return s->project ? EXIT_DONE : EXIT_SPEC;
}

int
stack_load(struct cli *cli, struct stack *s, bool no_deps) {
	return load_scaled(cli, s, no_deps, NULL);
}

int
stack_load_plan(struct cli *cli, struct stack *s, const struct plan_args *args) {
	return load_scaled(cli, s, args->no_deps, &args->scale);
}

int
stack_want(struct cli *cli, struct stack *s, bool labels) {
	s->want = want_make(cli->ctx, s->project, s->engine, labels);
	return s->want ? EXIT_DONE : EXIT_SPEC;
}

bool
stack_labels(const struct cli *cli) {
	return cli->g->labels != LABELS_NONE;
}

int
stack_needs_labels(struct cli *cli, const char *verb) {
	if (stack_labels(cli))
		return EXIT_DONE;
	diag(cli->ctx, SEV_ERROR, nowhere, "usage",
		"'--labels none' is for show and export: %s knows its containers by their labels",
		verb);
	return EXIT_USAGE;
}

/* Say which engine was asked, where that was a choice; what to do has been said. */
static void
note_unreachable(struct cli *cli) {
	const char *host = cli->g->host ? cli->g->host : getenv("DOCKER_HOST");
	const char *context = cli->g->context ? cli->g->context : getenv("DOCKER_CONTEXT");
	if (cli->g->context)
		host = NULL;
	if (host && *host)
		diag_note(cli->ctx, nowhere, "tried the host \"%s\", from %s", host,
			cli->g->host ? "--host" : "DOCKER_HOST");
	else if (context && *context)
		diag_note(cli->ctx, nowhere, "tried the context \"%s\", from %s", context,
			cli->g->context ? "--context" : "DOCKER_CONTEXT");
}

struct words
stack_global_words(struct cli *cli) {
	struct arena *mem = cli->ctx->mem;
	struct words words = {0};
	words_push_all(mem, &words, &cli->plugin->words);
	if (cli->g->context) {
		words_push(mem, &words, "--context", nowhere);
		words_push(mem, &words, cli->g->context, nowhere);
	}
	if (cli->g->host) {
		words_push(mem, &words, "--host", nowhere);
		words_push(mem, &words, cli->g->host, nowhere);
	}
	return words;
}

int
stack_program(struct cli *cli, struct stack *s) {
	int code = EXIT_NOT_FOUND;
	if (s->docker.program)
		return EXIT_DONE;
	if (!s->engine->is_asked) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			"'--engine %s' is for show and export, whose commands you run yourself: "
			"only docker is asked and told",
			s->engine->name);
		return EXIT_USAGE;
	}
	if (!docker_find(cli->ctx, &s->docker, s->engine, cli->environ, &code))
		return code;
	s->docker.global = stack_global_words(cli);
	s->docker.parallel = outcome_parallel_asked(cli);
	if (cli->g->verbose)
		cli_say(cli, "engine: %s", s->docker.program);
	return EXIT_DONE;
}

int
stack_observe(struct cli *cli, struct stack *s, enum closeness how) {
	bool unreachable = false;
	int code = stack_program(cli, s);
	if (code)
		return code;
	s->had = observe(cli->ctx, &s->docker, s->project, s->want, how, &unreachable);
	if (s->had)
		return EXIT_DONE;
	if (sig_cancelled())
		return 128 + sig_cancelled();
	if (!unreachable)
		return EXIT_STEP;
	note_unreachable(cli);
	return EXIT_ENGINE;
}

/* Ask for the engine's version, after a look that has left it out, unless nothing will be made. */
static int
ask_version(struct cli *cli, struct stack *s) {
	bool unreachable = false;
	if (is_all_there(cli->ctx, s->project, s->want, s->had) ||
		observe_version(cli->ctx, &s->docker, &unreachable))
		return EXIT_DONE;
	if (unreachable)
		note_unreachable(cli);
	return unreachable ? EXIT_ENGINE : EXIT_STEP;
}

int
stack_observe_fit(struct cli *cli, struct stack *s) {
	bool dropped = false;
	s->docker.version = version_matters(cli->ctx, s->project) ? &s->version : NULL;
	int code = stack_observe(cli, s, s->lean ? LOOK_LEAN : LOOK_CLOSE);
	if (!code && s->lean && s->docker.version)
		code = ask_version(cli, s);
	s->docker.version = NULL; /* asked once */
	if (code)
		return code;
	if (!version_check(cli->ctx, s->project, &s->version, &dropped))
		return EXIT_SPEC;
	return dropped ? stack_want(cli, s, true) : EXIT_DONE;
}

int
stack_observe_again(struct cli *cli, struct stack *s) {
	bool unreachable = false;
	int code = stack_program(cli, s);
	if (code)
		return code;
	s->had = observe_containers(cli->ctx, &s->docker, &unreachable);
	if (!s->had && unreachable)
		note_unreachable(cli);
	if (!s->had && sig_cancelled())
		return 128 + sig_cancelled();
	return s->had ? EXIT_DONE : unreachable ? EXIT_ENGINE : EXIT_STEP;
}

int
stack_prove(struct cli *cli, const struct stack *s) {
	return observe_twice(cli->ctx, &s->docker, s->project, s->had) ? EXIT_DONE : EXIT_STEP;
}

bool
stack_way_is_free(struct cli *cli, const struct changes *changes) {
	bool is_free = true;
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		const char *code = c->kind == CHANGE_BLOCKED    ? "blocked"
				   : c->kind == CHANGE_CONFLICT ? "conflict"
				   : c->kind == CHANGE_MISSING  ? "missing"
								: NULL;
		if (!code)
			continue;
		diag(cli->ctx, SEV_ERROR, c->at, code, "%s", c->why);
		is_free = false;
	}
	return is_free;
}

/* Is the variable set, to something that does not begin with LOCAL? */
static bool
is_aimed(const char *name, const char *local) {
	const char *value = getenv(name);
	return value && *value && !str_starts(value, local);
}

/* May the engine run on another machine? What docker's own settings say is not read. */
static bool
is_elsewhere(const struct globals *g) {
	if (g->host)
		return !str_starts(g->host, "unix://");
	if (g->context)
		return !str_eq(g->context, "default");
	return is_aimed("DOCKER_HOST", "unix://") || is_aimed("DOCKER_CONTEXT", "default");
}

bool
stack_is_here(const struct cli *cli) {
	return !is_elsewhere(cli->g);
}

int
stack_sources(struct cli *cli, const struct stack *s, const struct changes *made) {
	bool *only = made ? arena_array(cli->ctx->mem, s->project->nservice, sizeof(*only)) : NULL;
	for (size_t i = 0; made && i < made->n; i++) {
		const struct change *c = &made->v[i];
		if ((c->kind == CHANGE_CREATE || c->kind == CHANGE_REPLACE) && c->want->service)
			only[c->want->service->place] = true;
	}
	struct source_rules rules = {
		.only = only,
		.engine_elsewhere = is_elsewhere(cli->g),
		.strict = made != NULL,
	};
	return project_sources(cli->ctx, s->project, &rules) ? EXIT_DONE : EXIT_SPEC;
}

/* A path as it may stand between a shell's double quotes. */
static void
add_quotable(struct buf *b, const char *path) {
	for (; *path; path++) {
		if (strchr("\\\"$`", *path))
			buf_addc(b, '\\');
		buf_addc(b, *path);
	}
}

const char *
stack_folder(struct cli *cli, const struct stack *s) {
	const char *here = s->loaded.folder ? path_cwd(cli->ctx->mem) : NULL;
	const char *rest = here && !str_eq(here, "/") ? path_below(s->loaded.folder, here) : NULL;
	if (!rest)
		return NULL;
	struct buf b = {0};
	buf_adds(&b, "$PWD");
	add_quotable(&b, rest);
	return arena_take_buf(cli->ctx->mem, &b);
}

int
plan_args_check(struct cli *cli, const struct plan_args *args) {
	const char *both = args->build && args->no_build ? "'--build' and '--no-build'"
			   : args->force_recreate && args->no_recreate
				   ? "'--force-recreate' and '--no-recreate'"
				   : NULL;
	if (args->wait && args->no_start) {
		diag(cli->ctx, SEV_ERROR, nowhere, "usage",
			"'--wait' has nothing to wait for with '--no-start': give one of them");
		return EXIT_USAGE;
	}
	if (!both)
		return EXIT_DONE;
	diag(cli->ctx, SEV_ERROR, nowhere, "usage", "%s exclude each other: give one of them",
		both);
	return EXIT_USAGE;
}

bool
is_yes(const char *name) {
	const char *value = getenv(name);
	return value && str_in("1 true yes on", value);
}

struct diff_options
diff_options_from(const struct plan_args *args) {
	return (struct diff_options){
		.recreate = args->force_recreate,
		.keep = args->no_recreate,
		.remove_orphans = args->remove_orphans || is_yes("COMPOSE_REMOVE_ORPHANS"),
		.ignore_orphans = is_yes("COMPOSE_IGNORE_ORPHANS"),
	};
}

struct plan_options
plan_options_from(const struct plan_args *args, bool labels) {
	return (struct plan_options){
		.no_start = args->no_start,
		.wait = args->wait,
		.labels = labels,
		.gate_timeout_ms =
			args->wait_timeout.given ? (uint32_t)args->wait_timeout.value : 0,
		.has_timeout = args->timeout.given,
		.timeout_s = (args->timeout.value + 999) / 1000,
		.pull = args->pull,
		.build = args->no_build ? BUILD_NEVER
			 : args->build  ? BUILD_ALWAYS
					: BUILD_POLICY,
		.now_s = time(NULL),
	};
}
