/* cmd_env.c - the variables of the project: the value of each, where it came from, and what it
 * shadows.
 *
 * Told are the variables that the spec asks for and those that .env or --env-file set; the rest of
 * the environment has no part in the project. Then those that the env files of each service give its
 * containers. Starts at run(). Values whose names say that they are secret are masked in every
 * format. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

#include "stack_int.h"

/* A shorter value is no mark of a secret: it could stand anywhere. */
enum { SECRET_MIN = 4 };
enum { ENV_UNSET, ENV_TEXT, ENV_JSON };

struct env_args {
	int format;
};

static const struct option rows[] = {
	{.name = "format",
		.arg = "FORMAT",
		.kind = OPTION_CHOICE,
		.offset = offsetof(struct env_args, format),
		.choices = "text json",
		.doc = "How to print the variables (default: text)"},
};

static const char redacted[] = "<redacted>";
static const struct pos nowhere = {0};

/* One variable to tell of. */
struct entry {
	const char *name;
	const struct env_var *var; /* NULL: unset */
	const struct use *use;     /* its uses lie one after another */
	size_t nuse;
};

/* Everything that will be told, sorted by name. */
struct told {
	struct ctx *ctx;
	struct entry *v;
	size_t n;
	const struct project *project; /* NULL: the services are not known */
	const char **secret; /* values of secret variables: what holds one of them is secret too */
	size_t nsecret;
};

/* Is a value of this name to be kept out of what people see, whatever else there is? */
static bool
is_secret_itself(const char *name, const char *value) {
	return str_is_secret_name(name) || str_has_url_password(value);
}

/* The same, or does it hold the value of one that is? */
static bool
is_secret(const struct told *told, const char *name, const char *value) {
	if (is_secret_itself(name, value))
		return true;
	for (size_t i = 0; i < told->nsecret; i++)
		if (strstr(value, told->secret[i]))
			return true;
	return false;
}

/* The value as it may be seen. */
static const char *
shown(const struct told *told, const char *name, const char *value) {
	if (is_secret(told, name, value))
		return redacted;
	return *value ? value : "\"\"";
}

/* Is the value among those remembered? */
static bool
is_noted(const struct told *told, const char *value) {
	for (size_t i = 0; i < told->nsecret; i++)
		if (str_eq(told->secret[i], value))
			return true;
	return false;
}

/* Remember the values of a secret variable, but for those so short that they are in everything. */
static void
note_secrets(struct told *told, const struct env_var *var) {
	for (; var; var = var->shadows) {
		if (!is_secret_itself(var->name, var->value.s) ||
			strlen(var->value.s) < SECRET_MIN || is_noted(told, var->value.s))
			continue;
		told->secret = arena_grow(told->ctx->mem, told->secret, told->nsecret,
			told->nsecret + 1, sizeof(*told->secret));
		told->secret[told->nsecret++] = var->value.s;
	}
}

/* Where a variable came from, in words. */
static const char *
source_of(struct ctx *ctx, const struct env_var *var) {
	if (!var->ref)
		return "the project's name";
	if (var->ref->from == REF_ENVIRON)
		return "environment";
	return arena_printf(ctx->mem, "%s:%u", var->ref->file, (unsigned)var->ref->at.line);
}

/* By name, then in the order of the spec. */
static int
by_name(const void *a, const void *b) {
	const struct use *x = a, *y = b;
	int by = strcmp(x->name, y->name);
	if (by)
		return by;
	if (x->at.src != y->at.src)
		return x->at.src < y->at.src ? -1 : 1;
	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	return x->at.col < y->at.col ? -1 : x->at.col > y->at.col;
}

