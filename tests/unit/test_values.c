/* test_values.c - the two sides of a key that differs, as people read them; and that no secret is among them. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

static const char spec[] =
	"services:\n  a:\n    image: x:2\n    command: [sleep, '5']\n    mem_limit: 128m\n    "
	"cpus: 0.75\n"
	"    entrypoint: [nice, -n, '2']\n"
	"    environment: {DEBUG: '1', API_TOKEN: t0ps3cret, OUT: '${VALUE}'}\n"
	"    ports: ['127.0.0.1:81:80']\n    volumes: ['dat:/d:ro', {type: tmpfs, target: /t, "
	"tmpfs: "
	"{size: 2m}}]\n    restart: 'on-failure:3'\n"
	"    healthcheck: {test: t, interval: 1500ms}\n    labels: {l: m}\n"
	"    networks: {n: {aliases: [y]}}\n    links: ['b:two']\n    ipc: 'service:b'\n"
	"    volumes_from: ['b:ro']\n    expose: ['91']\n    extra_hosts: ['h:10.0.0.2']\n"
	"    logging: {driver: local, options: {max-size: 2m}}\n    tmpfs: '/m:size=2m'\n"
	"    devices: ['/dev/zero:/dev/x']\n    cap_add: [CAP_NET_RAW]\n    stdin_open: true\n"
	"    ulimits: {nofile: {soft: 1, hard: 2}}\n    sysctls: {net.core.somaxconn: '2'}\n"
	"    deploy: {resources: {limits: {memory: 128m, cpus: '0.75'}}, restart_policy: "
	"{condition: "
	"any}}\n"
	"    configs: [c]\n    secrets: [s]\n    stop_grace_period: 90s\n"
	"    group_add: ['https://u:pw@h']\n"
	"  b: {image: x}\n"
	"volumes: {dat: }\nnetworks: {n: {driver_opts: {o: '2'}}}\n"
	"configs: {c: {content: two}}\nsecrets: {s: {file: /s}}\n";
/* What the label of the container was made from, as far as the values are found by it. */
static const char before[] = "services:\n  a:\n    image: x:1\n    command: [sleep, '4']\n"
			     "    entrypoint: [nice, -n, '1']\n";
static const char facts[] =
	"{\"Config\":{\"Image\":\"x:1\",\"Entrypoint\":[\"nice\"],\"Cmd\":[\"-n\",\"1\",\"sleep\","
	"\"4\"],\"Labels\":{\"l\":\"k\"},"
	"\"Env\":[\"DEBUG=0\",\"API_TOKEN=old\",\"OUT=outside\",\"GONE=g\"],"
	"\"ExposedPorts\":{\"80/tcp\":{},\"90/tcp\":{},\"90/"
	"udp\":{}},\"StopTimeout\":1,\"OpenStdin\":false,"
	"\"Healthcheck\":{\"Test\":[\"CMD\",\"u\"],\"Interval\":1000000000}},"
	"\"HostConfig\":{\"Memory\":67108864,\"NanoCpus\":500000000,\"RestartPolicy\":{\"Name\":"
	"\"always\",\"MaximumRetryCount\":0},\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"\","
	"\"HostPort\":\"80\"}]},\"IpcMode\":\"container:c0ffee\",\"VolumesFrom\":[\"myapp-b-1:rw\"]"
	","
	"\"ExtraHosts\":[\"h:10.0.0.1\"],\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{}},"
	"\"Tmpfs\":{\"/m\":\"size=1m\"},\"Devices\":[{\"PathOnHost\":\"/dev/null\","
	"\"PathInContainer\":\"/dev/"
	"x\",\"CgroupPermissions\":\"rwm\"}],\"CapAdd\":[\"CAP_NET_ADMIN\""
	"],\"ReadonlyRootfs\":false,\"Ulimits\":[{\"Name\":\"nofile\",\"Hard\":1,\"Soft\":1}],"
	"\"Sysctls\":{\"net.core.somaxconn\":\"1\"},\"GroupAdd\":[\"10\"],\"Mounts\":[{\"Type\":"
	"\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"SizeBytes\":1048576}}]},"
	"\"NetworkSettings\":{\"Networks\":{\"myapp_n\":{\"Aliases\":[\"a\",\"x\",\"deadbeef\"],"
	"\"Links\":[\"myapp-b-1:one\",\"myapp-b-1:b-1\",\"myapp-b-1:b\"],\"IPAMConfig\":{"
	"\"IPv4Address\":\"10.0.0.9\"}}}},"
	"\"Mounts\":[{\"Type\":\"volume\",\"Name\":\"myapp_old\","
	"\"Destination\":\"/d\",\"RW\":true},{\"Type\":\"tmpfs\",\"Source\":\"\",\"Destination\":"
	"\"/t\",\"RW\":true}]}";

/* "had -> wanted" for a key; "-" where nothing is said. */
static const char *
both(const struct resource *want, const struct resource *had, const char *key, bool outside) {
	struct resource b = {.kind = KIND_CONTAINER,
		.name = "myapp-b-1",
		.id = "c0ffee",
		.project = "myapp",
		.had_key = "b"};
	struct resource *v[] = {&b};
	const struct resources all = {.v = v, .n = 1};
	const struct diffing d = {.ctx = &world.ctx, .project = world.project, .had = &all};
	const struct difference diff = {.key = key, .was_outside = outside};
	const char *w = value_wanted(&d, want, key), *h = value_had(&d, had, &diff);

	return arena_printf(world.ctx.mem, "%s -> %s", h ? h : "-", w ? w : "-");
}

