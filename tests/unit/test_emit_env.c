/* test_emit_env.c - the secrets rule for the environment of a container. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
plain_values(void **state) {
	static const struct mapped m[] = {
		{"    environment: {A: b, E: '', T: true, N: 010}\n",
			"-e A=b -e E= -e T=true -e N=8"},
		{"    environment: [A=x=y z, 'NL=']\n", "-e A=x=y z -e NL="},
		{"    environment: {DB_PASSWORD: ''}\n", "-e DB_PASSWORD="},
		{"    environment: {}\n", ""},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
}

/* The only value that the docker process is given. */
static const struct passed *
only_passed(const char *body, const char *words) {
	struct resource *r;
	const char *got = words_of_service(body, &r);

	assert_non_null(got);
	assert_string_equal(got, words);
	assert_int_equal(r->npass, 1);
	return &r->pass[0];
}

static void
what_is_kept_back(void **state) {
	const struct passed *p;

	(void)state;
	own("OUT=val");
	p = only_passed("    environment: {DB_PASSWORD: pw}\n", "--network none -e DB_PASSWORD");
	assert_string_equal(p->name, "DB_PASSWORD");
	assert_string_equal(p->value.s, "pw");
	assert_false(p->unset || p->by_file);
	p = only_passed("    environment: {URL: 'pg://u:p@h/d'}\n", "--network none -e URL");
	assert_string_equal(p->value.s, "pg://u:p@h/d");
	p = only_passed("    environment: {A: 'x${OUT}'}\n", "--network none -e A");
	assert_string_equal(p->value.s, "xval");
	assert_int_equal(p->value.nspan, 1);
	p = only_passed("    environment: [OUT]\n", "--network none -e OUT");
	assert_string_equal(p->value.s, "val");
}

static void
null_is_unset(void **state) {
	const struct passed *p;

	(void)state;
	p = only_passed("    environment: [NOWHERE]\n", "--network none -e NOWHERE");
	assert_true(p->unset);
}

/* Docker's own variables, and names that no shell can set, go by a file; its option stands once. */
static void
by_file(void **state) {
	struct resource *r;

	(void)state;
	own("OUT=val");
	assert_string_equal(
		words_of_service(
			"    environment: {HTTP_PROXY: '${OUT}', SSH_KEY: k, my-token: t, A: b}\n",
			&r),
		"--network none --env-file /dev/fd/3 -e A=b");
	assert_int_equal(r->npass, 3);
	for (size_t i = 0; i < r->npass; i++)
		assert_true(r->pass[i].by_file);
}

static void
what_cannot_be_passed(void **state) {
	static const struct mapped m[] = {
		{"    environment: {SSH_KEY: \"a\\nb\"}\n", "env-not-passable"},
		{"    environment: {my-token: \"a\\nb\"}\n", "no shell can set 'my-token'"},
		{"    environment: {'my token': a}\n", "'my token'"},
	};

	(void)state;
	assert_refused(m, COUNT(m));
}

static void
too_long(void **state) {
	char *text = arena_alloc(world.ctx.mem, 140000);
	size_t n = (size_t)sprintf(text, "    environment: {A: ");

	(void)state;
	memset(text + n, 'x', 131070);
	strcpy(text + n + 131070, "}\n");
	assert_null(words_of_service(text, NULL));
	assert_said("[env-too-long]");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(plain_values),
		world_test(what_is_kept_back),
		world_test(null_is_unset),
		world_test(by_file),
		world_test(what_cannot_be_passed),
		world_test(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
