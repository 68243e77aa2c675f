/* test_emit_ports.c - published ports, replicas of what publishes, lines of /etc/hosts. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
ports(void **state) {
	static const struct mapped m[] = {
		{"    ports: [80]\n", "-p 80"},
		{"    ports: ['8080:80']\n", "-p 8080:80"},
		{"    ports: ['127.0.0.1:8080:80/udp']\n", "-p 127.0.0.1:8080:80/udp"},
		{"    ports: ['127.0.0.1::80']\n", "-p 127.0.0.1::80"},
		{"    ports: ['[::1]:8080:80']\n", "-p [::1]:8080:80"},
		{"    ports: ['9000-9001:80-81']\n", "-p 9000:80 -p 9001:81"},
		{"    ports: ['8000-8002:80']\n", "-p 8000-8002:80"},
		{"    ports: [{target: 80, published: '0'}]\n", "-p 0:80"},
		{"    scale: 3\n    ports: ['8000-8002:80', '90', '0:91']\n",
			"-p 8000-8002:80 -p 90 -p 0:91"},
		{"    extra_hosts: ['a:1.2.3.4', 'b=[::1]']\n",
			"--add-host a:1.2.3.4 --add-host b:::1"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
}

/* The plan on an empty engine, NULL after errors. */
static struct plan *
try_plan(const char *text, const struct plan_options *options) {
	struct resources *want = want_text(text);

	assert_non_null(want);
	return plan_make(&world.ctx, world.project, engine_find("docker"),
		diff_make(&world.ctx, world.project, want, NULL, NULL), options);
}

/* Said once, at the port; and only when they will be started. */
static void
replicas(void **state) {
	static const char text[] =
		"services: {a: {image: x, scale: 3, networks: [n], ports: ['%s:80']}}\n"
		"networks: {n: }";
	const char *first;

	(void)state;
	assert_null(try_plan(arena_printf(world.ctx.mem, text, "8080"), &plain));
	assert_said("compose.yaml:1:59: error: service 'a' has 3 containers, and the host has one "
		    "port");
	first = strstr(said_text, "[port-and-scale]");
	assert_non_null(first);
	assert_null(strstr(first + 1, "[port-and-scale]"));
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_null(try_plan(arena_printf(world.ctx.mem, text, "8080-8081"), &plain));
	assert_said("too few ports");
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_non_null(try_plan(arena_printf(world.ctx.mem, text, "8080"),
		&(struct plan_options){.no_start = true}));
	assert_non_null(try_plan("services: {a: {image: x, scale: 3, network_mode: host, ports: "
				 "['8080:80']}}",
		&plain));
}

int
main(void) {
	const struct CMUnitTest tests[] = {world_test(ports), world_test(replicas)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
