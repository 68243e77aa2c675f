/* fuzz_yaml.c - any bytes as YAML: read, written as JSON, written as YAML and read again. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct yaml_limits limits = {0}, wide = {.depth = 120};
	struct buf json = {0}, yaml = {0};
	struct node *docs = yaml_read(
			    &ctx, diag_source(&ctx, "x", (const char *)data, size), limits),
		    *again;

	if (docs == NULL && diag_errors(&ctx) == 0)
		abort();
	if (docs != NULL) {
		json_write(&json, docs, 2);
		yaml_write(&yaml, docs);
		again = yaml_read(&ctx, diag_source(&ctx, "y", buf_str(&yaml), yaml.n), wide);
		if (again == NULL || again->n != 1 || !node_same(docs, again->u.item[0]))
			abort();
	}
	buf_free(&json);
	buf_free(&yaml);
	arena_free(mem);
	return 0;
}