/* The same for entries, whose names differ. */
static int
by_entry(const void *a, const void *b) {
	return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

/* By name. */
static int
by_var(const void *a, const void *b) {
	const struct env_var *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

/* Was the variable, or one that it shadows, set by a file? */
static bool
is_of_file(const struct env_var *var) {
	for (; var; var = var->shadows)
		if (var->ref && var->ref->from == REF_DOTENV)
			return true;
	return false;
}

/* Gather the entries: one for each name used, and one for each other name that a file sets. */
static struct told
gather(struct ctx *ctx, const struct env *env) {
	struct told told = {.ctx = ctx};
	struct uses uses;
	size_t max = 0;
	uses_find(ctx, &uses);
	if (uses.n)
		qsort(uses.v, uses.n, sizeof(*uses.v), by_name);
	while (env && env_nth(env, max))
		max++;
	told.v = arena_array(ctx->mem, uses.n + max + 1, sizeof(*told.v));
	for (size_t i = 0; i < uses.n; i++) {
		const char *name = uses.v[i].name;
		struct entry *last = told.n ? &told.v[told.n - 1] : NULL;
		if (last && str_eq(last->name, name))
			last->nuse++;
		else
			told.v[told.n++] = (struct entry){name,
				env ? env_find(env, name, strlen(name)) : NULL, &uses.v[i], 1};
	}
	size_t used = told.n;
	for (size_t i = 0; i < max; i++) {
		const struct env_var *var = env_nth(env, i);
		struct entry key = {.name = var->name, .var = var};
		note_secrets(&told, var);
		if (is_of_file(var) && !bsearch(&key, told.v, used, sizeof(key), by_entry))
			told.v[told.n++] = key;
	}
	if (told.n)
		qsort(told.v, told.n, sizeof(*told.v), by_entry);
	return told;
}

/* Does the use give a text of the spec's own, as things stand? */
static bool
takes_default(const struct entry *e, const struct use *use) {
	bool given = e->var && !(use->or_empty && !*e->var->value.s);
	return use->sign == '-' && !given;
}

/* One line: what stands in the columns. */
static void
add_line(struct told *told, struct columns *c, const char *name, const char *value,
	const char *from) {
	columns_add(told->ctx, c, (const char *const[]){name, value, from});
}

/* What a value is where it is not set: a line for each different default, or one that says so. */
static void
add_defaults(struct told *told, struct columns *c, const struct entry *e) {
	const char *before = NULL, *name = e->var ? "" : e->name;
	for (size_t i = 0; i < e->nuse; i++) {
		const struct use *use = &e->use[i];
		if (!takes_default(e, use) || (before && str_eq(before, use->text)))
			continue;
		add_line(told, c, name, shown(told, e->name, use->text),
			arena_printf(
				told->ctx->mem, "default, %s", place_text(told->ctx, use->at)));
		before = use->text;
		name = "";
	}
	if (before || e->var)
		return;
	add_line(told, c, name, "-",
		arena_printf(told->ctx->mem, "not set, %s at %s",
			e->use->sign == '?' ? "required" : "used",
			place_text(told->ctx, e->use->at)));
}

/* The entry of the service's environment that takes the place of the variable, or NULL. */
static const struct member *
written(const struct service *service, const char *name) {
	return node_member(node_find(service->tree, "environment"), name);
}

/* The lines of one variable from a service's env file: what counts, then what is shadowed. */
static void
add_service_lines(struct told *told, struct columns *c, const struct service *service,
	const char *first, const struct env_var *var) {
	const struct member *own = written(service, var->name);
	const char *name = var->name;
	if (own) {
		const struct node *value = node_find(service->env, name);
		columns_add(told->ctx, c,
			(const char *const[]){first, name,
				!value || value->type == NODE_NULL
					? "-"
					: shown(told, name, node_text(value)),
				arena_printf(told->ctx->mem, "environment, %s",
					place_text(told->ctx, own->at))});
		first = name = "";
	}
	for (; var; var = var->shadows) {
		const char *from = source_of(told->ctx, var);
		bool shadowed = !*name;
		columns_add(told->ctx, c,
			(const char *const[]){first, name, shown(told, var->name, var->value.s),
				shadowed ? arena_printf(told->ctx->mem, "shadowed, %s", from)
					 : from});
		first = name = "";
	}
}

/* The variables of a service's env files, by name; *N gets their number. */
static const struct env_var **
service_vars(struct ctx *ctx, const struct service *service, size_t *n) {
	const struct env_var **list, *var;
	*n = 0;
	while (service->enabled && service->files && env_nth(service->files, *n))
		++*n;
	list = arena_array(ctx->mem, *n + 1, sizeof(*list));
	for (size_t i = 0; i < *n && (var = env_nth(service->files, i)); i++)
		list[i] = var;
	if (*n)
		qsort(list, *n, sizeof(*list), by_var);
	return list;
}

/* Print what the services' env files give, if any do. */
static void
print_services(struct cli *cli, struct told *told) {
	struct columns c = {.width = 4};
	for (size_t i = 0; told->project && i < told->project->nservice; i++) {
		const struct service *service = &told->project->service[i];
		size_t n;
		const struct env_var **v = service_vars(told->ctx, service, &n);
		for (size_t j = 0; j < n; j++) {
			if (!c.n)
				columns_add(told->ctx, &c,
					(const char *const[]){"SERVICE", "NAME", "VALUE", "FROM"});
			add_service_lines(told, &c, service, j ? "" : service->name, v[j]);
		}
	}
	if (c.n && told->n)
		buf_addc(&cli->out, '\n');
	if (c.n)
		columns_print(told->ctx, &c, &cli->out);
}

/* Print the variables as text. */
static void
print_text(struct cli *cli, struct told *told) {
	struct columns c = {.width = 3};
	add_line(told, &c, "NAME", "VALUE", "FROM");
	for (size_t i = 0; i < told->n; i++) {
		const struct entry *e = &told->v[i];
		const struct env_var *under = e->var ? e->var->shadows : NULL;
		if (e->var)
			add_line(told, &c, e->name, shown(told, e->name, e->var->value.s),
				source_of(told->ctx, e->var));
		for (; under; under = under->shadows)
			add_line(told, &c, "", shown(told, e->name, under->value.s),
				arena_printf(told->ctx->mem, "shadowed, %s",
					source_of(told->ctx, under)));
		add_defaults(told, &c, e);
	}
	if (told->n)
		columns_print(told->ctx, &c, &cli->out);
	print_services(cli, told);
}

/* Set a text member. */
static void
set_text(struct told *told, struct node *map, const char *key, const char *text) {
	node_set(told->ctx->mem, map, key, nowhere, node_str(told->ctx->mem, text, nowhere));
}

/* Set a place: file, line and column, the last where it is known. */
static void
set_place(struct told *told, struct node *map, const char *file, struct pos at) {
	set_text(told, map, "file", file);
	node_set(told->ctx->mem, map, "line", nowhere, node_int(told->ctx->mem, at.line, nowhere));
	if (at.col)
		node_set(told->ctx->mem, map, "column", nowhere,
			node_int(told->ctx->mem, at.col, nowhere));
}

/* Set the value, to be masked where it is secret. */
static void
set_value(struct told *told, struct node *map, const char *name, const char *value) {
	struct node *node = node_str(told->ctx->mem, value, nowhere);
	if (is_secret(told, name, value))
		node->flags |= NODE_SECRET;
	node_set(told->ctx->mem, map, "value", nowhere, node);
}

/* Set value and origin of one variable. */
static void
set_var(struct told *told, struct node *map, const struct env_var *var) {
	bool file = var->ref && var->ref->from != REF_ENVIRON;
	set_value(told, map, var->name, var->value.s);
	set_text(told, map, "from", !var->ref ? "project" : file ? "file" : "environment");
	if (file)
		set_place(told, map, var->ref->file, var->ref->at);
}

/* A new mapping at the end of a list. */
static struct node *
append_map(struct told *told, struct node *list) {
	struct node *map = node_new(told->ctx->mem, NODE_MAP, nowhere);
	node_append(told->ctx->mem, list, map);
	return map;
}

/* A new list as a member. */
static struct node *
set_list(struct told *told, struct node *map, const char *key) {
	struct node *list = node_new(told->ctx->mem, NODE_LIST, nowhere);
	node_set(told->ctx->mem, map, key, nowhere, list);
	return list;
}

/* One variable as JSON. */
static void
add_json(struct told *told, struct node *list, const struct entry *e) {
	struct node *map = append_map(told, list), *lower, *used;
	set_text(told, map, "name", e->name);
	if (e->var)
		set_var(told, map, e->var);
	else
		set_text(told, map, "from", "nowhere");
	lower = set_list(told, map, "shadows");
	for (const struct env_var *v = e->var ? e->var->shadows : NULL; v; v = v->shadows)
		set_var(told, append_map(told, lower), v);
	used = set_list(told, map, "used");
	for (size_t i = 0; i < e->nuse; i++) {
		const struct use *use = &e->use[i];
		struct node *at = append_map(told, used);
		set_place(told, at, diag_source_name(told->ctx, use->at.src), use->at);
		if (use->sign == '?')
			set_text(told, at, "required", use->text);
		else if (takes_default(e, use))
			set_value(told, at, e->name, use->text);
	}
}

/* One variable from a service's env file as JSON; the service's own environment may come before
 * it. */
static void
add_service_json(struct told *told, struct node *list, const struct service *service,
	const struct env_var *var) {
	struct node *map = append_map(told, list), *lower;
	const struct member *own = written(service, var->name);
	set_text(told, map, "name", var->name);
	if (own) {
		const struct node *value = node_find(service->env, var->name);
		if (value && value->type != NODE_NULL)
			set_value(told, map, var->name, node_text(value));
		set_text(told, map, "from", "service");
		set_place(told, map, diag_source_name(told->ctx, own->at.src), own->at);
	} else {
		set_var(told, map, var);
		var = var->shadows;
	}
	lower = set_list(told, map, "shadows");
	for (; var; var = var->shadows)
		set_var(told, append_map(told, lower), var);
}

/* The services with env files as JSON. */
static void
add_services_json(struct told *told, struct node *list) {
	for (size_t i = 0; told->project && i < told->project->nservice; i++) {
		const struct service *service = &told->project->service[i];
		size_t n;
		const struct env_var **v = service_vars(told->ctx, service, &n);
		if (!n)
			continue;
		struct node *map = append_map(told, list), *vars;
		set_text(told, map, "name", service->name);
		vars = set_list(told, map, "variables");
		for (size_t j = 0; j < n; j++)
			add_service_json(told, vars, service, v[j]);
	}
}

/* Print the variables as JSON. */
static void
print_json(struct cli *cli, struct told *told) {
	struct node *tree = node_new(cli->ctx->mem, NODE_MAP, nowhere), *list;
	set_text(told, tree, "format_version", "1.0");
	list = set_list(told, tree, "variables");
	for (size_t i = 0; i < told->n; i++)
		add_json(told, list, &told->v[i]);
	add_services_json(told, set_list(told, tree, "services"));
	json_write(&cli->out, tree, 2);
}

/* Add the services to what is told. */
static void
gather_services(struct told *told, const struct project *project) {
	const struct env_var *var;
	told->project = project;
	for (size_t i = 0; project && i < project->nservice; i++)
		for (size_t j = 0;
			project->service[i].files && (var = env_nth(project->service[i].files, j));
			j++)
			note_secrets(told, var);
}

/* Load the spec, and tell what could be found out even where it is wrong. */
static int
run(struct cli *cli, const void *args) {
	const struct env_args *a = args;
	struct load_options options = stack_load_options(cli->g, cli->environ);
	struct loaded loaded;
	diags_lenient(cli->ctx);
	bool good = load_spec(cli->ctx, &options, &loaded);
	if (!good && !loaded.env)
		return loaded.file_missing ? EXIT_NO_FILE : EXIT_SPEC;
	struct told told = gather(cli->ctx, loaded.env);
	struct project *project = good ? project_make(cli->ctx, &loaded, NULL, 0, false) : NULL;
	gather_services(&told, project);
	if (a->format == ENV_JSON)
		print_json(cli, &told);
	else
		print_text(cli, &told);
	return project ? EXIT_DONE : loaded.file_missing ? EXIT_NO_FILE : EXIT_SPEC;
}

const struct command cmd_env = {
	.name = "env",
	.args = "",
	.doc = "Print the variables of the project, and where each came from.",
	.more = "Told are those that the spec asks for and those that .env or --env-file set, what "
		"each of them shadows, and the defaults that the spec gives; then what the env "
		"files of services give their containers. Values of secret names are masked.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct env_args),
	.run = run,
};
