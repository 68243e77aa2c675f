/* test_view.c - the plan as a tree: its members, its shell text, and that no secret is in it. */
#include "plan_help.h"

#include <stackplan/proc.h>
#include <stackplan/view.h>

/* The view of the plan for a spec. */
static struct node *
view_text(const char *text, bool redact) {
	return view_make(&world.ctx, plan_text(text, NULL, &plain),
		&(struct view_options){.folder = "$PWD", .redact = redact});
}

/* The view's step that does ACTION, the first of them. */
static struct node *
step_that(struct node *view, const char *action) {
	struct node *steps = node_find(view, "steps");

	for (size_t i = 0; i < steps->n; i++)
		if (strcmp(node_text(node_find(node_item(steps, i), "action")), action) == 0)
			return node_item(steps, i);
	fail_msg("no step to %s", action);
	abort();
}

static const char *
text_of(struct node *map, const char *key) {
	return node_text(node_find(map, key));
}

static const char *
json(const struct node *n) {
	struct buf b = {0};

	json_write(&b, n, 2);
	return arena_take_buf(world.ctx.mem, &b);
}

static void
members(void **state) {
	struct node *v = view_text("x-stackplan: {about: \"one\\ntwo\"}\n"
				   "services: {a: {image: x, x-stackplan: {about: 'it is a'}}}",
		false);
	struct node *run = step_that(v, "run");

	(void)state;
	assert_string_equal(v->u.member[0].key, "format_version");
	assert_string_equal(text_of(v, "format_version"), "1.0");
	assert_string_equal(text_of(v, "project"), "myapp");
	assert_int_equal(node_find(v, "about_lines")->n, 2);
	assert_string_equal(
		text_of(node_find(v, "totals"), "text"), "1 pull, 1 network, 1 container");
	assert_int_equal(node_find(v, "containers")->n, 1);
	assert_string_equal(text_of(run, "about"), "it is a");
	assert_string_equal(text_of(run, "place"), "compose.yaml:2:12");
	assert_true(node_is_true(node_find(run, "last")));
	assert_string_equal(text_of(run, "undo_command"), "docker rm -f -v myapp-a-1");
	assert_int_equal(node_find(run, "needs")->n, 2);
	assert_string_equal(text_of(v, "fence"), "```");
}

static const char secret_spec[] =
	"services:\n  a:\n    image: x\n    command: [serve, '${DB_PASSWORD}', "
	"'token=${API_TOKEN}']\n"
	"    labels: {auth: '${DB_PASSWORD}', api.token: literal1}\n"
	"    healthcheck: {test: [CMD, t, '${DB_PASSWORD}']}\n"
	"    ulimits: {nproc: '${PORT_TOKEN}'}\n"
	"    environment: {A: '${DB_PASSWORD}', LITERAL_PASSWORD: literal2, U: '${URL}'}\n"
	"    ports: ['${PORT_TOKEN}:80']\n    volumes: ['./d:/x${API_TOKEN}']\n"
	"    x-stackplan: {about: 'says ${DB_PASSWORD}'}\n"
	"x-stackplan: {about: 'and ${API_TOKEN}'}\n";

/* No value of a variable with a secret name stands anywhere, nor a secret of the spec in JSON. */
static void
no_secrets(void **state) {
	static const char *const never[] = {"hunter2", "t0k3n", "4321", "joe:pw"};
	const char *text;

	(void)state;
	own("DB_PASSWORD=hunter2");
	own("API_TOKEN=t0k3n");
	own("PORT_TOKEN=4321");
	own("URL=pg://joe:pw@h/d");
	text = json(view_text(secret_spec, true));
	for (size_t i = 0; i < 4; i++)
		if (strstr(text, never[i]))
			fail_msg("%s in %s", never[i], strstr(text, never[i]) - 60);
	assert_null(strstr(text, "literal1"));
	assert_null(strstr(text, "literal2"));
	text = json(view_text(secret_spec, false));
	for (size_t i = 0; i < 4; i++)
		assert_null(strstr(text, never[i]));
	assert_non_null(strstr(text, "LITERAL_PASSWORD=literal2 "));
}

