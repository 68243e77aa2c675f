/* fuzz_short.c - any YAML as one service: canonical forms stay canonical, and spans lie inside
 * their texts. */
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	static char a[] = "A=8080", b[] = "B=a b:c/../", empty[] = "E=";
	char *const own[] = {a, b, empty, NULL};
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct ref folder = {.from = REF_FOLDER, .name = "PWD"};
	struct canon canon = {"/p/q", "/p/q", &folder, "/h", false};
	struct env *env = env_new(&ctx, NULL);
	struct node *list = yaml_read(
		&ctx, diag_source(&ctx, "f", (const char *)data, size), (struct yaml_limits){0});

	env_add_own(&ctx, env, own);
	if (list != NULL && list->n > 0 && interp_tree(&ctx, list->u.item[0], env) &&
		keys_canon(&ctx, list->u.item[0], &schema_service, &canon)) {
		struct node *once = node_copy(mem, list->u.item[0]);
		assert(keys_canon(&ctx, list->u.item[0], &schema_service, &canon));
		assert(node_same(once, list->u.item[0]));
	}
	arena_free(mem);
	return 0;
}
