/* test_consist.c - what must fit together: each rule once, at its place. */
#include "spec_help.h"

static void
each_rule_at_its_place(void **state) {
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"services:\n  a: {image: x, networks: [fron]}\nnetworks: {front: {}}\n",
			"compose.yaml:2:28: error: service 'a' uses the network 'fron', which is "
			"not declared below 'networks:', did you "
			"mean 'front'? [undefined-network]"},
		{"services:\n  a: {image: x, network_mode: host, networks: [n]}\nnetworks: {n: "
		 "{}}\n",
			"compose.yaml:2:31: error: service 'a' has both 'network_mode' and "
			"'networks' [network-mode]"},
		{"services:\n  a:\n    image: x\n    volumes: [\"data:/data\"]\n",
			"compose.yaml:4:16: error: service 'a' uses the volume 'data', which is "
			"not declared below 'volumes:' "
			"[undefined-volume]"},
		{"services:\n  a:\n    image: x\n    volumes: [\"vol:/d\"]\n    tmpfs: "
		 "[\"/d:size=1m\"]\nvolumes: {vol: {}}\n",
			"compose.yaml:5:13: error: service 'a' mounts two things at '/d' "
			"[mounted-twice]"},
		{"services:\n  a: {image: x, container_name: one, scale: 2}\n",
			"compose.yaml:2:33: error: service 'a' has 2 containers, and "
			"'container_name' names only one"},
		{"services:\n  a: {image: x, container_name: one}\n  b: {image: x, container_name: "
		 "one}\n",
			"compose.yaml:3:33: error: services 'a' and 'b' both name their container "
			"'one' [same-container-name]"},
		{"services:\n  a: {image: x, healthcheck: {test: [CMD, x], start_interval: 1s}}\n",
			"error: 'start_interval' of 'a' needs a 'start_period' [no-start-period]"},
		{"services:\n  a: {image: x}\nnetworks:\n  n:\n    driver: bridge\n    external: "
		 "true\n",
			"compose.yaml:5:5: error: 'n' is external, so it is made elsewhere and "
			"'driver' has no meaning here"},
		{"services:\n  a: {image: x}\nvolumes:\n  v: {external: true, labels: {a: b}}\n",
			"compose.yaml:4:23: error: 'v' is external"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (make_text(rows[i].text, NULL))
			fail_msg("accepted: %s", rows[i].text);
		assert_said(rows[i].want);
	}
}

static void
two_on_one_port_are_warned_of(void **state) {
	(void)state;
	assert_good(make_text("services:\n  a: {image: x, ports: [\"80:80\", \"8000-8001:80\"]}\n  "
			      "b: {image: x, ports: [\"80:8080\", \"90:90/udp\"]}\n"
			      "  c: {image: x, ports: [\"127.0.0.1:80:80\", \"90:90\", \"80\"]}\n",
		NULL));
	assert_said("compose.yaml:3:25: warning: services 'a' and 'b' both publish "
		    "'0.0.0.0:80/tcp' [same-port]");
	assert_null(strstr(strstr(said_text, "same-port") + 1, "same-port"));
}

static void
values_from_outside_are_not_shown(void **state) {
	(void)state;
	own("V=canary");
	put("x.env", "A='canary\n");
	assert_null(make_text(
		"services:\n  a:\n    image: x\n    volumes: [\"x${V}:/d\", \"yy:/w$V\"]\n"
		"    tmpfs: [\"/w$V\"]\n    container_name: n$V\n    links: [\"${V}\"]\n"
		"    env_file: [\"no/$V\", x.env]\n"
		"  b: {image: x, container_name: n$V}\nvolumes: {yy: {}}\n"
		"x-stackplan: {checks: [{logs: $V}, {run: {image: x, network: $V}}]}\n",
		NULL));
	assert_true(diag_errors(&world.ctx) >= 8);
	said();
	assert_null(strstr(said_text, "canary"));
	assert_non_null(strstr(said_text, "uses the volume 'x${V}'"));
	assert_non_null(strstr(said_text, "both name their container 'n${V}'"));
	assert_non_null(strstr(said_text, "x.env:1:3: error: this quote is never closed"));
}

static void
what_is_right_is_silent(void **state) {
	(void)state;
	assert_good(make_text(
		"services:\n  a:\n    image: x\n    networks: [default, n, e]\n    volumes: "
		"[\"vol:/v\", \".:/w\", /anonymous]\n"
		"    tmpfs: /run\n"
		"networks: {n: {driver: bridge}, e: {external: true, name: y}}\nvolumes: {vol: }\n",
		NULL));
	assert_string_equal(said(), "");
	/* a service that no profile enables is not looked at */
	assert_good(make_text(
		"services:\n  a: {image: x}\n  b: {image: x, profiles: [p1], networks: [nope]}\n",
		NULL));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(each_rule_at_its_place),
		world_test(two_on_one_port_are_warned_of),
		world_test(values_from_outside_are_not_shown),
		world_test(what_is_right_is_silent),
	};

	return cmocka_run_group_tests_name("consist", tests, NULL, NULL);
}