/* What a shell makes of a script: a docker that prints its words, its variables and its env file. */
static const char *
run_script(const char *script) {
	struct capture c;
	char *argv[4] = {NULL};
	const char *text;

	put("docker", "#!/bin/sh\necho \"A=${A-unset} B=${B-unset} C=${C-unset}\"\n"
		      "[ ! -e /dev/fd/3 ] || cat /dev/fd/3\n");
	chmod("docker", 0700);
	argv[0] = arena_strdup(world.ctx.mem, "sh");
	argv[1] = arena_strdup(world.ctx.mem, "-c");
	argv[2] = arena_printf(world.ctx.mem, "PATH=\"$PWD:$PATH\"; %s", script);
	world.environ[world.nenviron] = NULL;
	if (!proc_capture(&c,
		    &(struct proc_spec){.program = "/bin/sh",
			    .argv = argv,
			    .env = world.environ,
			    .in = -1,
			    .extra = -1},
		    65536, 10000))
		fail_msg("no shell");
	text = arena_printf(world.ctx.mem, "%s%s", buf_str(&c.out), buf_str(&c.err));
	capture_free(&c);
	return text;
}

static void
scripts(void **state) {
	struct node *v;

	(void)state;
	own("PATH=/usr/bin:/bin");
	own("A=alpha");
	own("B=beta");
	/* each is read by another one before it is set, or is what it was */
	v = view_text(
		"services: {a: {image: x, environment: {A: '${B}', B: 'x${A}', C: }}}", false);
	assert_non_null(strstr(text_of(step_that(v, "run"), "script"), "env -u C docker"));
	v = view_text(
		"services: {a: {image: x, environment: {B: 'x${A}', A: , C: 'c${B}'}}}", false);
	assert_string_equal(
		run_script(text_of(step_that(v, "run"), "script")), "A=alpha B=xalpha C=cbeta\n");
}

static void
env_file(void **state) {
	const char *script;

	(void)state;
	own("PATH=/usr/bin:/bin");
	own("OUT=o$x`y`\\z");
	script = text_of(
		step_that(
			view_text("services: {a: {image: x, environment: {my-token: 'l$$i`t\\\"', "
				  "HTTP_PROXY: 'p${OUT}'}}}",
				false),
			"run"),
		"script");
	assert_string_equal(run_script(script),
		"A=unset B=unset C=unset\nmy-token=l$i`t\\\"\nHTTP_PROXY=po$x`y`\\z\n");
}

/* Thousands of variables, of which many wait for others. */
static void
many_variables(void **state) {
	struct buf b = {0};
	const char *script;

	(void)state;
	buf_adds(&b, "services:\n  a:\n    image: x\n    environment:\n");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "      K%d_TOKEN: v\n", i);
	script = text_of(step_that(view_text(buf_str(&b), false), "run"), "script");
	buf_free(&b);
	assert_non_null(strstr(script, "K19999_TOKEN=v "));
}

/* Names that would break a comment or a line do not. */
static void
one_line_each(void **state) {
	struct node *v =
		view_text("x-stackplan: {checks: [{name: \"a\\nrm -rf /\", run: {image: y}}]}\n"
			  "services: {a: {image: x}}",
			false);

	(void)state;
	assert_null(strchr(text_of(step_that(v, "check"), "why"), '\n'));
	assert_null(strchr(text_of(step_that(v, "check"), "title"), '\n'));
}

static void
tests_of_outcomes(void **state) {
	struct node *v = view_text(
		"x-stackplan: {checks: [{name: c, exec: [a, t], expect: \"it's\"}]}\n"
		"services:\n  a: {image: x, depends_on: {b: {condition: service_healthy}}}\n"
		"  b: {image: x, healthcheck: {test: t}}\n",
		false);

	(void)state;
	assert_string_equal(text_of(step_that(v, "wait"), "test"),
		"[ \"$(docker inspect -f '{{.State.Status}} {{.State.Health.Status}}' myapp-b-1)\" "
		"= \"running healthy\" ]");
	assert_string_equal(text_of(step_that(v, "check"), "test"),
		"docker exec myapp-a-1 t | grep -F -e \"it's\"");
}

static void
picture(void **state) {
	struct node *v =
		view_text("services: {a: {image: x, ports: ['1:2'], depends_on: [b], volumes: "
			  "['data:/d']}, b: {image: y}}\nvolumes: {data: }",
			false);
	struct node *g = node_find(v, "graph");

	(void)state;
	assert_int_equal(node_find(g, "nodes")->n, 5);
	assert_int_equal(node_find(g, "edges")->n, 5);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(members),
		world_test(no_secrets),
		world_test(scripts),
		world_test(env_file),
		world_test(many_variables),
		world_test(one_line_each),
		world_test(tests_of_outcomes),
		world_test(picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
