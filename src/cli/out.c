/* out.c - standard output, whole or not at all; and our own words on standard error.
 *
 * Commands append to cli->out. Nothing here uses stdio for standard output, so that every lost
 * byte is noticed. */
#include <errno.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/path.h>
#include <stackplan/quote.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_int.h"

/* A terminal shows control characters and obeys none; a file or pipe gets every byte as it is. */
static void
tame(struct buf *out) {
	struct buf safe = {0};
	str_safe(&safe, buf_str(out), out->n, true);
	buf_free(out);
	*out = safe;
}

void
cli_flush(struct cli *cli) {
	if (cli->out.n && !cli->is_tame && isatty(STDOUT_FILENO))
		tame(&cli->out);
	if (!cli->out_errno && !write_all(STDOUT_FILENO, buf_str(&cli->out), cli->out.n))
		cli->out_errno = errno;
	buf_clear(&cli->out);
}

void
cli_act(struct cli *cli) {
	if (!cli->acts)
		sig_enter();
	cli->acts = true;
}

int
cli_end(struct cli *cli, int code) {
	/* what is left is to print, and may be kept waiting by whoever reads it */
	int sig = cli->acts ? sig_leave() : 0;
	if (!sig || cli->die_of || cli->attended)
		return code;
	if (code == EXIT_DONE || code == EXIT_PENDING)
		cli_say(cli, "all is done; stopped by %s", signal_words(sig));
	cli->die_of = sig;
	return 128 + sig;
}

int
cli_close(struct cli *cli, int code) {
	cli_flush(cli);
	if (close(STDOUT_FILENO) < 0 && !cli->out_errno && errno != EINTR)
		cli->out_errno = errno;
	if (!cli->out_errno)
		return code;
	if (cli->out_errno == EPIPE)
		return cli->acts ? code : EXIT_PIPE;
	diag(cli->ctx, SEV_ERROR, (struct pos){0}, NULL, "cannot write standard output: %s",
		strerror(cli->out_errno));
	return code ? code : EXIT_STEP;
}

void
cli_say(const struct cli *cli, const char *fmt, ...) {
	if (cli->g->quiet || cli->g->diagnostics == TYPED_DIAG_JSON ||
		cli->g->progress == TYPED_PROGRESS_JSON)
		return;
	struct buf raw = {0}, safe = {0};
	char line[4096];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n > 0) {
		buf_adds(&raw, line);
		str_safe(&safe, raw.s, raw.n, false);
		fprintf(stderr, "%s\n", buf_str(&safe));
	}
	buf_free(&raw);
	buf_free(&safe);
}

void
cli_print_diags(struct cli *cli) {
	bool json = cli->g->diagnostics == TYPED_DIAG_JSON;
	diags_print(cli->ctx, stderr, json ? DIAG_JSON : DIAG_TEXT, cli->colour);
	fflush(stderr);
}

/* A variable of the environment that is there and not empty. */
static bool
env_is_set(const char *name) {
	const char *value = getenv(name);
	return value && *value;
}

bool
cli_wants_colour(const struct globals *g, int fd) {
	if (g->color == COLOR_ALWAYS || g->color == COLOR_NEVER)
		return g->color == COLOR_ALWAYS;
	if (env_is_set("NO_COLOR"))
		return false;
	if (env_is_set("CLICOLOR_FORCE") && !str_eq(getenv("CLICOLOR_FORCE"), "0"))
		return true;
	if (env_is_set("CLICOLOR") && str_eq(getenv("CLICOLOR"), "0"))
		return false;
	if (!env_is_set("TERM") || str_eq(getenv("TERM"), "dumb"))
		return false;
	return isatty(fd);
}

/* Append an option and its value, quoted for a shell. */
static void
add_option(struct buf *b, const char *spelled, const char *value) {
	if (!value)
		return;
	buf_printf(b, " %s ", spelled);
	quote_text(b, QUOTE_SH, value);
}

/* Append an option once for each of its values. */
static void
add_options(struct buf *b, const char *spelled, const struct list *values) {
	for (size_t i = 0; i < values->n; i++)
		add_option(b, spelled, values->v[i]);
}

/* Append words, each quoted for a shell. */
static void
add_words(struct buf *b, const char *const *words, size_t n) {
	for (size_t i = 0; i < n; i++) {
		buf_addc(b, ' ');
		quote_text(b, QUOTE_SH, words[i]);
	}
}

/* Append the program's name with the global options that decide on what it is about, and the verb. */
static void
add_call(const struct cli *cli, struct buf *b, const char *verb) {
	const struct globals *g = cli->g;
	buf_adds(b, cli->plugin->call);
	add_options(b, "-f", &g->file);
	add_option(b, "-p", g->project_name);
	add_option(b, "--project-directory", g->project_directory);
	add_options(b, "--env-file", &g->env_file);
	add_options(b, "--profile", &g->profile);
	add_option(b, "--context", g->context);
	add_option(b, "--host", g->host);
	buf_printf(b, " %s", verb);
}

const char *
cli_again(const struct cli *cli, const char *verb, bool operands) {
	struct buf b = {0};
	add_call(cli, &b, verb);
	add_words(&b, cli->operand, operands ? cli->noperand : 0);
	return arena_take_buf(cli->ctx->mem, &b);
}

const char *
cli_once_more(const struct cli *cli, const char *verb) {
	struct buf b = {0};
	add_call(cli, &b, verb);
	add_words(&b, cli->own.v, cli->own.n);
	add_words(&b, cli->operand, cli->noperand);
	return arena_take_buf(cli->ctx->mem, &b);
}
