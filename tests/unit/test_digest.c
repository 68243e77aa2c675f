/* test_digest.c - what identifies a container: order, spelling and comments do not, each key does. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char base[] =
	"services:\n  a:\n    image: x\n    command: [c]\n    environment: {A: '1', B: '2'}\n"
	"    labels: {l: m}\n    volumes: ['dat:/d']\n    networks: [n]\n"
	"    ports: ['1:2']\n    healthcheck: {test: t, interval: 60s}\n"
	"    extra_hosts: {h: 10.0.0.1, g: [10.0.0.3, 10.0.0.2]}\n    gpus: all\n"
	"networks: {n: }\nvolumes: {dat: }\n";

static const struct digest *
container(const char *text) {
	return digest_of(wanted(want_text(text), KIND_CONTAINER, "myapp-a-1"));
}

static void
what_does_not_change_it(void **state) {
	static const char *const same[] = {
		"# a comment\nvolumes: {dat: }\nnetworks: {n: }\nservices:\n  a:\n"
		"    healthcheck: {interval: 1m, test: [CMD-SHELL, t]}\n"
		"    ports: [{target: 2, published: '1'}]\n    networks: {n: }\n"
		"    volumes: [{type: volume, source: dat, target: /d}]\n    labels: ['l=m']\n"
		"    environment: [B=2, A=1]\n    command: c\n    image: x\n    gpus: [{count: "
		"all}]\n"
		"    extra_hosts: ['g:10.0.0.2', 'g=10.0.0.3', 'h:10.0.0.1']\n",
		"x-e: &e {B: '2'}\nservices:\n  a:\n    image: x\n    command: [c]\n"
		"    environment: {<<: *e, A: '1'}\n    labels: {l: m}\n    volumes: ['dat:/d']\n"
		"    networks: [n]\n    ports: ['1:2']\n    healthcheck: {test: t, interval: 60s}\n"
		"    x-mine: 1\n    depends_on: [b]\n    pull_policy: never\n    scale: 1\n"
		"    profiles: []\n    gpus: [{count: -1}]\n"
		"    extra_hosts: {g: [10.0.0.3, 10.0.0.2], h: 10.0.0.1}\n"
		"  b: {image: y}\nnetworks: {n: }\nvolumes: {dat: }\n",
		/* what says no more than nothing */
		"services:\n  a:\n    image: x\n    command: [c]\n    environment: {A: '1', B: "
		"'2'}\n"
		"    labels: {l: m}\n    volumes: [{type: volume, source: dat, target: /d, "
		"read_only: "
		"false}]\n    networks: [n]\n    ports: ['1:2']\n"
		"    healthcheck: {test: t, interval: 60s, disable: false}\n    privileged: false\n"
		"    tty: false\n    cap_add: []\n    mem_limit: 0\n    user: ''\n    x-other: 1\n"
		"    extra_hosts: {h: 10.0.0.1, g: [10.0.0.3, 10.0.0.2]}\n    gpus: [{driver: "
		"''}]\n"
		"networks: {n: }\nvolumes: {dat: }\n",
	};
	const char *wanted_digest = container(base)->all;

	(void)state;
	for (size_t i = 0; i < COUNT(same); i++)
		if (strcmp(container(same[i])->all, wanted_digest) != 0)
			fail_msg("another digest:\n%s", same[i]);
}

