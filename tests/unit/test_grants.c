/* test_grants.c - secrets and configs: which are mounted, which are copied, what is refused and noted, what identifies them. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define TOP                                                                                       \
	"secrets: {f: {file: /f}, v: {environment: VALUE}, e: {environment: EMPTY}, n: "          \
	"{environment: NONE}, x: {external: true}}\n"                                             \
	"configs: {f: {file: './a,b'}, t: {content: \"one\\ntwo\"}, i: {content: 'a${VALUE}b'}, " \
	"v: {environment: VALUE}, e: {environment: EMPTY}}\n"

/* "PATH MODE UID:GID TEXT;" for each file that is copied. */
static const char *
copied(const char *body) {
	struct resource *r;
	struct buf b = {0};

	if (!words_of_service(arena_printf(world.ctx.mem, "%s" TOP, body), &r))
		return NULL;
	for (size_t i = 0; r->files && i < r->files->nfile; i++) {
		const struct feed_file *f = &r->files->file[i];
		buf_printf(&b, "%s %o %lld:%lld %s;", f->path, f->mode, (long long)f->uid,
			(long long)f->gid, f->content.s);
	}
	return arena_take_buf(world.ctx.mem, &b);
}

static void
mounts(void **state) {
	static const struct mapped m[] = {
		{"    secrets: [f]\n" TOP, "--mount type=bind,src=/f,dst=/run/secrets/f,readonly"},
		{"    secrets: [{source: f, target: g}]\n" TOP,
			"--mount type=bind,src=/f,dst=/run/secrets/g,readonly"},
		{"    secrets: [{source: f, target: /g}]\n" TOP,
			"--mount type=bind,src=/f,dst=/g,readonly"},
		{"    configs: [{source: f, target: 'x \"y'}]\n    working_dir: /\n" TOP, NULL},
	};
	const char *last;

	(void)state;
	own("VALUE=x");
	own("EMPTY=");
	assert_mapped(m, COUNT(m) - 1);
	last = words_of_service(m[COUNT(m) - 1].body, NULL);
	assert_non_null(strstr(last, "type=bind,\"src="));
	assert_non_null(strstr(last, "/a,b\",\"dst=/x \"\"y\",readonly"));
}

static void
copies(void **state) {
	static const char *const m[][2] = {
		{"    secrets: [v]\n", "/run/secrets/v 444 0:0 hunter2;"},
		{"    secrets: [{source: v, target: t, uid: '5', gid: '6', mode: 0o4400}]\n",
			"/run/secrets/t 4400 5:6 hunter2;"},
		{"    secrets: [e]\n", "/run/secrets/e 444 0:0 ;"},
		{"    configs: [e]\n", ""},
		{"    configs: [t, i]\n", "/t 444 0:0 one\ntwo;/i 444 0:0 ahunter2b;"},
		{"    configs: [{source: t, target: a/../../b/}]\n    secrets: [f, v]\n",
			"/b 444 0:0 one\ntwo;/run/secrets/v 444 0:0 hunter2;"},
		{"    secrets: [v, {source: e, target: v}]\n", "/run/secrets/v 444 0:0 ;"},
	};

	(void)state;
	own("VALUE=hunter2");
	own("EMPTY=");
	for (size_t i = 0; i < COUNT(m); i++)
		assert_string_equal(copied(m[i][0]), m[i][1]);
}

static void
said_of_them(void **state) {
	static const char *const m[][2] = {
		{"    secrets: [n]\n", "error: the variable 'NONE', which secret 'n' is read from"},
		{"    secrets: [x]\n", "error: the secret 'x' is external"},
		{"    secrets: [{source: v, uid: root}]\n", "error: 'uid' wants a number"},
		{"    secrets: [v]\n    read_only: true\n", "nothing can be copied"},
		{"    configs: [t]\n    volumes: ['/x:/t']\n", "two things at '/t'"},
		{"    configs: [{source: t, target: 'a${API_TOKEN}'}]\n", "value of 'API_TOKEN'"},
		{"    configs: [{source: t, target: /}]\n", "the target of config 't' is a folder"},
		{"    secrets: [{source: f, target: x/..}]\n", "the target of secret 'f' is a"},
	};

	(void)state;
	own("VALUE=hunter2");
	own("EMPTY=");
	own("API_TOKEN=t0k3n");
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_null(copied(m[i][0]));
		assert_said(m[i][1]);
	}
	assert_non_null(copied("    secrets: [v]\n    tmpfs: ['/run:size=1']\n"));
	assert_said("a tmpfs hides it");
	assert_non_null(copied("    secrets: [{source: f, uid: '1'}]\n"));
	assert_said("'uid': the secret 'f' is mounted from its file");
}

