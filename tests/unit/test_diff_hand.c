/* test_diff_hand.c - what somebody has changed by hand, and what the spec calls otherwise than before. */
#include "plan_help.h"

static const char spec[] =
	"name: myapp\nservices:\n  a:\n    image: x\n    mem_limit: 64m\n    restart: "
	"'on-failure:3'\n    pids_limit: 10\n    networks: [n]\n"
	"    cpus: 0.5\n"
	"  b: {image: x, networks: [m], volumes: ['vol:/v']}\n"
	"networks: {n: , m: }\nvolumes: {vol: }\n";

/* The change of the container of 'a', of which the engine says this. */
static const struct change *
with_facts(const char *host, const char *networks) {
	struct resources *want = want_text(spec), *had = had_all(want, "running");
	const char *why, *text = arena_printf(world.ctx.mem,
				 "{\"HostConfig\":{%s},\"NetworkSettings\":{\"Networks\":{%s}}}",
				 host, networks);
	struct changes *c;

	wanted(had, KIND_CONTAINER, "myapp-a-1")->facts =
		json_read(world.ctx.mem, text, strlen(text), &why);
	c = diff_make(&world.ctx, world.project, want, had, NULL);
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].want->name, "myapp-a-1") == 0)
			return &c->v[i];
	fail_msg("no container");
	abort();
}

static const char in_n[] = "\"myapp_n\":{}";
static const char right[] =
	"\"Memory\":67108864,\"RestartPolicy\":{\"Name\":\"on-failure\",\"MaximumRetryCount\":3},"
	"\"NanoCpus\":500000000,\"PidsLimit\":10,\"CpuShares\":0,\"CpusetCpus\":\"\"";

static void
updated(void **state) {
	static const struct {
		const char *host, *key, *why; /* NULL: it stays */
	} m[] = {
		{right, NULL, NULL},
		{"", NULL, NULL},
		{"\"Memory\":0", NULL, NULL}, /* an engine that can't */
		{"\"NanoCpus\":499900000", NULL, NULL},
		{"\"PidsLimit\":-1", NULL, NULL},
		{"\"Memory\":134217728", "mem_limit",
			"replace 'a': 'mem_limit' was changed by hand: it is 128m, and the spec "
			"has 64m"},
		{"\"NanoCpus\":750000000", "cpus",
			"replace 'a': 'cpus' was changed by hand: it is 0.75, and the "
			"spec "
			"has 0.5"},
		{"\"PidsLimit\":20", "pids_limit",
			"replace 'a': 'pids_limit' was changed by hand: it is 20, and the spec has "
			"10"},
		{"\"RestartPolicy\":{\"Name\":\"always\",\"MaximumRetryCount\":0}", "restart",
			"replace 'a': 'restart' was changed by hand: it is \"always\", and the "
			"spec has "
			"\"on-failure:3\""},
		{"\"CpuShares\":512", "cpu_shares",
			"replace 'a': 'cpu_shares' was set by hand: it is 512, and the spec does "
			"not set "
			"it"},
		{"\"CpusetCpus\":\"0-1\"", "cpuset",
			"replace 'a': 'cpuset' was set by hand: it is \"0-1\", and the spec does "
			"not set "
			"it"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(m) / sizeof(*m); i++) {
		const struct change *c = with_facts(m[i].host, in_n);
		if (!m[i].why) {
			assert_int_equal(c->kind, CHANGE_KEEP);
			continue;
		}
		assert_int_equal(c->kind, CHANGE_REPLACE);
		assert_string_equal(c->why, m[i].why);
		assert_string_equal(c->diff[0].key, m[i].key);
		assert_true(c->diff[0].by_hand);
	}
}

static void
networks(void **state) {
	const struct change *c = with_facts(right, "\"myapp_n\":{},\"myapp_m\":{}");

	(void)state;
	assert_int_equal(c->kind, CHANGE_REPAIR);
	assert_string_equal(
		c->why, "'a' is in the network 'myapp_m', which the spec does not give it");
	assert_int_equal(c->nleave, 1);
	c = with_facts(right, "\"myapp_n\":{},\"other\":{},\"bridge\":{}");
	assert_int_equal(c->kind, CHANGE_KEEP);
	assert_said("'myapp-a-1' is in the network 'other', too");
	assert_null(strstr(said(), "'bridge'"));
	c = with_facts(right, "");
	assert_int_equal(c->kind, CHANGE_REPAIR);
	assert_string_equal(c->why, "'a' is not in the network 'n' any more");
}

/* What is there under the names that another spec gave. */
static struct resources *
had_of(const char *text) {
	return had_all(want_text(text), "running");
}

static void
volumes(void **state) {
	struct resources *had = had_of(spec), *want;

	(void)state;
	want = want_text(
		"services: {b: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: {name: new}}");
	diff_make(&world.ctx, world.project, want, had, NULL);
	assert_said("the volume 'new' is made, and is empty: the data are still in the volume "
		    "'myapp_vol', which was 'vol' before");
	world.ctx.diags = diags_new(world.ctx.mem);
	want = want_text("services: {b: {image: x, volumes: ['vol:/v', 'old:/o']}}\n"
			 "volumes: {vol: {name: new}, old: {name: myapp_vol}}");
	diff_make(&world.ctx, world.project, want, had, NULL);
	assert_null(strstr(said(), "volume-renamed")); /* the old one is wanted, too */
}

static void
orphan_networks(void **state) {
	static const char now[] =
		"services: {a: {image: x, networks: [n]}}\nnetworks: {n: {name: new}}";
	static const struct diff_options removing = {.remove_orphans = true};
	struct resources *had = had_of("services: {a: {image: x, networks: [n, gone]}}\n"
				       "networks: {n: , gone: }");
	struct resources *want = want_text(now);
	struct changes *c = diff_make(&world.ctx, world.project, want, had, NULL);

	(void)state;
	assert_int_equal(c->ngone, 0);
	assert_said("the project 'myapp' has networks that the spec does not know: 'myapp_n', "
		    "'myapp_gone'");
	c = diff_make(&world.ctx, world.project, want, had, &removing);
	assert_int_equal(c->ngone, 2);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(c->gone[i].why, strcmp(c->gone[i].had->name, "myapp_n") == 0
							    ? "the network 'n' is called 'new' now"
							    : "the spec has no such network");
}

/* The project itself: another one was made from the same files, and none of this one is there. */
static void
project(void **state) {
	struct resources *want = want_text(spec), *had = had_of(spec);

	(void)state;
	for (size_t i = 0; i < had->n; i++) {
		had->v[i]->project = "old";
		had->v[i]->name = arena_printf(world.ctx.mem, "old-%zu", i);
		had->v[i]->had_files = world.project->nfile ? world.project->file[0].s : "";
	}
	assert_true(world.project->nfile > 0);
	diff_make(&world.ctx, world.project, want, had, NULL);
	assert_said("the project 'old' was made from the same file and is still there, with 2 "
		    "containers");
	world.ctx.diags = diags_new(world.ctx.mem);
	for (size_t i = 0; i < had->n; i++)
		had->v[i]->had_files = "/elsewhere/compose.yaml";
	diff_make(&world.ctx, world.project, want, had, NULL);
	assert_string_equal(said(), "");
}

int
main(void) {
	const struct CMUnitTest tests[] = {world_test(updated), world_test(networks),
		world_test(volumes), world_test(orphan_networks), world_test(project)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