/* Replace the only FROM of the base by TO. */
static const char *
with(const char *from, const char *to) {
	const char *at = strstr(base, from);

	assert_non_null(at);
	return arena_printf(
		world.ctx.mem, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

static void
each_key_changes_it(void **state) {
	static const struct {
		const char *from, *to, *key;
	} m[] = {
		{"image: x", "image: y", "image"},
		{"[c]", "[c, d]", "command"},
		{"A: '1'", "A: '3'", "environment.A"},
		{"B: '2'}", "B: '2', C: '4'}", "environment.C"},
		{"{l: m}", "{l: n}", "labels.l"},
		{"'dat:/d'", "'dat:/d:ro'", "volumes./d"},
		{"networks: [n]", "networks: {n: {aliases: [z]}}", "networks.n"},
		{"{n: }", "{n: {name: other}}", "networks.n"},
		{"{dat: }", "{dat: {name: other}}", "volumes./d"},
		{"'1:2'", "'1:3'", "ports"},
		{"interval: 60s", "interval: 61s", "healthcheck.interval"},
		{"test: t", "test: u", "healthcheck.test"},
		{"[c]\n", "[c]\n    user: root\n", "user"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		size_t n;
		const char *label = digest_label(&world.ctx, container(base));
		const struct digest *r = container(with(m[i].from, m[i].to));
		const struct difference *d = digest_differences(&world.ctx, r, label, false, &n);

		assert_int_equal(n, 1);
		assert_string_equal(d->key, m[i].key);
		assert_false(d->is_gone);
		assert_string_not_equal(container(base)->all, r->all);
	}
}

/* To be in the default network alone is the same whether it is said or not; its name counts. */
static void
default_network(void **state) {
	const char *usual = container("services: {a: {image: x}}")->all;
	const struct digest *other =
		container("services: {a: {image: x}}\nnetworks: {default: {name: other}}");

	(void)state;
	assert_string_equal(
		usual, container("services: {a: {image: x, networks: [default]}}")->all);
	assert_string_equal(
		usual, container("services: {a: {image: x}}\nnetworks: {default: }")->all);
	assert_string_not_equal(usual, other->all);
	assert_string_equal(other->sum[1].key, "networks.default");
	assert_string_equal(other->all, container("services: {a: {image: x, networks: [default]}}\n"
						  "networks: {default: {name: other}}")
						->all);
	assert_string_not_equal(
		usual, container("services: {a: {image: x, network_mode: none}}")->all);
}

static void
what_is_gone(void **state) {
	size_t n;
	const char *label = digest_label(&world.ctx, container(base));
	const struct digest *r = container(with("    ports: ['1:2']\n", ""));
	const struct difference *d = digest_differences(&world.ctx, r, label, false, &n);

	(void)state;
	assert_int_equal(n, 1);
	assert_string_equal(d->key, "ports");
	assert_true(d->is_gone);
	d = digest_differences(&world.ctx, r, "", false, &n);
	assert_int_equal(n, 1);
	assert_string_equal(d->key, "");
}

/* Names with what a label keeps apart by; and labels that somebody else wrote. */
static void
odd_labels(void **state) {
	const char *label;
	size_t n;
	const struct digest *r = container("services: {a: {image: x, labels: {'k%y': v}}}");

	(void)state;
	label = digest_label(&world.ctx, r);
	assert_non_null(strstr(label, "labels.k%25y="));
	r = container("services: {a: {image: x}}");
	assert_string_equal(digest_differences(&world.ctx, r, label, false, &n)->key, "labels.k%y");
	assert_int_equal(n, 1);
	digest_differences(&world.ctx, r, "  = ==  x", false, &n);
	assert_true(n > 1);
	digest_differences(&world.ctx, r, "image", false, &n);
	assert_int_equal(n, 1);
}

/* Thousands of keys: no label that is too long for an argument, and no time that grows with the square. */
static void
many_keys(void **state) {
	struct buf b = {0};
	const struct digest *r;
	size_t n;

	(void)state;
	buf_adds(&b, "services:\n  a:\n    image: x\n    environment:\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "      K%d: v\n", i);
	r = container(buf_str(&b));
	buf_free(&b);
	assert_int_equal(r->n, 20001);
	assert_string_equal(digest_label(&world.ctx, r), "");
	digest_differences(&world.ctx, r, "", false, &n);
	assert_int_equal(n, 1);
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "%senvironment.K%d=01234567", i ? " " : "", i);
	assert_string_equal(
		digest_differences(&world.ctx, r, buf_str(&b), false, &n)->key, "environment.K0");
	assert_int_equal(n, 20001);
	buf_free(&b);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(what_does_not_change_it),
		world_test(each_key_changes_it),
		world_test(what_is_gone),
		world_test(default_network),
		world_test(odd_labels),
		world_test(many_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
