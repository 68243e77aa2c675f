/* test_engine.c - the rows of engines: every rule is for a key that there is, and what an engine can't do is taken out of a
 * tree with a warning at its place. */
#include "plan_help.h"

#include <stackplan/keys.h>

#include "../../src/plan/plan_int.h"

/* The key of a path as `explain --list` has it, or NULL. */
static const struct key *
key_of(const char *path) {
	const struct schema *schema = &schema_file;
	const struct key *key = NULL;

	while (schema && *path) {
		size_t part = strcspn(path, "."), name = strcspn(path, ".[");
		key = schema_find(schema, arena_strndup(world.ctx.mem, path, name));
		if (!key)
			return NULL;
		schema = key->sub;
		path += part + (path[part] == '.');
		if (path[0] == '*' && path[1] == '.')
			path += 2;
	}
	return *path ? NULL : key;
}

static void
rows(void **state) {
	const struct engine *e;
	size_t n = 0;

	(void)state;
	for (; (e = engine_nth(n)); n++) {
		assert_ptr_equal(engine_find(e->name), e);
		for (size_t i = 0; i < e->nrule; i++) {
			const struct flag_rule *r = &e->rule[i];
			if (!key_of(r->key))
				fail_msg("%s: there is no key '%s'", e->name, r->key);
			if (i > 0)
				assert_true(strcmp(r[-1].key, r->key) < 0);
			assert_true(!r->flag != !r->why_not);
			assert_true(!r->why_not || r->why_not[strlen(r->why_not) - 1] != '.');
		}
	}
	assert_int_equal(n, 3);
	assert_null(engine_find("swarm"));
	assert_int_equal(engine_find("docker")->nrule, 0);
	assert_true(engine_find("docker")->is_asked);
	assert_false(engine_find("podman")->is_asked);
}

static const char spec[] =
	"services: {a: {image: x, user: u, links: [b], healthcheck: {test: t, start_interval: 1s, "
	"start_period: 2s}, networks: {n: {aliases: [q], driver_opts: {k: v}}, m: {driver_opts: "
	"{k: v}}}}, b: {image: x, networks: [n]}}\n"
	"networks: {n: {ipam: {config: [{subnet: 10.0.0.0/16, aux_addresses: {h: 10.0.0.9}}, "
	"{subnet: 'fd00::/64', aux_addresses: {h: 'fd00::9'}}]}}, m: }";

static void
pruning(void **state) {
	const struct engine *podman = engine_find("podman"), *docker = engine_find("docker");
	const struct project *p = make_text(spec, NULL);
	const struct node *tree = p->service[0].tree, *net, *got;

	(void)state;
	assert_ptr_equal(engine_prune(&world.ctx, docker, "services.*.", tree), tree);
	got = engine_prune(&world.ctx, podman, "services.*.", tree);
	assert_ptr_not_equal(got, tree);
	assert_null(node_find(got, "links"));
	assert_non_null(node_find(tree, "links"));
	assert_null(node_at(got, "healthcheck", "start_interval", NULL));
	assert_non_null(node_at(got, "healthcheck", "start_period", NULL));
	assert_null(node_at(got, "networks", "n", "driver_opts", NULL));
	assert_null(node_at(got, "networks", "m", "driver_opts", NULL));
	assert_non_null(node_at(got, "networks", "n", "aliases", NULL));
	assert_said("1:35: warning: left out: podman has no links");
	assert_non_null(strstr(said_text, "[engine-can-not]"));
	assert_ptr_equal(engine_prune(&world.ctx, podman, "services.*.", p->service[1].tree),
		p->service[1].tree);
	net = node_at(p->doc, "networks", "n", NULL);
	got = node_at(engine_prune(&world.ctx, podman, "networks.*.", net), "ipam", "config", NULL);
	assert_int_equal(got->n, 2);
	for (size_t i = 0; i < got->n; i++) {
		assert_null(node_find(got->u.item[i], "aux_addresses"));
		assert_non_null(node_find(got->u.item[i], "subnet"));
	}
	assert_null(engine_prune(&world.ctx, podman, "networks.*.", NULL));
}

/* The words of container a for an engine. */
static const char *
words_for(const char *engine, const char *body) {
	const struct project *p =
		make_text(arena_printf(world.ctx.mem,
				  "services: {a: {image: x, %s}}\nnetworks: {n: , m: }", body),
			NULL);
	struct resources *want = want_make(&world.ctx, p, engine_find(engine), false);

	return joined(&wanted(want, KIND_CONTAINER, "myapp-a-1")->create);
}

static void
words(void **state) {
	(void)state;
	assert_string_equal(words_for("podman", "network_mode: none, healthcheck: {test: [CMD, a, "
						"'b \"c']}"),
		"--network none --health-cmd [\"CMD\",\"a\",\"b \\\"c\"]");
	assert_string_equal(
		words_for("nerdctl", "networks: [n, m]"), "--network myapp_m --network myapp_n");
	assert_string_equal(
		words_for("podman", "networks: [m]"), "--network myapp_m --network-alias a");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(rows),
		world_test(pruning),
		world_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
