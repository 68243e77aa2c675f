/* test_preflight.c - what is in the way before anything is done: images, addresses, ports. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Look beforehand, with these ports published by a container that is there; what was said. */
static const char *
found(const char *text, const char *ports, const struct plan_options *options) {
	struct resources *want = want_text(text),
			 *had = arena_make(world.ctx.mem, struct resources);
	struct docker d = {.engine = engine_find("docker"), .program = "/nowhere/docker"};
	struct resource *r = arena_make(world.ctx.mem, struct resource);

	if (!want)
		fail_msg("%s", said());
	*r = (struct resource){.kind = KIND_CONTAINER,
		.name = "stranger",
		.key = "stranger",
		.state = "running",
		.project = "",
		.had_key = "",
		.had_digest = "",
		.networks = "",
		.ports = ports};
	resources_push(&world.ctx, had, r);
	preflight(&world.ctx, &d, diff_make(&world.ctx, world.project, want, had, NULL), had,
		options, false);
	return said();
}

static void
ports(void **state) {
	static const struct {
		const char *wish, *there;
		bool taken;
	} m[] = {
		{"'80:80'", "0.0.0.0:80->80/tcp, [::]:80->80/tcp", true},
		{"'80:80'", "127.0.0.1:80->80/tcp", true},
		{"'127.0.0.1:80:80'", ":::80->80/tcp", true},
		{"'127.0.0.1:80:80'", "127.0.0.2:80->80/tcp", false},
		{"'80:80'", "0.0.0.0:81->80/tcp, 80/tcp", false},
		{"'80:80'", "0.0.0.0:80->80/udp", false},
		{"'80:80/udp'", "0.0.0.0:80->80/udp", true},
		{"'8000-8005:8000-8005'", "0.0.0.0:8004-8010->1-7/tcp", true},
		{"'8000-8005:8000-8005'", "0.0.0.0:8006-8010->1-5/tcp", false},
		{"'80'", "0.0.0.0:80->80/tcp", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		const char *text = arena_printf(
			world.ctx.mem, "services: {a: {image: x, ports: [%s]}}", m[i].wish);
		bool taken = strstr(found(text, m[i].there, &plain),
				     "taken by the container 'stranger'") != NULL;
		if (taken != m[i].taken)
			fail_msg("%s beside %s", m[i].wish, m[i].there);
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

static void
addresses(void **state) {
	static const struct {
		const char *a, *b;
		bool overlap;
	} m[] = {
		{"10.1.0.0/16", "10.1.128.0/24", true},
		{"10.1.0.0/16", "10.2.0.0/16", false},
		{"10.1.2.0/23", "10.1.3.0/24", true},
		{"10.1.2.0/24", "10.1.3.0/24", false},
		{"0.0.0.0/0", "10.1.3.0/24", true},
		{"fd00:1::/32", "fd00:1:2::/64", true},
		{"fd00:1::/32", "fd00:2::/32", false},
		{"fd00:1::/32", "10.0.0.0/8", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		const char *text = arena_printf(world.ctx.mem,
			"services: {a: {image: x, networks: [m, n]}}\n"
			"networks: {m: {ipam: {config: [{subnet: '%s'}]}}, n: {ipam: {config: "
			"[{subnet: "
			"'%s'}]}}}",
			m[i].a, m[i].b);
		bool overlap = strstr(found(text, "", &plain), "overlap") != NULL;
		if (overlap != m[i].overlap)
			fail_msg("%s beside %s", m[i].a, m[i].b);
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

static void
images(void **state) {
	static const char never[] = "services: {a: {image: x, pull_policy: never}}";
	static const char plainly[] = "services: {a: {image: x}}";

	(void)state;
	assert_non_null(strstr(found(never, "", &plain), "image-absent"));
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_string_equal(found(plainly, "", &plain), "");
	assert_non_null(strstr(
		found(plainly, "", &(struct plan_options){.pull = PULL_NEVER}), "--pull never"));
	world.ctx.diags = diags_new(world.ctx.mem);
	assert_string_equal(found(never, "", &(struct plan_options){.pull = PULL_ALWAYS}), "");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(ports),
		world_test(addresses),
		world_test(images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
