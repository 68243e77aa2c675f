/* cmd_config_more.c - what `config` prints beside the document and its lists: digests of services,
 * the variables that the spec asks for, the place of every value. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/resource.h>
#include <stackplan/str.h>
#include <string.h>

#include "stack_int.h"

static const struct pos nowhere = {0};

const char *
place_text(struct ctx *ctx, struct pos at) {
	const char *name = diag_source_name(ctx, at.src);
	if (!at.line)
		return name;
	return arena_printf(ctx->mem, "%s:%u:%u", name, (unsigned)at.line, (unsigned)at.col);
}

/* Is NAME one of the words of a list separated by commas? */
static bool
in_commas(const char *list, const char *name) {
	size_t len = strlen(name);
	for (const char *p = list; *p; p += strspn(p, ",")) {
		size_t n = strcspn(p, ",");
		if (n == len && memcmp(p, name, len) == 0)
			return true;
		p += n;
	}
	return false;
}

/* Is every word of the list a service? The first that is none is diagnosed. */
static bool
are_services(struct cli *cli, const struct project *p, const char *list) {
	for (const char *s = list; *s; s += strspn(s, ",")) {
		size_t n = strcspn(s, ",");
		const char *name = arena_strndup(cli->ctx->mem, s, n);
		if (!project_service(p, name)) {
			diag(cli->ctx, SEV_ERROR, nowhere, "no-service", "there is no service '%s'",
				name);
			return false;
		}
		s += n;
	}
	return true;
}

int
config_hash(struct cli *cli, struct stack *s, const char *which) {
	bool all = str_eq(which, "*");
	if (!all && !are_services(cli, s->project, which))
		return EXIT_USAGE;
	/* one container of each tells; a service that wants none has its digest all the same */
	for (size_t i = 0; i < s->project->nservice; i++)
		s->project->service[i].scale = 1;
	int code = stack_want(cli, s, false);
	if (code)
		return code;
	for (size_t i = 0; i < s->want->n; i++) {
		const struct resource *r = s->want->v[i];
		if (r->kind == KIND_CONTAINER && r->service &&
			(all || in_commas(which, r->service->name)))
			buf_printf(&cli->out, "%s %s\n", r->service->name,
				resource_digest(cli->ctx, s->project, r)->all);
	}
	return EXIT_DONE;
}

/* What the spec says of one variable, over all of its uses. */
struct wish {
	const char *name, *fallback, *alternate;
	bool required;
};

/* The wishes, in the order of the spec. */
static struct wish *
collect_wishes(struct ctx *ctx, size_t *n) {
	struct uses uses;
	uses_find(ctx, &uses);
	struct wish *v = arena_array(ctx->mem, uses.n + 1, sizeof(*v));
	struct node *place = node_new(ctx->mem, NODE_MAP, nowhere);
	*n = 0;
	for (size_t i = 0; i < uses.n; i++) {
		const struct use *u = &uses.v[i];
		int64_t at = (int64_t)*n;
		const struct node *known = node_find(place, u->name);
		if (!known || !node_to_int(known, &at)) {
			node_add(
				ctx->mem, place, u->name, nowhere, node_int(ctx->mem, at, nowhere));
			v[(*n)++].name = u->name;
		}
		struct wish *w = &v[at];
		w->required = w->required || u->sign == '?';
		if (u->sign == '-' && !w->fallback)
			w->fallback = u->text;
		if (u->sign == '+' && !w->alternate)
			w->alternate = u->text;
	}
	return v;
}

/* A text of the spec as it may be seen under the variable's name. */
static const char *
shown(const char *name, const char *text) {
	return text && *text && (str_is_secret_name(name) || str_has_url_password(text))
		       ? "<redacted>"
		       : text;
}

