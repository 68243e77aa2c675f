/* diag.c - collecting what is wrong: source texts, diags and their notes.
 * Only collects; diag_print.c shows. Of a flood of diags the first ones of each severity are
 * kept and the others counted, so that a hostile file cannot fill the memory with them. */
#include "base_int.h"
#include <stackplan/arena.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room for one more item in an array of the arena; CAP is in items. */
static void *
room_for_one(struct arena *mem, void *items, size_t n, size_t *cap, size_t size) {
	if (n < *cap)
		return items;
	size_t old = *cap;
	*cap = old == 0 ? 16 : old * 2;
	return arena_grow(mem, items, old, *cap, size);
}

struct diags *
diags_new(struct arena *mem) {
	struct diags *diags = arena_make(mem, struct diags);
	diags->mem = mem;
	diags->cap_source = 8;
	diags->source = arena_array(mem, diags->cap_source, sizeof(*diags->source));
	diags->source[0] = (struct diag_source){.name = "", .text = ""};
	diags->nsource = 1;
	return diags;
}

uint16_t
diag_source(struct ctx *ctx, const char *name, const char *text, size_t len) {
	struct diags *diags = ctx->diags;
	if (diags->nsource > UINT16_MAX)
		return UINT16_MAX;
	diags->source = room_for_one(diags->mem, diags->source, diags->nsource, &diags->cap_source,
		sizeof(*diags->source));
	diags->source[diags->nsource] = (struct diag_source){
		.name = arena_strdup(diags->mem, name), .text = text, .len = len};
	return (uint16_t)diags->nsource++;
}

struct diag_source *
diags_find_source(const struct diags *diags, uint16_t src) {
	return &diags->source[src < diags->nsource ? src : 0];
}

const char *
diag_source_name(const struct ctx *ctx, uint16_t src) {
	return diags_find_source(ctx->diags, src)->name;
}

const char *
diag_source_text(const struct ctx *ctx, uint16_t src, size_t *len) {
	const struct diag_source *source = diags_find_source(ctx->diags, src);
	*len = source->len;
	return source->text;
}

/* arena_printf for a va_list. */
__attribute__((format(printf, 2, 0))) static char *
vprint(struct arena *mem, const char *fmt, va_list args) {
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		die_of_memory();
	char *text = arena_alloc(mem, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	return text;
}

/* diag() for a va_list. */
__attribute__((format(printf, 5, 0))) static void
report(struct ctx *ctx, enum severity sev, struct pos at, const char *code, const char *fmt,
	va_list args) {
	struct diags *diags = ctx->diags;
	size_t order = diags->count[SEV_NOTE] + diags->count[SEV_WARNING] + diags->count[SEV_ERROR];
	diags->count[sev]++;
	if (diags->kept[sev] >= DIAGS_KEPT) {
		diags->dropped[sev]++;
		diags->newest = NULL;
		return;
	}
	struct diag *new = arena_make(diags->mem, struct diag);
	new->sev = sev;
	new->code = code;
	new->order = order;
	new->line.at = at;
	new->line.text = vprint(diags->mem, fmt, args);
	new->last = &new->line;
	diags->v = room_for_one(diags->mem, diags->v, diags->n, &diags->cap, sizeof(struct diag *));
	diags->v[diags->n++] = new;
	diags->kept[sev]++;
	diags->newest = new;
}

void
diag(struct ctx *ctx, enum severity sev, struct pos at, const char *code, const char *fmt, ...) {
	va_list args;
	va_start(args, fmt);
	report(ctx, sev, at, code, fmt, args);
	va_end(args);
}

bool
diag_unfit(struct ctx *ctx, struct pos at, const char *code, const char *fmt, ...) {
	va_list args;
	va_start(args, fmt);
	report(ctx, ctx->diags->lenient ? SEV_WARNING : SEV_ERROR, at, code, fmt, args);
	va_end(args);
	return ctx->diags->lenient;
}

void
diags_lenient(struct ctx *ctx) {
	ctx->diags->lenient = true;
}

void
diag_note(struct ctx *ctx, struct pos at, const char *fmt, ...) {
	struct diag *owner = ctx->diags->newest;
	if (owner == NULL)
		return;
	struct diag_line *note = arena_make(ctx->diags->mem, struct diag_line);
	note->at = at;
	va_list args;
	va_start(args, fmt);
	note->text = vprint(ctx->diags->mem, fmt, args);
	va_end(args);
	owner->last->next = note;
	owner->last = note;
}

size_t
diag_errors(const struct ctx *ctx) {
	return ctx->diags->count[SEV_ERROR];
}
