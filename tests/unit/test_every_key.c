/* test_every_key.c - every key gets a value, and the value is found again: in the plan's words, in a refusal, or in a note.
 * The values stand in every_key_service.h and every_key_rest.h. A key of the rows that has none there is a failure, and so is one
 * that is dropped in silence. */
#include "plan_help.h"

#include <stackplan/keys.h>
#include <stackplan/resource.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* A key, a spec that has it, and what must be found; "": what its standing says. */
struct row {
	const char *path, *body, *want;
};

#include "every_key_rest.h"
#include "every_key_service.h"

enum { MAX_DEPTH = 8 };

/* What is declared for the bodies that need it. */
static const char top[] =
	"\nnetworks: {n: , m: , o: }\nvolumes: {vv: }\nsecrets: {s: {file: ./s}}\n"
	"configs: {c: {file: ./c}}\nmodels: {m: {model: ai/m}}\n";

/* The row of a path, or NULL. */
static const struct row *
find_row(const char *path, bool of_service) {
	static const struct {
		const struct row *row;
		size_t n;
		bool of_service;
	} list[] = {
		{service_keys, COUNT(service_keys), true},
		{deploy_keys, COUNT(deploy_keys), true},
		{build_keys, COUNT(build_keys), true},
		{file_keys, COUNT(file_keys), false},
	};

	for (size_t i = 0; i < COUNT(list); i++)
		for (size_t k = 0; list[i].of_service == of_service && k < list[i].n; k++)
			if (strcmp(list[i].row[k].path, path) == 0)
				return &list[i].row[k];
	return NULL;
}

/* The files that bodies name, and what they find in the environment. */
static void
furnish(void) {
	put("e.env", "FROM_FILE=\"quoted\"\n");
	put("l.env", "from.file=1\n");
	put("s", "x");
	put("c", "x");
	put("base.yaml", "services: {t: {image: x, user: other}}\n");
	put("inc.yaml", "services: {i: {image: inc, user: 'u${WHO:-}', volumes: ['./d:/t']}}\n");
	put("inc.env", "WHO=from-inc-env\n");
	assert_int_equal(mkdir("sub", 0700), 0);
	own("SV=secretvalue");
	world.options.profile = world.profile;
	world.profile[0] = "on";
	world.options.nprofile = 1;
}

/* What a step says: its words, what it is given beside them, what it needs. */
static void
add_step(struct buf *b, const struct step *s) {
	struct words argv = step_argv(&world.ctx, s);

	buf_printf(b, "%s \n%s %s\n", joined(&argv), s->why ? s->why : "",
		joined(&step_extra(s)->undo));
	for (size_t i = 0; i < s->npass; i++)
		buf_printf(b, "passes %s=%s\n", s->pass[i].name, s->pass[i].value.s);
	for (size_t i = 0; i < s->nneed; i++)
		buf_printf(b, "needs %s from %s\n", s->need[i]->name, s->name);
	if (s->feed && s->feed->text.s)
		buf_printf(b, "reads %s\n", s->feed->text.s);
	for (size_t i = 0; s->feed && i < s->feed->nfile; i++) {
		const struct feed_file *f = &s->feed->file[i];
		buf_printf(b, "file %s uid %lld gid %lld mode %o: %s\n", f->path, (long long)f->uid,
			(long long)f->gid, f->mode, f->content.s);
	}
}

/* Is the image pulled? */
static bool
pulls(const struct plan *p, const char *image) {
	for (size_t i = 0; i < p->nstep; i++)
		if (p->step[i]->act == ACT_PULL && strcmp(p->step[i]->name, image) == 0)
			return true;
	return false;
}

