/* fuzz_envfile.c - any bytes as an env file, in both formats. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	char own0[] = "OUT=outer";
	char *const own[] = {own0, NULL};
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct env *outer = env_new(&ctx, NULL), *env = env_new(&ctx, NULL);
	uint16_t src = diag_source(&ctx, "x.env", (const char *)data, size);

	env_add_own(&ctx, outer, own);
	envfile_read(&ctx, env, src, REF_ENVFILE, outer);
	envfile_read_raw(&ctx, env, src, outer);
	arena_free(mem);
	return 0;
}
