/* envfile.c - variables from a file: the dotenv grammar that Compose reads, and the engine's raw
 * one.
 *
 * Starts at envfile_parse(): statement() reads NAME, '=' or ':', and a value (quoted or to the end
 * of the line), then comes back for what follows. A reader walks the text and counts lines and
 * columns on its way. */
#include <ctype.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

struct reader {
	struct ctx *ctx;
	struct env *env;
	struct interp run;
	enum ref_from from;
	bool is_spec;     /* its own letters are no values from outside */
	const char *file; /* its name, for references */
	const char *path;
	struct env_names *names;
	enum ref_line form; /* of the value that is being read */
	const struct word *with;
	const char *p, *end;
	uint32_t line, col;
	uint16_t src;
	bool good;
};

/* Where the reader stands. */
static struct pos
here(const struct reader *r) {
	return (struct pos){.line = r->line, .col = r->col, .src = r->src};
}

/* Report at a place, and remember that it failed. */
static void
wrong(struct reader *r, struct pos at, const char *code, const char *message) {
	diag(r->ctx, SEV_ERROR, at, code, "%s", message);
	r->good = false;
}

/* Walk over one byte. */
static void
step(struct reader *r) {
	char c = *r->p++;

	if (c == '\n') {
		r->line++;
		r->col = 1;
	} else if (r->p == r->end || ((unsigned char)*r->p & 0xc0) != 0x80) {
		r->col++;
	}
}

/* Walk to the given byte. */
static void
step_to(struct reader *r, const char *to) {
	while (r->p < to)
		step(r);
}

