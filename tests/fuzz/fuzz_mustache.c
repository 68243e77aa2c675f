/* fuzz_mustache.c - any bytes as a template, which may also include and inherit itself. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/mustache.h>
#include <stackplan/node.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The partial "p" is the template itself. */
static const char *
partial(void *arg, const char *name) {
	return strcmp(name, "p") == 0 ? arg : NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	static const char view[] = "{\"a\":\"x<\\n'$\",\"l\":[{\"a\":1.5},{\"a\":[],\"l\":[0]}],"
				   "\"p\":\"p\",\"n\":null}";
	struct ctx ctx = {.mem = arena_new()};
	ctx.diags = diags_new(ctx.mem);
	char *text = arena_strndup(ctx.mem, (const char *)data, n);
	const char *why = NULL;
	struct buf out = {0};
	struct mustache how = {.escape = n > 0 ? (enum quote)(data[0] % 8) : QUOTE_NONE,
		.partial = partial,
		.arg = text};
	how.src = diag_source(&ctx, "template", text, n);
	mustache_render(&ctx, &out, &how, json_read(ctx.mem, view, strlen(view), &why));
	buf_free(&out);
	arena_free(ctx.mem);
	return 0;
}
