/* test_emit_forms.c - health, logging, limits, devices, restart, namespaces, block I/O, security. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
forms(void **state) {
	static const struct mapped m[] = {
		{"    healthcheck: {test: 'a | b'}\n", "--health-cmd a | b"},
		{"    healthcheck: {test: [CMD-SHELL, 'x $$y']}\n", "--health-cmd x $y"},
		{"    healthcheck: {test: [CMD, a, 'b c', \"d'e\"]}\n",
			"--health-cmd a \"b c\" \"d'e\""},
		{"    healthcheck: {test: '', interval: 5s}\n", "--health-interval 5s"},
		{"    healthcheck: {test: [NONE]}\n", "--no-healthcheck"},
		{"    healthcheck: {disable: true}\n", "--no-healthcheck"},
		{"    healthcheck: {interval: 90s, timeout: 1s, retries: 3, start_period: 2s}\n",
			"--health-interval 1m30s --health-timeout 1s --health-retries 3 "
			"--health-start-period 2s"},
		{"    logging: {driver: local, options: {max-size: 1m}}\n",
			"--log-driver local --log-opt max-size=1m"},
		{"    logging: {options: {a: 1}}\n", "--log-opt a=1"},
		{"    ulimits: {nproc: 10, nofile: {soft: 1, hard: 2}}\n",
			"--ulimit nproc=10 --ulimit nofile=1:2"},
		{"    devices: ['/dev/a', '/dev/b:/dev/c:r']\n",
			"--device /dev/a:/dev/a:rwm --device /dev/b:/dev/c:r"},
		{"    devices: [vendor.com/class=one]\n", "--device vendor.com/class=one"},
		{"    restart: 'no'\n", ""},
		{"    restart: on-failure:3\n", "--restart on-failure:3"},
		{"    pid: host\n    ipc: ''\n    uts: host\n", "--pid host --uts host"},
		{"    pid: container:c\n", "--pid container:c"},
		{"    blkio_config: {weight: 300, device_read_bps: [{path: /dev/d, rate: 1k}]}\n",
			"--blkio-weight 300 --device-read-bps /dev/d:1024"},
		{"    security_opt: [no-new-privileges, 'seccomp:unconfined', 'seccomp=/p.json']\n",
			"--security-opt no-new-privileges --security-opt seccomp:unconfined "
			"--security-opt seccomp=/p.json"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
}

static void
no_form(void **state) {
	static const struct mapped m[] = {
		{"    uts: 'service:b'\n  b: {image: x}\n", "compose.yaml:5:10: error: "},
		{"    uts: 'container:b'\n", "[no-form]"},
	};

	(void)state;
	assert_refused(m, COUNT(m));
}

/* A value from outside stays a reference in a test that is a list, whatever surrounds it. */
static void
outside_in_a_test(void **state) {
	struct resource *r;
	const struct word *w;

	(void)state;
	own("DB_PASSWORD=hunter2");
	assert_non_null(
		words_of_service("    healthcheck: {test: [CMD, 'a b', 'x${DB_PASSWORD}']}\n", &r));
	w = &r->create.v[r->create.n - 1];
	assert_string_equal(w->s, "\"a b\" 'xhunter2'");
	assert_int_equal(w->nspan, 1);
	assert_int_equal(w->span[0].off, strlen("\"a b\" 'x"));
	assert_int_equal(w->span[0].len, strlen("hunter2"));
}

static void
quote_in_a_test(void **state) {
	(void)state;
	own("PW=it's");
	assert_null(words_of_service("    healthcheck: {test: [CMD, '${PW}']}\n", NULL));
	assert_said("[quote-in-test]");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(forms),
		world_test(no_form),
		world_test(outside_in_a_test),
		world_test(quote_in_a_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
