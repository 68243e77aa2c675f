/* test_refuse_values.c - values without a form, keys that exclude one another. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* Bodies of a service that can't be planned, and what is said; then such that can. */
static void
try_all(const struct mapped *bad, size_t nbad, const char *const *good, size_t ngood) {
	for (size_t i = 0; i < nbad; i++) {
		world.ctx.diags = diags_new(world.ctx.mem);
		if (want_text(arena_printf(world.ctx.mem,
			    "services: {a: {image: x, %s}, b: {image: x}}", bad[i].body)))
			fail_msg("%s was accepted", bad[i].body);
		assert_said(bad[i].words);
	}
	for (size_t i = 0; i < ngood; i++) {
		world.ctx.diags = diags_new(world.ctx.mem);
		if (!want_text(arena_printf(world.ctx.mem,
			    "services: {a: {image: x, %s}, b: {image: x}}", good[i])))
			fail_msg("%s: %s", good[i], said());
	}
}

static void
no_form(void **state) {
	static const struct mapped bad[] = {
		{"blkio_config: {device_read_bps: [{path: /d, rate: 1}]}",
			"1:66: error: docker limits devices below /dev/ only"},
		{"blkio_config: {weight_device: [{path: dev, weight: 10}]}", "[no-form]"},
		{"sysctls: {kernel.hostname: x}",
			"1:36: error: docker sets no 'kernel.hostname' for a container"},
		{"sysctls: [vm.swappiness=1]", "[no-form]"},
		{"device_cgroup_rules: [all]", "1:48: error: a rule is a type"},
		{"device_cgroup_rules: ['c 1:3 rwmr']", "[no-form]"},
		{"entrypoint: ['', x]", "an empty program"},
	};
	static const char *const good[] = {
		"blkio_config: {device_read_bps: [{path: /dev/d, rate: 1}]}",
		"sysctls: {net.core.somaxconn: 1, fs.mqueue.msg_max: 2, kernel.sem: '1 2 3 4'}",
		"device_cgroup_rules: ['c 1:3 mr', 'a *:* rwm', 'b 8:* r']",
		"entrypoint: [e, '']",
	};

	(void)state;
	try_all(bad, COUNT(bad), good, COUNT(good));
}

static void
exclusive(void **state) {
	static const struct mapped bad[] = {
		{"network_mode: 'service:b', ports: ['80']",
			"1:53: error: 'ports' has no place beside 'network_mode: service:b'"},
		{"network_mode: 'container:c', hostname: h", "'hostname' has no place"},
		{"network_mode: 'container:c', dns: 1.1.1.1", "'dns' has no place"},
		{"uts: host, hostname: h", "[keys-exclude]"},
		{"cpus: 1, cpu_quota: 5", "'cpu_quota' has no place beside 'cpus'"},
		{"cpu_period: 5, deploy: {resources: {limits: {cpus: '1'}}}",
			"1:26: error: 'cpu_period'"},
		{"logging: {driver: none, options: {a: b}}", "takes no options"},
	};
	static const char *const good[] = {
		"network_mode: 'service:b', ports: [], hostname: '', environment: {A: b}",
		"network_mode: host, hostname: h, dns: 1.1.1.1",
		"uts: host",
		"cpus: 0, cpu_quota: 5",
		"cpus: 1, cpu_quota: 0, cpu_period: 0",
		"logging: {driver: none}",
		"logging: {driver: local, options: {a: b}}",
	};

	(void)state;
	try_all(bad, COUNT(bad), good, COUNT(good));
}

static void
memory(void **state) {
	static const struct mapped bad[] = {
		{"mem_limit: 5m", "1:37: error: an engine gives a container no less than 6m"},
		{"deploy: {resources: {limits: {memory: 1k}}}", "[bad-limit]"},
		{"mem_limit: 10m, mem_reservation: 20m", "more memory is reserved"},
		{"mem_limit: 10m, deploy: {resources: {reservations: {memory: 20m}}}",
			"more memory is reserved"},
		{"memswap_limit: 20m", "wants a 'mem_limit'"},
		{"mem_limit: 20m, memswap_limit: 10m", "cannot be less"},
	};
	static const char *const good[] = {
		"mem_limit: 6m",
		"mem_limit: 0",
		"mem_reservation: 20m",
		"mem_limit: 20m, mem_reservation: 20m, memswap_limit: 20m",
		"memswap_limit: -1",
		"memswap_limit: 0",
		"memswap_limit: 60m, deploy: {resources: {limits: {memory: 50m}}}",
	};

	(void)state;
	try_all(bad, COUNT(bad), good, COUNT(good));
}

/* A pool of a network, and services that do not count. */
static void
elsewhere(void **state) {
	(void)state;
	assert_null(want_text("services: {a: {image: x}}\nnetworks: {default: {ipam: {config: "
			      "[{gateway: 10.0.0.1}]}}}"));
	assert_said("docker knows no 'gateway' without a 'subnet'");
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_non_null(want_text("services: {a: {image: x}, b: {image: x, mem_limit: 1, profiles: "
				  "[off]}, c: {image: x, mem_limit: 1, scale: 0}}"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(no_form),
		world_test(exclusive),
		world_test(memory),
		world_test(elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