/* The wishes as JSON. */
static void
print_wishes(struct cli *cli, const struct wish *v, size_t n) {
	struct arena *mem = cli->ctx->mem;
	struct node *tree = node_new(mem, NODE_MAP, nowhere);
	struct node *list = node_new(mem, NODE_LIST, nowhere);
	node_set(mem, tree, "format_version", nowhere, node_str(mem, "1.0", nowhere));
	node_set(mem, tree, "variables", nowhere, list);
	for (size_t i = 0; i < n; i++) {
		struct node *map = node_new(mem, NODE_MAP, nowhere);
		const char *texts[][2] = {
			{"default", v[i].fallback}, {"alternate", v[i].alternate}};
		node_append(mem, list, map);
		node_set(mem, map, "name", nowhere, node_str(mem, v[i].name, nowhere));
		node_set(mem, map, "required", nowhere, node_bool(mem, v[i].required, nowhere));
		for (size_t j = 0; j < countof(texts); j++)
			if (texts[j][1])
				node_set(mem, map, texts[j][0], nowhere,
					node_str(mem, shown(v[i].name, texts[j][1]), nowhere));
	}
	json_write(&cli->out, tree, 2);
}

void
config_variables(struct cli *cli, bool json) {
	size_t n;
	const struct wish *v = collect_wishes(cli->ctx, &n);
	struct columns c = {.width = 4};
	if (json) {
		print_wishes(cli, v, n);
		return;
	}
	columns_add(cli->ctx, &c,
		(const char *const[]){"NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"});
	for (size_t i = 0; i < n; i++)
		columns_add(cli->ctx, &c,
			(const char *const[]){v[i].name, v[i].required ? "true" : "false",
				shown(v[i].name, v[i].fallback), shown(v[i].name, v[i].alternate)});
	columns_print(cli->ctx, &c, &cli->out);
}

/* Walking the document: the lines so far, and the path to where we are. */
struct origins {
	struct ctx *ctx;
	struct columns lines;
};

/* The variables that a value came from, and where those are set. */
static const char *
outside_of(struct ctx *ctx, const struct node *node) {
	struct word word = node_word(node);
	const struct ref *before = NULL;
	struct buf b = {0};
	for (size_t i = 0; i < word.nspan; i++) {
		const struct ref *ref = word.span[i].ref;
		if (ref == before || ref->from == REF_FOLDER || ref->from == REF_OUTPUT)
			continue;
		buf_printf(&b, "%s${%s} %s", b.n ? ", " : "", ref->name,
			ref->from == REF_ENVIRON ? "environment" : ref->file);
		if (ref->at.line)
			buf_printf(&b, ":%u", (unsigned)ref->at.line);
		before = ref;
	}
	return arena_take_buf(ctx->mem, &b);
}

/* One line for the value at PATH. The depth is that of the document. */
static void
add_origins(struct origins *o, const char *path, struct pos at, const struct node *node) {
	if (node->at.line)
		at = node->at;
	for (size_t i = 0; node->type == NODE_MAP && i < node->n; i++) {
		const struct member *m = &node->u.member[i];
		bool plain = !strpbrk(m->key, ".[]");
		const char *step = plain ? m->key : arena_printf(o->ctx->mem, "[%s]", m->key);
		add_origins(o,
			arena_printf(o->ctx->mem, "%s%s%s", path, *path && plain ? "." : "", step),
			m->at.line ? m->at : at, m->val);
	}
	for (size_t i = 0; node->type == NODE_LIST && i < node->n; i++)
		add_origins(o, arena_printf(o->ctx->mem, "%s[%zu]", path, i), at, node->u.item[i]);
	if ((node->type == NODE_MAP || node->type == NODE_LIST) && node->n)
		return;
	columns_add(o->ctx, &o->lines,
		(const char *const[]){path, at.line ? place_text(o->ctx, at) : "default",
			node_is_scalar(node) ? outside_of(o->ctx, node) : ""});
}

void
config_origins(struct cli *cli, const struct node *doc) {
	struct origins o = {.ctx = cli->ctx, .lines = {.width = 3}};
	add_origins(&o, "", nowhere, doc);
	columns_print(cli->ctx, &o.lines, &cli->out);
}
