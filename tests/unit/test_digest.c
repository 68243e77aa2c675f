/* test_digest.c - what identifies a container: order, spelling and comments do not, each key does. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static const char base[] =
	"services:\n  a:\n    image: x\n    command: [c]\n    environment: {A: '1', B: '2'}\n"
	"    labels: {l: m}\n    volumes: ['dat:/d']\n    networks: [n]\n"
	"    ports: ['1:2']\n    healthcheck: {test: t, interval: 60s}\n"
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
		"    environment: [B=2, A=1]\n    command: c\n    image: x\n",
		"x-e: &e {B: '2'}\nservices:\n  a:\n    image: x\n    command: [c]\n"
		"    environment: {<<: *e, A: '1'}\n    labels: {l: m}\n    volumes: ['dat:/d']\n"
		"    networks: [n]\n    ports: ['1:2']\n    healthcheck: {test: t, interval: 60s}\n"
		"    x-mine: 1\n    depends_on: [b]\n    pull_policy: never\n    scale: 1\n"
		"    profiles: []\n"
		"  b: {image: y}\nnetworks: {n: }\nvolumes: {dat: }\n",
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
		const char *gone, *label = digest_label(&world.ctx, container(base));
		const struct digest *r = container(with(m[i].from, m[i].to));
		const struct keysum *sum = digest_differs(&world.ctx, r, label, false, &gone);

		if (!sum || gone)
			fail_msg("%s: nothing differs", m[i].to);
		else
			assert_string_equal(sum->key, m[i].key);
		assert_string_not_equal(container(base)->all, r->all);
	}
}

static void
what_is_gone(void **state) {
	const char *gone, *label = digest_label(&world.ctx, container(base));
	const struct digest *r = container(with("    ports: ['1:2']\n", ""));

	(void)state;
	assert_null(digest_differs(&world.ctx, r, label, false, &gone));
	assert_string_equal(gone, "ports");
	assert_null(digest_differs(&world.ctx, container(base), label, false, &gone));
	assert_null(gone);
	assert_null(digest_differs(&world.ctx, r, "", false, &gone));
	assert_null(gone);
}

/* Names with what a label keeps apart by; and labels that somebody else wrote. */
static void
odd_labels(void **state) {
	const char *gone, *label;
	const struct digest *r = container("services: {a: {image: x, labels: {'k%y': v}}}");

	(void)state;
	label = digest_label(&world.ctx, r);
	assert_non_null(strstr(label, "labels.k%25y="));
	assert_null(digest_differs(&world.ctx, r, label, false, &gone));
	assert_null(gone);
	assert_non_null(digest_differs(&world.ctx, r, "  = ==  x", false, &gone));
	assert_non_null(digest_differs(&world.ctx, r, "image", false, &gone));
}

/* Thousands of keys: no label that is too long for an argument, and no time that grows with the square. */
static void
many_keys(void **state) {
	struct buf b = {0};
	const struct digest *r;
	const char *gone;

	(void)state;
	buf_adds(&b, "services:\n  a:\n    image: x\n    environment:\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "      K%d: v\n", i);
	r = container(buf_str(&b));
	buf_free(&b);
	assert_int_equal(r->n, 20001);
	assert_string_equal(digest_label(&world.ctx, r), "");
	assert_null(digest_differs(&world.ctx, r, "", false, &gone));
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "%senvironment.K%d=01234567", i ? " " : "", i);
	assert_string_equal(
		digest_differs(&world.ctx, r, buf_str(&b), false, &gone)->key, "environment.K0");
	buf_free(&b);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(what_does_not_change_it),
		world_test(each_key_changes_it),
		world_test(what_is_gone),
		world_test(odd_labels),
		world_test(many_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
