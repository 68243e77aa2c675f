/* cmd_logs.c - what the containers have said and say, each line with whose it is.
 *
 * Starts at run(). follow_all() reads; here lines are dressed: a prefix in the service's colour, and on a terminal nothing
 * that it would obey but colours. Secret values of the spec are masked. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/follow.h>
#include <stackplan/proc.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>
#include <unistd.h>

#include "verbs_int.h"

struct logs_args {
	bool follow, timestamps, no_color, no_prefix;
	const char *tail, *since, *until;
	struct number index;
};

static const struct option rows[] = {
	{.name = "follow",
		.letter = 'f',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct logs_args, follow),
		.doc = "Go on with what they say from now on, until all have ended"},
	{.name = "timestamps",
		.letter = 't',
		.kind = OPTION_FLAG,
		.offset = offsetof(struct logs_args, timestamps),
		.doc = "Tell when each line was said"},
	{.name = "tail",
		.letter = 'n',
		.arg = "N",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct logs_args, tail),
		.doc = "Only the last N lines of each container (default: all)"},
	{.name = "since",
		.arg = "TIME",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct logs_args, since),
		.doc = "Nothing older than a time such as 2026-11-24T13:00:00Z, or than 42m"},
	{.name = "until",
		.arg = "TIME",
		.kind = OPTION_TEXT,
		.offset = offsetof(struct logs_args, until),
		.doc = "Nothing newer than a time such as 2026-11-24T13:00:00Z, or than 42m"},
	{.name = "index",
		.arg = "N",
		.kind = OPTION_NUMBER,
		.offset = offsetof(struct logs_args, index),
		.min = 1,
		.max = 1000000,
		.doc = "Only container N of each service"},
	{.name = "no-color",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct logs_args, no_color),
		.doc = "No colours, whatever the terminal"},
	{.name = "no-log-prefix",
		.kind = OPTION_FLAG,
		.offset = offsetof(struct logs_args, no_prefix),
		.doc = "Don't say whose line it is"},
};

/* The writing of lines. */
struct writing {
	struct cli *cli;
	const char **prefix; /* of each container, as wide as the widest; NULL: none is wanted */
	bool colour, terminal;
};

/* The length of a sequence at TEXT that only sets colours, 0 if it is none. */
static size_t
colour_len(const char *text, size_t n) {
	if (n < 3 || text[0] != '\033' || text[1] != '[')
		return 0;
	size_t i = 2;
	while (i < n && strchr("0123456789;:", text[i]) && text[i])
		i++;
	return i < n && text[i] == 'm' ? i + 1 : 0;
}

/* Append a line for a terminal: colours, where they are wanted, and text; nothing else that it would obey. */
static void
add_for_terminal(struct buf *b, const char *text, size_t n, bool colour) {
	bool coloured = false;
	for (size_t i = 0, plain = 0; i <= n; i++) {
		size_t len = i < n ? colour_len(text + i, n - i) : 0;
		if (i < n && !len)
			continue;
		str_safe(b, text + plain, i - plain, true);
		if (len && colour)
			buf_add(b, text + i, len);
		coloured = coloured || (len && colour);
		plain = i + len;
		i = len ? plain - 1 : i;
	}
	if (coloured)
		buf_adds(b, "\033[0m");
}

/* A line came. */
static void
line(void *arg, size_t i, const char *text, size_t n) {
	struct writing *w = arg;
	struct buf *b = &w->cli->out;
	if (w->prefix)
		buf_adds(b, w->prefix[i]);
	if (w->terminal)
		add_for_terminal(b, text, n, w->colour);
	else
		buf_add(b, text, n);
	buf_addc(b, '\n');
}

/* Write what there is; false when nobody reads it any more. */
static bool
turn(void *arg) {
	struct writing *w = arg;
	cli_flush(w->cli);
	return !w->cli->out_errno;
}

/* "web-1  | ", in one of a few colours, the same for all of a service. */
static const char **
prefixes(struct cli *cli, const struct crew *c, struct resource *const *v, size_t n, bool colour) {
	static const char *const colours[] = {
		"36", "33", "32", "35", "34", "96", "93", "92", "95", "94"};
	const char **prefix = arena_array(cli->ctx->mem, n + 1, sizeof(*prefix));
	size_t width = 0, nservice = 0;
	for (size_t i = 0; i < n; i++) {
		const char *label = crew_label(c, v[i]);
		size_t cells = str_width(label, strlen(label));
		width = cells > width ? cells : width;
	}
	for (size_t i = 0; i < n; i++) {
		const char *label = crew_label(c, v[i]);
		struct buf b = {0};
		nservice += i > 0 && !str_eq(v[i]->key, v[i - 1]->key);
		if (colour)
			buf_printf(&b, "\033[%sm", colours[nservice % countof(colours)]);
		str_safe(&b, label, strlen(label), false);
		buf_printf(&b, "%*s  | %s", (int)(width - str_width(label, strlen(label))), "",
			colour ? "\033[0m" : "");
		prefix[i] = arena_take_buf(cli->ctx->mem, &b);
	}
	return prefix;
}

