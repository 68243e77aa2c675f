/* test_emit.c - plain forms: values, switches, lists, pairs, seconds, zero. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
plain_forms(void **state) {
	static const struct mapped m[] = {
		{"    hostname: h\n", "--hostname h"},
		{"    hostname: ''\n", ""},
		{"    user: ''\n    working_dir: ''\n", ""},
		{"    user: '1000:1000'\n    working_dir: /w\n", "--user 1000:1000 -w /w"},
		{"    working_dir: /w\n    user: u\n", "-w /w --user u"},
		{"    privileged: true\n    tty: false\n", "--privileged"},
		{"    init: true\n", "--init"},
		{"    init: false\n", "--init=false"},
		{"    cap_add: [A, B]\n", "--cap-add A --cap-add B"},
		{"    cap_add: []\n", ""},
		{"    tmpfs: /t\n", "--tmpfs /t"},
		{"    labels: {a: b, c: }\n", "--label a=b --label c="},
		{"    sysctls: {net.core.somaxconn: 1024}\n", "--sysctl net.core.somaxconn=1024"},
		{"    mem_limit: 512m\n", "--memory 536870912"},
		{"    mem_limit: 0\n    cpus: 0.0\n    pids_limit: 0\n", ""},
		{"    memswap_limit: -1\n", "--memory-swap -1"},
		{"    stop_grace_period: 1500ms\n", "--stop-timeout 2"},
		{"    stop_grace_period: 500ms\n", "--stop-timeout 1"},
		{"    stop_grace_period: 2m\n", "--stop-timeout 120"},
		{"    oom_score_adj: 0\n", "--oom-score-adj 0"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
}

/* Every option begins a new line of a long command, its value does not. */
static void
where_lines_break(void **state) {
	struct resource *r;

	(void)state;
	assert_non_null(words_of_service("    user: u\n    tty: true\n", &r));
	assert_int_equal(r->create.n, 5);
	assert_true(r->create.v[0].starts);
	assert_false(r->create.v[1].starts);
	assert_true(r->create.v[2].starts);
	assert_true(r->create.v[4].starts);
	assert_int_equal(r->create.v[2].at.line, 5);
}

static void
tail_of_words(void **state) {
	static const struct mapped m[] = {
		{"    command: echo 'a b'\n", "x echo a b"},
		{"    entrypoint: [e, f]\n    command: [c]\n", "x f c"},
		{"    entrypoint: e\n", "x"},
		{"    command: []\n", "x"},
		{"    command: ['--', -x]\n", "x -- -x"},
	};
	struct resource *r;

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_non_null(words_of_service(m[i].body, &r));
		assert_string_equal(joined(&r->tail), m[i].words);
	}
	assert_string_equal(words_of_service("    entrypoint: [e, f]\n", NULL),
		"--network none --entrypoint e");
}

static void
what_is_refused(void **state) {
	static const struct mapped m[] = {
		{"    pull_policy: fortnightly\n", "[bad-pull-policy]"},
	};

	(void)state;
	assert_refused(m, COUNT(m));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(plain_forms),
		world_test(where_lines_break),
		world_test(tail_of_words),
		world_test(what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