/* Of a container. */
static const char *
sides(const char *key, bool from_outside) {
	const struct resource *old = wanted(want_text(before), KIND_CONTAINER, "myapp-a-1");
	struct resource had = {.kind = KIND_CONTAINER,
		.name = "myapp-a-1",
		.had_key = "a",
		.id = "deadbeefcafe",
		.had_sums =
			digest_label(&world.ctx, resource_digest(&world.ctx, world.project, old))};
	const char *why;

	had.facts = json_read(world.ctx.mem, facts, sizeof(facts) - 1, &why);
	assert_non_null(had.facts);
	return both(wanted(want_text(spec), KIND_CONTAINER, "myapp-a-1"), &had, key, from_outside);
}

static void
both_sides(void **state) {
	static const struct {
		const char *key, *text;
	} m[] = {
		{"image", "\"x:1\" -> \"x:2\""},
		{"command", "[\"sleep\", \"4\"] -> [\"sleep\", \"5\"]"},
		{"entrypoint", "[\"nice\", \"-n\", \"1\"] -> [\"nice\", \"-n\", \"2\"]"},
		{"mem_limit", "64m -> 128m"},
		{"cpus", "0.5 -> 0.75"},
		{"environment.DEBUG", "\"0\" -> \"1\""},
		{"environment.GONE", "\"g\" -> -"},
		{"ports", "[80:80/tcp] -> [127.0.0.1:81:80/tcp]"},
		{"volumes./d", "volume myapp_old -> volume myapp_dat, read-only"},
		{"volumes./t", "tmpfs, size 1m -> tmpfs, size 2m"},
		{"restart", "\"always\" -> \"on-failure:3\""},
		{"healthcheck.interval", "1s -> 1500ms"},
		{"healthcheck.test", "[\"CMD\", \"u\"] -> [\"CMD-SHELL\", \"t\"]"},
		{"labels.l", "\"k\" -> \"m\""},
		{"user", "- -> -"},
		{"networks.n", "network myapp_n, {aliases: [\"x\"], ipv4_address: \"10.0.0.9\"} -> "
			       "network myapp_n, {aliases: [\"y\"]}"},
		{"links", "[\"b:one\"] -> [\"b:two\"]"},
		{"ipc", "\"service:b\" -> \"service:b\""},
		{"volumes_from", "[\"b:rw\"] -> [\"b:ro\"]"},
		{"expose", "[\"90\", \"90/udp\"] -> [\"91\"]"},
		{"extra_hosts", "[\"h=10.0.0.1\"] -> [\"h=10.0.0.2\"]"},
		{"logging", "{driver: \"json-file\"} -> {driver: \"local\", options: {max-size: "
			    "\"2m\"}}"},
		{"tmpfs", "[\"/m:size=1m\"] -> [\"/m:size=2m\"]"},
		{"devices", "[\"/dev/null:/dev/x:rwm\"] -> [\"/dev/zero:/dev/x:rwm\"]"},
		{"cap_add", "[\"NET_ADMIN\"] -> [\"NET_RAW\"]"},
		{"stdin_open", "false -> true"},
		{"ulimits.nofile", "1 -> {soft: 1, hard: 2}"},
		{"sysctls.net.core.somaxconn", "\"1\" -> \"2\""},
		{"stop_grace_period", "1s -> 90s"},
		{"deploy.resources", "{limits: {cpus: 0.5, memory: 64m}} -> {limits: {cpus: 0.75, "
				     "memory: 128m}}"},
		{"deploy.restart_policy", "{condition: \"any\"} -> {condition: \"any\"}"},
		{"configs./c", "- -> \"two\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(m) / sizeof(*m); i++)
		assert_string_equal(sides(m[i].key, false), m[i].text);
}

/* By name; because the spec has it from outside; because it came from there when the container was made. */
static void
secrets(void **state) {
	(void)state;
	assert_string_equal(sides("environment.API_TOKEN", false), "<redacted> -> <redacted>");
	assert_string_equal(sides("environment.OUT", true), "<redacted> -> \"\"");
	assert_string_equal(sides("environment.DEBUG", true), "<redacted> -> \"1\"");
	assert_string_equal(sides("environment.GONE", true), "<redacted> -> -");
	assert_string_equal(sides("secrets./run/secrets/s", false), "<redacted> -> bind /s");
	assert_string_equal(sides("group_add", true), "<redacted> -> [<redacted>]");
}

/* A network; its own labels without ours. */
static void
networks(void **state) {
	static const char text[] =
		"{\"Options\":{\"o\":\"1\"},\"Internal\":true,\"IPAM\":{\"Driver\":\"default\","
		"\"Config\":[{\"Subnet\":\"10.0.0.0/24\"}]},\"Labels\":{\"own\":\"1\","
		"\"dev.stackplan.digest\":\"x\",\"com.docker.compose.network\":\"n\"}}";
	const struct resource *want = wanted(want_text(spec), KIND_NETWORK, "myapp_n");
	struct resource had = {.kind = KIND_NETWORK, .name = "myapp_n", .had_key = "n"};
	const char *why;

	(void)state;
	had.facts = json_read(world.ctx.mem, text, sizeof(text) - 1, &why);
	assert_string_equal(both(want, &had, "driver_opts", false), "{o: \"1\"} -> {o: \"2\"}");
	assert_string_equal(both(want, &had, "internal", false), "true -> -");
	assert_string_equal(both(want, &had, "labels", false), "{own: \"1\"} -> -");
	assert_string_equal(
		both(want, &had, "ipam", false), "{config: [{subnet: \"10.0.0.0/24\"}]} -> -");
	assert_string_equal(both(want, &had, "attachable", false), "- -> -");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(both_sides), world_test(secrets), world_test(networks)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