/* OPTION VALUE, if it was given. */
static void
push_option(struct cli *cli, struct words *w, const char *option, const char *value) {
	if (!value)
		return;
	words_push(cli->ctx->mem, w, option, (struct pos){0});
	words_push(cli->ctx->mem, w, value, (struct pos){0});
}

/* `docker logs` of one container. */
static struct words
command_of(struct cli *cli, const struct logs_args *a, const struct resource *r) {
	const struct pos nowhere = {0};
	struct words w = {0};
	words_push(cli->ctx->mem, &w, "logs", nowhere);
	if (a->follow)
		words_push(cli->ctx->mem, &w, "--follow", nowhere);
	if (a->timestamps)
		words_push(cli->ctx->mem, &w, "--timestamps", nowhere);
	push_option(cli, &w, "--tail", a->tail);
	push_option(cli, &w, "--since", a->since);
	push_option(cli, &w, "--until", a->until);
	words_push(cli->ctx->mem, &w, r->name, nowhere);
	return w;
}

/* A plan that knows the secrets of the spec, NULL when there is none. What else is wrong with the spec is no concern here. */
static const struct plan *
secrets_of(struct cli *cli, struct crew *c) {
	struct ctx *loud = cli->ctx;
	struct ctx *quiet = ctx_quiet(loud);
	struct plan *plan = arena_make(loud->mem, struct plan);
	cli->ctx = quiet;
	bool ok = c->has_spec && stack_want(cli, &c->stack, false) == EXIT_DONE;
	*plan = (struct plan){.project = c->stack.project, .engine = c->stack.engine};
	if (ok)
		plan->changes = diff_make(quiet, c->stack.project, c->stack.want, NULL, NULL);
	cli->ctx = loud;
	return ok ? plan : NULL;
}

/* Read the logs of these containers. */
static int
read_logs(struct cli *cli, struct crew *c, const struct logs_args *a, struct resource *const *v,
	size_t n) {
	struct writing w = {.cli = cli,
		.colour = !a->no_color && cli_wants_colour(cli->g, STDOUT_FILENO),
		.terminal = isatty(STDOUT_FILENO)};
	struct words *command = arena_array(cli->ctx->mem, n, sizeof(*command));
	struct follow follow = {.docker = &c->stack.docker,
		.command = command,
		.n = n,
		.at_once = a->follow ? 0 : outcome_parallel(cli),
		.secrets = secrets_of(cli, c),
		.line = line,
		.turn = turn,
		.arg = &w};
	struct follow_result result;
	for (size_t i = 0; i < n; i++)
		command[i] = command_of(cli, a, v[i]);
	w.prefix = a->no_prefix ? NULL : prefixes(cli, c, v, n, w.colour);
	cli->is_tame = true;
	if (!follow_all(cli->ctx, &follow, &result))
		return EXIT_STEP;
	if (result.signal) {
		cli->die_of = result.signal;
		return 128 + result.signal;
	}
	if (result.nfailed)
		cli_say(cli, "the log of '%s' could not be read to its end: %s",
			v[result.failed]->name, proc_how(cli->ctx->mem, result.status));
	return result.nfailed ? EXIT_STEP : EXIT_DONE;
}

/* Is the text a number of lines, or "all"? */
static int
check_tail(struct cli *cli, const char *tail) {
	int64_t n;
	if (!tail || str_eq(tail, "all") || str_int(tail, 0, INT64_MAX, &n))
		return EXIT_DONE;
	diag(cli->ctx, SEV_ERROR, (struct pos){0}, "usage",
		"'--tail' wants a number of lines or \"all\", not \"%s\"", tail);
	return EXIT_USAGE;
}

/* Find the containers, then read. */
static int
run(struct cli *cli, const void *args) {
	const struct logs_args *a = args;
	struct crew c;
	size_t n = 0;
	int code = check_tail(cli, a->tail);
	if (!code)
		code = crew_find(cli, &c, cli->operand, cli->noperand);
	if (code)
		return code;
	struct resource **v = arena_array(cli->ctx->mem, c.n + 1, sizeof(*v));
	for (size_t i = 0; i < c.n; i++)
		if (crew_is_chosen(&c, c.v[i]->key) && !c.v[i]->one_off &&
			(!a->index.given || c.v[i]->number == a->index.value))
			v[n++] = c.v[i];
	if (n)
		return read_logs(cli, &c, a, v, n);
	cli_say(cli, "there are no containers of the project '%s' whose log could be read",
		c.stack.project->name);
	return EXIT_DONE;
}

const struct command cmd_logs = {
	.name = "logs",
	.args = "[SERVICE...]",
	.doc = "Print what the containers have said.",
	.more = "Each line begins with the service and the number of its container. Secret values "
		"that "
		"the spec keeps out of commands are masked.",
	.option = rows,
	.noption = countof(rows),
	.size = sizeof(struct logs_args),
	.operand = WORD_SERVICE,
	.run = run,
};
