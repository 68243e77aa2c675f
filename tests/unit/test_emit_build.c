/* test_emit_build.c - the words of `docker build`: each key of the section, paths, what needs BuildKit, and that no value
 * from outside is among them. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The wanted image of a service "a" with this `build`; NULL after errors. */
static struct resource *
built(const char *build) {
	struct resources *want = want_text(arena_printf(world.ctx.mem,
		"services:\n  a: {build: %s}\n  b: {image: bee}\nsecrets: "
		"{f: {file: ./f}, e: {environment: E}, x: {external: true}}",
		build));

	return want ? wanted(want, KIND_IMAGE, "myapp-a") : NULL;
}

/* The words after "-t myapp-a ", the folder written DIR. */
static const char *
words(const char *build) {
	struct resource *r = built(build);
	struct buf b = {0};
	const char *p, *at;

	if (!r)
		return said();
	p = joined(&r->create);
	assert_int_equal(strncmp(p, "-t myapp-a ", 11), 0);
	for (p += 11; (at = strstr(p, world.folder)); p = at + strlen(world.folder))
		buf_printf(&b, "%.*sDIR", (int)(at - p), p);
	buf_adds(&b, p);
	return arena_take_buf(world.ctx.mem, &b);
}

static void
each_key(void **state) {
	static const struct mapped m[] = {
		{".", "DIR"},
		{"{}", "DIR"},
		{"{context: ''}", "DIR"},
		{"{context: ./c/../d}", "DIR/d"},
		{"{context: /c}", "/c"},
		{"{context: 'https://x.org/y.git', dockerfile: ../D}",
			"-f ../D https://x.org/y.git"},
		{"{context: c, dockerfile: D}", "-f DIR/c/D DIR/c"},
		{"{context: c, dockerfile: ../D}", "-f DIR/D DIR/c"},
		{"{context: c, dockerfile: /D}", "-f /D DIR/c"},
		{"{context: c, dockerfile: ''}", "DIR/c"},
		{"{args: {A: 1, B: , C: ''}}", "--build-arg A=1 --build-arg C= DIR"},
		{"{target: t, tags: [x, y]}", "--target t -t x -t y DIR"},
		{"{target: ''}", "DIR"},
		{"{no_cache: true, pull: true}", "--no-cache --pull DIR"},
		{"{no_cache: false, pull: false, privileged: false}", "DIR"},
		{"{labels: {a: b}}", "--label a=b DIR"},
		{"{network: host}", "--network host DIR"},
		{"{shm_size: 1k}", "--shm-size 1024 DIR"},
		{"{shm_size: 0}", "DIR"},
		{"{ulimits: {nproc: 3, nofile: {soft: 1, hard: 2}}}",
			"--ulimit nproc=3 --ulimit nofile=1:2 DIR"},
		{"{extra_hosts: {a: 1.2.3.4}}", "--add-host a:1.2.3.4 DIR"},
		{"{platforms: [linux/arm64]}", "--platform linux/arm64 DIR"},
		{"{cache_from: [x]}", "--cache-from x DIR"},
		{"{secrets: [], ssh: [], cache_to: [], entitlements: []}", "DIR"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		const char *got = words(m[i].body);
		if (strcmp(got, m[i].words) != 0)
			fail_msg("%s\nwanted: %s\ngot:    %s", m[i].body, m[i].words, got);
		assert_null(built(m[i].body)->wish->buildkit);
	}
}

/* Keys that only BuildKit has an option for: the variable that asks for it, and the key. */
static void
buildkit(void **state) {
	static const struct {
		const char *build, *key, *words;
	} m[] = {
		{"{additional_contexts: {d: ./d, b: 'service:b'}}", "additional_contexts",
			"--build-context d=DIR/d --build-context b=docker-image://bee DIR"},
		{"{secrets: [f, {source: f, target: g}]}", "secrets",
			"--secret id=f,src=DIR/f --secret id=g,src=DIR/f DIR"},
		{"{ssh: [default, k=./k]}", "ssh", "--ssh default --ssh k=DIR/k DIR"},
		{"{cache_to: [type=inline]}", "cache_to", "--cache-to type=inline DIR"},
		{"{cache_from: ['type=local,src=x']}", "cache_from",
			"--cache-from type=local,src=x DIR"},
		{"{privileged: true}", "privileged", "--allow security.insecure DIR"},
		{"{entitlements: [network.host]}", "entitlements", "--allow network.host DIR"},
		{"{no_cache_filter: s}", "no_cache_filter", "--no-cache-filter s DIR"},
		{"{provenance: false}", "provenance", "--provenance false DIR"},
		{"{sbom: true, ssh: [default]}", "sbom", "--sbom true --ssh default DIR"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		const struct resource *r;
		assert_string_equal(words(m[i].build), m[i].words);
		r = built(m[i].build);
		assert_string_equal(r->wish->buildkit, m[i].key);
		assert_int_equal(r->wish->buildkit_at.line, 2);
		assert_int_equal(r->npass, 1);
		assert_string_equal(r->pass[0].name, "DOCKER_BUILDKIT");
	}
}

static void
inline_text(void **state) {
	const struct resource *r;

	(void)state;
	assert_string_equal(words("{dockerfile_inline: \"FROM x\\nRUN y\\n\"}"), "-f - DIR");
	r = built("{dockerfile_inline: \"FROM x\\nRUN y\\n\"}");
	assert_int_equal(r->wish->feed->kind, FEED_TEXT);
	assert_string_equal(r->wish->feed->text.s, "FROM x\nRUN y\n");
}

/* A value from outside, or of a secret's name, is no word of the command. */
static void
kept_back(void **state) {
	const struct resource *r;

	(void)state;
	own("OUT=outside-value");
	own("E=secret-value");
	own("HOME_DIR=h");
	r = built("{args: {OUT: , V: 'v-${OUT}', DB_PASSWORD: pw, U: 'http://me:pw@x/', DOCKER_V: "
		  "'${OUT}'}, secrets: [e]}");
	assert_string_equal(strstr(joined(&r->create), "--build-arg"),
		arena_printf(world.ctx.mem,
			"--build-arg OUT --build-arg V --build-arg DB_PASSWORD --build-arg U "
			"--build-arg DOCKER_V --secret id=e,env=E %s",
			world.folder));
	assert_int_equal(r->npass, 7);
	assert_string_equal(r->pass[1].name, "V");
	assert_string_equal(r->pass[1].value.s, "v-outside-value");
	assert_string_equal(r->pass[6].name, "E");
	assert_string_equal(r->pass[6].value.s, "secret-value");
}

/* A secret whose variable has another value in this command, or would steer docker, goes under a name of ours. */
static void
carriers(void **state) {
	const struct resource *r;

	(void)state;
	own("E=secret-value");
	r = built("{args: {E: 'x${E}'}, secrets: [e]}");
	assert_non_null(strstr(joined(&r->create), "--secret id=e,env=STACKPLAN_SECRET_"));
	assert_string_equal(r->pass[0].value.s, "xsecret-value");
	assert_string_equal(r->pass[2].value.s, "secret-value");
}

static void
refused(void **state) {
	static const struct mapped m[] = {
		{"{network: 'service:b'}", "[no-form]"},
		{"{secrets: [x]}", "[no-form]"},
		{"{args: {PATH: '${OUT}'}}", "docker itself reads a variable of this name"},
		{"{args: {LD_PRELOAD: '${OUT}'}}", "docker itself reads a variable of this name"},
		{"{args: {a-b: '${OUT}'}}", "no shell can set a variable of this name"},
		{"{args: {'a b': '1'}}", "[bad-env-name]"},
		{"{labels: {'a=b': '1'}}", "[bad-label]"},
		{"{additional_contexts: {x: 'service:nobody'}}", "[no-service]"},
	};

	static const char *const names[] = {"Aa", "a-", "a..b", "a___b", "a._b", "a_"};

	(void)state;
	own("OUT=1");
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_null(built(m[i].body));
		assert_said(m[i].words);
		world.ctx.diags = diags_new(world.ctx.mem);
	}
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_null(want_text(
			arena_printf(world.ctx.mem, "services: {%s: {build: .}}", names[i])));
		assert_said("[bad-image]");
		world.ctx.diags = diags_new(world.ctx.mem);
	}
	assert_non_null(want_text("services: {a.b_c__d---e: {build: .}}"));
}

static void
noted(void **state) {
	static const struct mapped m[] = {
		{"{platforms: [a, b]}", "[one-platform]"},
		{"{secrets: [{source: f, mode: 0400}]}",
			"'mode' of a build's secret has no effect"},
		{"{secrets: [e]}", "[unset-variable]"},
		{"{isolation: default}", "[noted-key]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_non_null(built(m[i].body));
		assert_said(m[i].words);
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(each_key),
		world_test(buildkit),
		world_test(inline_text),
		world_test(kept_back),
		world_test(carriers),
		world_test(refused),
		world_test(noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
