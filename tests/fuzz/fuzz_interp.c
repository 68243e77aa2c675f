/* fuzz_interp.c - any text with ${...} in it. The spans of the result must be sorted and inside it.
 */
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	char own0[] = "A=aa";
	char own1[] = "E=";
	char own2[] = "X=$A";
	char *const own[] = {own0, own1, own2, NULL};
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct env *env = env_new(&ctx, NULL);
	char *text = arena_strndup(mem, (const char *)data, size);
	struct word in = {.s = text}, out = {0};
	size_t end = 0;

	in.at = (struct pos){
		.line = 1, .col = 1, .src = diag_source(&ctx, "f", text, strlen(text))};
	env_add_own(&ctx, env, own);
	interp_word(&ctx, &in, 0, env, &out);
	for (size_t i = 0; i < out.nspan; i++) {
		assert(out.span[i].off >= end);
		end = out.span[i].off + out.span[i].len;
	}
	assert(end <= strlen(out.s));
	arena_free(mem);
	return 0;
}