/* All that a spec leaves: steps of its plan and of the plan that removes it, and what is said. */
static const char *
left_by(const char *body) {
	const char *spec =
		strstr(body, "services:")
			? body
			: arena_printf(world.ctx.mem,
				  "services: {a: {image: x, %s}, b: {image: y}}%s", body, top);
	const struct engine *docker = engine_find("docker");
	struct down_options down = {.timeout_s = -1};
	struct resources *want;
	struct plan *p = NULL, *d = NULL;
	struct buf b = {0};

	world.ctx.diags = diags_new(world.ctx.mem);
	want = want_text(spec);
	if (want)
		p = plan_make(&world.ctx, world.project, docker,
			diff_make(&world.ctx, world.project, want, NULL, NULL), &plain);
	if (p)
		d = plan_down(&world.ctx, world.project, docker, want, NULL, &down);
	for (size_t i = 0; p && i < p->nstep; i++)
		add_step(&b, p->step[i]);
	for (size_t i = 0; d && i < d->nstep; i++)
		add_step(&b, d->step[i]);
	if (p && !pulls(p, "x"))
		buf_adds(&b, "expects no pull x\n");
	buf_adds(&b, said());
	return arena_take_buf(world.ctx.mem, &b);
}

/* What must be found of a key that stands so. */
static const char *
sought(const struct row *row, enum standing standing) {
	switch (standing) {
	case KEY_NOTED:
		return "[noted-key]";
	case KEY_REFUSED:
		return "[refused-key]";
	case KEY_SILENT:
		return "docker run";
	case KEY_MAPPED:
		break;
	}
	return row->want;
}

/* Feed one key. True when all is well. */
static bool
feed(const char *path, enum standing standing, bool of_service, const char *without) {
	const struct row *row = find_row(path, of_service);
	const char *want, *got, *last = strrchr(path, '.');

	if (!row) {
		print_error("'%s' has no value in the tables of this test\n", path);
		return false;
	}
	want = sought(row, standing);
	got = left_by(row->body);
	if (!strstr(row->body, last ? last + 1 : path)) {
		print_error("%s: the spec of this row does not have the key\n", path);
		return false;
	}
	if (!*want || !strstr(got, want)) {
		print_error("%s: \"%s\" is not in:\n%s\n", path, want, got);
		return false;
	}
	if (standing == KEY_MAPPED && strstr(without, want)) {
		print_error("%s: \"%s\" is there without the key\n", path, want);
		return false;
	}
	if (standing == KEY_SILENT && strstr(got, "warning")) {
		print_error("%s: is not silent:\n%s\n", path, got);
		return false;
	}
	return true;
}

/* Feed all keys of a schema and those below; returns how many went wrong. */
static size_t
feed_all(const struct schema *schema, const char *prefix, enum standing above, bool of_service,
	size_t depth, const char *without, size_t *n) {
	size_t wrong = 0;

	for (size_t i = 0; i < schema->n; i++) {
		const struct key *key = &schema->key[i];
		const char *path = arena_printf(world.ctx.mem, "%s%s", prefix, key->name);
		enum standing standing = key->standing == KEY_MAPPED ? above : key->standing;
		bool services = schema == &schema_file && strcmp(key->name, "services") == 0;

		++*n;
		wrong += !feed(path, standing, of_service, without);
		if (key->sub && depth < MAX_DEPTH)
			wrong += feed_all(key->sub,
				services ? "" : arena_printf(world.ctx.mem, "%s.", path), standing,
				of_service || services, depth + 1, without, n);
	}
	return wrong;
}

static void
every_key(void **state) {
	const char *without;
	size_t n = 0, wrong;

	(void)state;
	furnish();
	without = left_by("labels: {}");
	wrong = feed_all(&schema_file, "", KEY_MAPPED, false, 0, without, &n);
	print_message("%zu keys fed\n", n);
	assert_int_equal(wrong, 0);
	assert_true(n > 300);
}

/* The test itself notices what it is there for. */
static void
notices(void **state) {
	const char *without;

	(void)state;
	furnish();
	without = left_by("labels: {}");
	assert_true(feed("user", KEY_MAPPED, true, without));
	assert_null(find_row("usr", true));
	assert_null(find_row("user", false));
	assert_null(strstr(without, "--user"));
	assert_non_null(strstr(left_by("user: uu"), "--user uu"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {world_test(every_key), world_test(notices)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