static bool
is_blank(char c) {
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Walk over blanks, not over line ends. */
static void
skip_blanks(struct reader *r) {
	while (r->p < r->end && is_blank(*r->p))
		step(r);
}

/* The end of the present line. */
static const char *
line_end(const struct reader *r) {
	const char *nl = r->p < r->end ? memchr(r->p, '\n', (size_t)(r->end - r->p)) : NULL;

	return nl ? nl : r->end;
}

/* Has another line of this file set the name before? The file itself may be read again. */
static bool
is_set_twice(const struct reader *r, const char *name, struct pos at) {
	const struct env_var *var = env_find(r->env, name, strlen(name));

	for (; var; var = var->shadows)
		if (var->ref && var->ref->from == r->from && var->ref->at.src == r->src &&
			var->ref->at.line != at.line)
			return true;
	return false;
}

/* A reference to a variable of this file, defined at AT. */
static struct ref *
new_ref(struct reader *r, const char *name, struct pos at) {
	struct ref *ref = arena_make(r->ctx->mem, struct ref);
	enum ref_line line = is_set_twice(r, name, at) ? LINE_OTHER : r->form;

	*ref = (struct ref){.from = r->from,
		.name = name,
		.file = r->file,
		.at = at,
		.path = r->path,
		.line = line,
		.with = r->with};
	if (r->names && r->path)
		ref->as = env_names_take(r->ctx, r->names, name, r->path);
	return ref;
}

/* Does the line at P hold nothing but NAME=, in front of what comes next? AT is the place of the name. */
static bool
is_at_value(const struct reader *r, const char *p, const char *name, struct pos at) {
	size_t n = strlen(name);

	return at.col == 1 && r->line == at.line && p[-1] == '=' && memcmp(p - 1 - n, name, n) == 0;
}

/* Set NAME to a text; all of it counts as this variable's. */
static void
set(struct reader *r, const char *name, struct pos at, const char *value) {
	struct ref *ref = new_ref(r, name, at);
	struct text t = {0};

	text_add_ref(&t, value, ref);
	env_put(r->ctx, r->env, name, text_take(r->ctx->mem, &t, at), ref);
}

/* Set NAME to a text in which only variables are values from outside. */
static void
set_word(struct reader *r, const char *name, struct pos at, struct word value) {
	value.at = at;
	env_put(r->ctx, r->env, name, value, NULL);
}

/* A name alone: the value it has outside, or nothing. */
static void
inherit(struct reader *r, const char *name) {
	const struct env_var *var = lookup_find(&r->run.in, name, strlen(name));

	if (var)
		env_put(r->ctx, r->env, name, var->value, var->ref);
}

/* How many variables a text names, all of them as $NAME or ${NAME}; 0 where one is written otherwise. */
static size_t
plain_variables(const char *text) {
	size_t n = 0;

	for (const char *p = text; (p = strchr(p, '$')); n++) {
		bool braced = *++p == '{';
		const char *name = p + braced;
		p = name;
		while (str_is_shell_char(*p))
			p++;
		if (p == name || isdigit((unsigned char)*name) || (braced && *p != '}'))
			return 0;
	}
	return n;
}

/* A value that is made of other variables: can a script do the same? */
static void
note_variables(struct reader *r, const char *text, const struct word *value) {
	struct word *with;

	if (r->form == LINE_SPACED || !value->nspan || value->nspan != plain_variables(text)) {
		r->form = LINE_OTHER;
		return;
	}
	with = arena_make(r->ctx->mem, struct word);
	*with = *value;
	r->with = with;
}

/* Set NAME to a text with its variables replaced. AT is where the text begins. */
static void
set_expanded(
	struct reader *r, const char *name, struct pos name_at, const char *text, struct pos at) {
	struct word in = {.s = text, .at = at}, out;

	if (!interp_text(r->ctx, &r->run, &in, 0, &out)) {
		r->good = false;
		return;
	}
	if (strcmp(out.s, text) != 0)
		note_variables(r, text, &out);
	if (r->is_spec)
		set_word(r, name, name_at, out);
	else
		set(r, name, name_at, out.s);
}

/* A value in quotes; the reader stands on the first one and ends behind the last one. */
static void
quoted(struct reader *r, const char *name, struct pos at) {
	char quote = *r->p, *text;
	struct pos open = here(r), inside;
	const char *close = quote_close(r->p + 1, r->end, quote);
	bool is_alone = close && is_at_value(r, r->p, name, at) && close + 1 == line_end(r);

	if (!close) {
		wrong(r, open, "unclosed-quote", "this quote is never closed");
		step_to(r, r->end);
		return;
	}
	step(r);
	inside = here(r);
	text = quote_inside(r->ctx, r->p, close, quote);
	if (is_alone && strlen(text) == (size_t)(close - r->p) &&
		memcmp(text, r->p, strlen(text)) == 0)
		r->form = quote == '"' ? LINE_DOUBLE : LINE_SINGLE;
	step_to(r, close + 1);
	if (quote == '"')
		set_expanded(r, name, at, text, inside);
	else if (r->is_spec)
		set_word(r, name, at, (struct word){.s = text});
	else
		set(r, name, at, text);
}

/* A value without quotes: to the end of the line, or to a '#' after a blank. */
static void
unquoted(struct reader *r, const char *name, struct pos at) {
	const char *from = r->p, *end = line_end(r), *next = end;
	struct pos begin = here(r);

	for (const char *p = from; p < end; p++) {
		if (*p == '#' && p > from && p[-1] == ' ') {
			end = p;
			break;
		}
	}
	while (end > from && is_blank(end[-1]))
		end--;
	if (is_at_value(r, from, name, at) && end == next)
		r->form = LINE_PLAIN;
	else if (is_at_value(r, from, name, at) && !memchr(from, '#', (size_t)(end - from)))
		r->form = LINE_SPACED;
	step_to(r, next);
	set_expanded(r, name, at, arena_strndup(r->ctx->mem, from, (size_t)(end - from)), begin);
}

/* What follows '=' or ':'. */
static void
value(struct reader *r, const char *name, struct pos at) {
	r->form = LINE_OTHER;
	r->with = NULL;
	skip_blanks(r);
	if (r->p < r->end && (*r->p == '"' || *r->p == '\''))
		quoted(r, name, at);
	else
		unquoted(r, name, at);
}

static bool
is_name_byte(char c) {
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || strchr("_.-[]", c);
}

/* Drop "export " in front of a name. */
static void
skip_export(struct reader *r) {
	static const char word[] = "export";
	size_t n = sizeof(word) - 1;

	if ((size_t)(r->end - r->p) > n && memcmp(r->p, word, n) == 0 && is_blank(r->p[n])) {
		step_to(r, r->p + n);
		skip_blanks(r);
	}
}

/* One statement: a name, alone or with a value. The reader stands on its first byte. */
static void
statement(struct reader *r) {
	const char *from, *name;
	struct pos at, behind;

	skip_export(r);
	from = r->p;
	at = here(r);
	while (r->p < r->end && *r->p && is_name_byte(*r->p))
		step(r);
	name = arena_strndup(r->ctx->mem, from, (size_t)(r->p - from));
	at.len = (uint16_t)(r->p - from < UINT16_MAX ? r->p - from : UINT16_MAX);
	skip_blanks(r);
	behind = here(r);
	if (r->p < r->end && (*r->p == '=' || *r->p == ':') && *name) {
		step(r);
		value(r, name, at);
	} else if ((r->p == r->end || *r->p == '\n') && *name) {
		inherit(r, name);
	} else {
		wrong(r, behind, "bad-env-line",
			*name ? "a variable's name is followed by '=' and its value"
			      : "a line is NAME=VALUE, and a name has letters, digits, '_', '.', "
				"'-', '[' and ']' only");
		step_to(r, line_end(r));
	}
}

/* Set the reader up, and refuse what no variable can hold. */
static bool
start(struct reader *r, const struct env_input *file, const struct lookup *in) {
	const char *text = file->text, *nul;
	size_t len = file->len;

	r->src = file->src;
	r->file = diag_source_name(r->ctx, r->src);
	r->path = file->path;
	r->names = env_names(in->in[0]);
	r->p = text;
	r->end = text + len;
	r->line = r->col = 1;
	r->good = true;
	r->run = (struct interp){.in = *in, .warned = env_new(r->ctx, NULL)};
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r->p += 3;
	nul = len ? memchr(text, '\0', len) : NULL;
	if (!nul)
		return len > 0;
	step_to(r, nul);
	wrong(r, here(r), "nul-byte", "a NUL byte cannot be part of a variable");
	return false;
}

bool
envfile_parse(struct ctx *ctx, struct env *env, const struct env_input *file, enum ref_from from,
	const struct lookup *in) {
	struct reader r = {.ctx = ctx, .env = env, .from = from, .is_spec = file->is_spec};

	if (!start(&r, file, in))
		return r.good;
	/* variables set before in the same files come last */
	for (size_t i = 0; i < sizeof(in->in) / sizeof(*in->in); i++) {
		if (!r.run.in.in[i]) {
			r.run.in.in[i] = env;
			break;
		}
	}
	while (r.p < r.end) {
		if (is_blank(*r.p) || *r.p == '\n')
			step(&r);
		else if (*r.p == '#')
			step_to(&r, line_end(&r));
		else
			statement(&r);
	}
	return r.good;
}

/* One line of the raw format, its leading blanks gone. */
static void
raw_line(struct reader *r, const char *end) {
	const char *eq = memchr(r->p, '=', (size_t)(end - r->p));
	struct pos at = here(r);
	const char *name_end = eq ? eq : end;
	char *name;

	if (end > r->p && end[-1] == '\r' && !eq)
		name_end--;
	name = arena_strndup(r->ctx->mem, r->p, (size_t)(name_end - r->p));
	if (!*name || strpbrk(name, " \t\r")) {
		wrong(r, at, "bad-env-line", "a line is NAME=VALUE, and a name has no blanks");
	} else if (!eq) {
		inherit(r, name);
	} else {
		r->form = at.col == 1 && end[-1] != '\r' ? LINE_PLAIN : LINE_OTHER;
		if (end[-1] == '\r')
			end--;
		set(r, name, at, arena_strndup(r->ctx->mem, eq + 1, (size_t)(end - eq - 1)));
	}
}

bool
envfile_parse_raw(
	struct ctx *ctx, struct env *env, const struct env_input *file, const struct lookup *in) {
	struct reader r = {.ctx = ctx, .env = env, .from = REF_ENVFILE};

	if (!start(&r, file, in))
		return r.good;
	while (r.p < r.end) {
		const char *end;

		skip_blanks(&r);
		end = line_end(&r);
		if (r.p < end && *r.p != '#')
			raw_line(&r, end);
		step_to(&r, end < r.end ? end + 1 : end);
	}
	return r.good;
}

bool
envfile_read(struct ctx *ctx, struct env *env, uint16_t src, enum ref_from from,
	const struct env *lookup) {
	struct env_input file = {.src = src};

	file.text = diag_source_text(ctx, src, &file.len);
	return envfile_parse(ctx, env, &file, from, &(struct lookup){{lookup}});
}

bool
envfile_read_raw(struct ctx *ctx, struct env *env, uint16_t src, const struct env *lookup) {
	struct env_input file = {.src = src};

	file.text = diag_source_text(ctx, src, &file.len);
	return envfile_parse_raw(ctx, env, &file, &(struct lookup){{lookup}});
}
