/* test_emit_net.c - networks in the command and beside it, aliases, links. */
#include "plan_help.h"

/* The words of container NAME of a spec, and those of its connect commands, a line each. */
static const char *
all_words(const char *text, const char *name) {
	struct resource *r = wanted(want_text(text), KIND_CONTAINER, name);
	struct buf b = {0};

	buf_printf(&b, "%s\n", joined(&r->create));
	for (size_t i = 0; i < r->nconnect; i++)
		buf_printf(&b, "%s\n", joined(&r->connect[i]));
	return arena_take_buf(world.ctx.mem, &b);
}

static void
one_network(void **state) {
	(void)state;
	assert_string_equal(all_words("services: {a: {image: x}}", "myapp-a-1"),
		"--network myapp_default --network-alias a\n");
	assert_string_equal(
		all_words(
			"services: {a: {image: x, networks: {n: {aliases: [b, a, b], ipv4_address: "
			"10.0.0.5}}}}\n"
			"networks: {n: {name: real}}",
			"myapp-a-1"),
		"--network real --network-alias b --network-alias a --ip 10.0.0.5\n");
	assert_string_equal(
		all_words("services: {a: {image: x, network_mode: 'service:b'}, b: {image: x}}",
			"myapp-a-1"),
		"--network container:myapp-b-1\n");
}

/* The highest priority is in the command, the others follow by name; lists there are split at commas. */
static void
more_networks(void **state) {
	(void)state;
	assert_string_equal(
		all_words("services: {a: {image: x, networks: {z: , m: {priority: 5}, k: {aliases: "
			  "['p,q'], driver_opts: {o: 'v,w'}, gw_priority: 3}}}}\n"
			  "networks: {z: , m: , k: }",
			"myapp-a-1"),
		"--network myapp_m --network-alias a\n"
		"network connect --alias \"p,q\" --alias a --driver-opt \"o=v,w\" --gw-priority 3 "
		"myapp_k myapp-a-1\n"
		"network connect --alias a myapp_z myapp-a-1\n");
}

static void
links(void **state) {
	(void)state;
	assert_string_equal(
		all_words("services: {a: {image: x, links: ['b:c'], external_links: ['e:f', g], "
			  "networks: [m, n]}, b: {image: x, networks: [m, n]}}\n"
			  "networks: {m: , n: }",
			"myapp-a-1"),
		"--link myapp-b-1:c --link myapp-b-1:b-1 --link myapp-b-1:myapp-b-1 --link e:f "
		"--link g:g "
		"--network myapp_m --network-alias a\n"
		"network connect --alias a --link myapp-b-1:c --link myapp-b-1:b-1 --link "
		"myapp-b-1:myapp-b-1 --link e:f --link g:g myapp_n myapp-a-1\n");
}

static void
no_form(void **state) {
	static const char *const wish[] = {"n: {driver_opts: {a: B}}", "n: {interface_name: E0}",
		"n: {mac_address: m}, o: {mac_address: o}"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_null(want_text(arena_printf(world.ctx.mem,
			"services: {a: {image: x, networks: {%s}}}\nnetworks: {n: , o: }",
			wish[i])));
		assert_said("[no-form]");
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

/* What the network of the beginning cannot be told makes another one the beginning, or its long form. */
static void
beginnings(void **state) {
	static const struct {
		const char *networks, *words;
	} m[] = {
		{"n: {gw_priority: 3, interface_name: e0, driver_opts: {k: 'a,b'}}",
			"--network name=myapp_n,\"driver-opt=k=a,b\","
			"driver-opt=com.docker.network.endpoint.ifname=e0,gw-priority=3 "
			"--network-alias a\n"},
		{"n: {driver_opts: {k: V}}, o: {}",
			"--network myapp_o --network-alias a\n"
			"network connect --alias a --driver-opt k=V myapp_n myapp-a-1\n"},
		{"n: {}, o: {mac_address: '02:42:00:00:00:01'}",
			"--network myapp_o --network-alias a --mac-address 02:42:00:00:00:01\n"
			"network connect --alias a myapp_n myapp-a-1\n"},
		{"n: {gw_priority: 0}, o: {gw_priority: 2, interface_name: E0}",
			"--network myapp_n --network-alias a\n"
			"network connect --alias a --driver-opt "
			"com.docker.network.endpoint.ifname=E0 --gw-priority 2 myapp_o "
			"myapp-a-1\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(m) / sizeof(*m); i++)
		assert_string_equal(all_words(arena_printf(world.ctx.mem,
						      "services: {a: {image: x, networks: {%s}}}\n"
						      "networks: {n: , o: }",
						      m[i].networks),
					    "myapp-a-1"),
			m[i].words);
}

/* Many aliases take no longer than few, each. */
static void
many_aliases(void **state) {
	struct buf b = {0};
	struct resource *r;

	(void)state;
	buf_adds(&b, "services:\n  a:\n    image: x\n    networks:\n      n:\n        aliases:\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "        - n%d\n", i);
	buf_adds(&b, "networks: {n: }\n");
	r = wanted(want_text(buf_str(&b)), KIND_CONTAINER, "myapp-a-1");
	buf_free(&b);
	assert_int_equal(r->create.n, 2 + 2 * 20001);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(one_network),
		world_test(more_networks),
		world_test(links),
		world_test(no_form),
		world_test(beginnings),
		world_test(many_aliases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