/* The digest of a service with this body. */
static const char *
digest(const char *body) {
	struct resource *r;

	assert_non_null(words_of_service(arena_printf(world.ctx.mem, "%s" TOP, body), &r));
	const struct digest *d = resource_digest(&world.ctx, world.project, r);
	for (size_t i = 0; i < d->n; i++)
		assert_null(strstr(d->sum[i].value, "hunter2"));
	return d->all;
}

static void
identity(void **state) {
	const char *v;

	(void)state;
	own("VALUE=hunter2");
	own("EMPTY=");
	v = digest("    secrets: [v]\n");
	assert_string_equal(v, digest("    secrets: [{source: v, target: /run/secrets/v, uid: '0', "
				      "mode: 0444}]\n"));
	assert_string_not_equal(v, digest("    secrets: [{source: v, uid: '1'}]\n"));
	assert_string_not_equal(v, digest("    secrets: [{source: v, gid: '1'}]\n"));
	assert_string_not_equal(v, digest("    secrets: [{source: v, mode: 0400}]\n"));
	assert_string_not_equal(v, digest("    secrets: [{source: v, target: w}]\n"));
	assert_string_not_equal(v, digest("    secrets: [{source: e, target: v}]\n"));
	assert_string_not_equal(v, digest("    secrets: [{source: f, target: v}]\n"));
	assert_string_equal(
		digest("    secrets: [f]\n"), digest("    secrets: [{source: f, uid: '7'}]\n"));
}

static void
steps(void **state) {
	static const char spec[] =
		"services:\n  a: {image: x, configs: [c], networks: [n, m]}\nnetworks: {n: , m: }\n"
		"configs: {c: {content: text}}\n";
	const struct plan *p = plan_text(spec, NULL, &plain);
	const struct step *made = step_of(p, ACT_CREATE, "myapp-a-1"),
			  *copy = step_of(p, ACT_COPY, "myapp-a-1"),
			  *connect = step_of(p, ACT_CONNECT, "myapp-a-1"),
			  *start = step_of(p, ACT_START, "myapp-a-1");

	(void)state;
	assert_string_equal(joined(&copy->argv), "docker cp - myapp-a-1:/");
	assert_true(comes_after(copy, made) && comes_after(connect, copy));
	assert_true(comes_after(start, connect));
	assert_int_equal(copy->feed->kind, FEED_FILES);
	assert_null(find_step(p, ACT_RUN, "myapp-a-1"));
	p = plan_text(spec, NULL, &(struct plan_options){.no_start = true});
	assert_non_null(find_step(p, ACT_COPY, "myapp-a-1"));
	assert_null(find_step(p, ACT_START, "myapp-a-1"));
}

/* What stands in STATE on the engine, as wanted, and what the plan does to it. */
static const struct plan *
plan_for(const char *at_state) {
	static const char spec[] = "services: {a: {image: x, configs: [c]}}\n"
				   "configs: {c: {content: text}}\n";
	struct resources *had = arena_make(world.ctx.mem, struct resources);
	struct resources *want = want_text(spec);
	const struct resource *w = wanted(want, KIND_CONTAINER, "myapp-a-1");
	struct resource *r = arena_make(world.ctx.mem, struct resource);

	const struct digest *d = resource_digest(&world.ctx, world.project, w);

	*r = (struct resource){.kind = KIND_CONTAINER,
		.name = w->name,
		.key = "a",
		.number = 1,
		.id = "1",
		.state = at_state,
		.status = "",
		.ports = "",
		.networks = "myapp_default",
		.project = "myapp",
		.had_digest = d->all,
		.had_sums = digest_label(&world.ctx, d),
		.had_key = "a",
		.had_number = "1",
		.ours = true};
	resources_push(&world.ctx, had, r);
	put_had(had, wanted(want, KIND_NETWORK, "myapp_default"), "");
	return plan_text(spec, had, &plain);
}

/* A container that has run has its files; one that never has may have been left without. */
static void
started_again(void **state) {
	const struct plan *p = plan_for("exited");

	(void)state;
	assert_null(find_step(p, ACT_COPY, "myapp-a-1"));
	assert_non_null(find_step(p, ACT_START, "myapp-a-1"));
	p = plan_for("created");
	assert_true(
		comes_after(step_of(p, ACT_START, "myapp-a-1"), step_of(p, ACT_COPY, "myapp-a-1")));
	p = plan_for("running");
	assert_null(find_step(p, ACT_COPY, "myapp-a-1"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(mounts),
		world_test(copies),
		world_test(said_of_them),
		world_test(identity),
		world_test(steps),
		world_test(started_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
