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
		{"services:\n  a: {image: x, pull_policy: sometimes}\n",
			"compose.yaml:2:30: error: 'pull_policy' wants always, missing, never, "
			"build, daily, weekly or a time such as every_12h, not \"sometimes\""},
		{"services:\n  a: {image: x, pull_policy: every_12}\n", "not \"every_12\""},
		{"services:\n  a:\n    image: x\n    env_file: \"\"\n",
			"compose.yaml:4:15: error: the path of this env file is empty"},
		{"services:\n  a:\n    image: x\n    develop: {watch: [{path: ., action: sync}]}\n",
			"compose.yaml:4:41: error: the action 'sync' wants a 'target'"},
		{"services:\n  a: {build: {context: ., additional_contexts: {b: \"service:c\"}}}\n",
			"compose.yaml:2:52: error: the build of 'a' starts from the service 'c', "
			"which is not in the file [no-service]"},
		{"services:\n  a: {image: x, links: [\"b:c:d\"]}\n  b: {image: x}\n",
			"compose.yaml:2:25: error: 'links' wants SERVICE or SERVICE:ALIAS, not "
			"\"b:c:d\""},
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

/* What Compose loads and no engine takes: an error, but a warning to who only looks at the spec. */
static void
what_no_engine_takes(void **state) {
	static const struct {
		const char *text, *at, *want; /* AT: "" or the line and column */
	} rows[] = {
		{"services:\n  a: {image: \"x:${UNSET_TAG}\"}\n", "2:14: ", "'image' wants a tag"},
		{"services:\n  a: {image: x, container_name: -x}\n",
			"2:33: ", "'container_name' wants"},
		{"services:\n  a: {image: x, restart: sometimes}\n",
			"2:26: ", "'restart' wants no"},
		{"services:\n  a: {image: x, volumes: [\"/a:b\"]}\n", "",
			"'volumes' wants an absolute path as the target, not \"/a:b\""},
		{"services:\n  a: {image: x, volumes: [{type: bind, source: \"\", target: /b}]}\n",
			"2:48: ", "a mount of type 'bind' wants a 'source'"},
		{"services:\n  a: {image: x, volumes: [/b], tmpfs: /b}\n", "",
			"service 'a' mounts two things at '/b'"},
		{"services:\n  a: {image: x, devices: [\":/dev/b\"]}\n", "",
			"'devices' wants SOURCE[:TARGET[:PERMISSIONS]], not \":/dev/b\""},
		{"services:\n  a: {image: x, devices: [\"/dev/a:/b:x\"]}\n", "",
			"'devices' wants permissions of r, w and m, not \"x\""},
		{"services:\n  a: {image: x, extra_hosts: [\"h:\"]}\n", "",
			"'extra_hosts' wants NAME=ADDRESS with an IP address"},
		{"services:\n  a: {image: x, environment: [\"A =b\"]}\n", "",
			"'environment' wants NAME=value, not \"A =b\""},
		{"services:\n  a: {image: x, environment: [\"A: b\"]}\n", "",
			"a variable's name is neither empty nor holds '=' or blanks"},
		{"services:\n  a: {image: x, labels: [\"A: b\"]}\n", "",
			"no docker command can set a label"},
		{"services:\n  a: {image: x, ulimits: {nofile: {soft: 2, hard: 1}}}\n", "",
			"'nofile' wants a soft limit not above the hard one"},
		{"services:\n  a: {image: x, ports: [{target: 80, published: x}]}\n",
			"2:49: ", "'ports' wants a published port"},
		{"services:\n  a: {image: x, deploy: {restart_policy: {condition: never}}}\n",
			"2:54: ", "'condition' wants one of always"},
		{"services:\n  a: {image: x, container_name: one}\n"
		 "  b: {image: x, container_name: one}\n",
			"3:33: ", "services 'a' and 'b' both name their container 'one'"},
		{"services:\n  a: {image: x, healthcheck: {test: x, start_interval: 1s}}\n",
			"2:56: ", "'start_interval' of 'a' needs a 'start_period'"},
		{"services:\n  a: {image: x}\nsecrets:\n  s: {file: \"${UNSET_FILE}\"}\n", "4:13: ",
			"a secret wants 'file', 'environment' or 'external', and this "
			"'file' is empty"},
		{"services:\n  a: {image: x}\nconfigs:\n  c: {external: true, file: ./c}\n",
			"4:23: ", "'c' is external"},
		{"networks:\n  n: {}\n", "1:1: ", "this file has no services"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (make_text(rows[i].text, NULL))
			fail_msg("accepted: %s", rows[i].text);
		assert_said(arena_printf(world.ctx.mem, "%serror: %s", rows[i].at, rows[i].want));
		diags_lenient(&world.ctx);
		if (!make_text(rows[i].text, NULL))
			fail_msg("refused: %s", rows[i].text);
		assert_said(arena_printf(world.ctx.mem, "%swarning: %s", rows[i].at, rows[i].want));
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

/* What is said of a network that is made elsewhere changes nothing. */
static void
external_networks_are_warned_of(void **state) {
	(void)state;
	assert_good(make_text(
		"services:\n  a: {image: x}\nnetworks:\n  n:\n    driver: bridge\n    external: "
		"true\n",
		NULL));
	assert_said("compose.yaml:5:5: warning: 'n' is external, so it is made elsewhere and "
		    "'driver' has no meaning here [external-mixed]");
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
		world_test(what_no_engine_takes),
		world_test(external_networks_are_warned_of),
		world_test(what_is_right_is_silent),
	};

	return cmocka_run_group_tests_name("consist", tests, NULL, NULL);
}
