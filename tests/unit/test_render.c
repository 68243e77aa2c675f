/* test_render.c - where a template comes from, and what the built-in ones make of a plan. */
#include "plan_help.h"

#include <stackplan/view.h>

static struct node *
some_view(void) {
	return view_make(&world.ctx,
		plan_text("services: {a: {image: x, x-stackplan: {about: 'A *star* <b>'}}}", NULL,
			&plain),
		&(struct view_options){.folder = "$PWD"});
}

/* Keep the user's templates away, but for those in the folder of the test. */
static void
at_home(void) {
	setenv("XDG_CONFIG_HOME", world.folder, 1);
}

static const char *
rendered(const char *name) {
	struct buf b = {0};

	if (!render_named(&world.ctx, &b, name, some_view()))
		fail_msg("%s", said());
	return arena_take_buf(world.ctx.mem, &b);
}

static void
built_in(void **state) {
	(void)state;
	at_home();
	assert_non_null(strstr(rendered("show.sh"), "\ndocker run -d --name myapp-a-1"));
	assert_non_null(strstr(rendered("script.sh"), "\nset -eu\n"));
	assert_non_null(strstr(rendered("doc.md"), "A \\*star\\* "));
	assert_non_null(strstr(rendered("graph.mmd"), "flowchart LR\n"));
	assert_non_null(strstr(rendered("graph.dot"), "digraph \"myapp\" {"));
}

static void
of_the_user(void **state) {
	struct buf b = {0};

	(void)state;
	at_home();
	mkdir("stackplan", 0700);
	mkdir("stackplan/templates", 0700);
	put("stackplan/templates/show.sh.mustache", "mine: {{project}}{{> part}}\n");
	put("stackplan/templates/part.mustache", "!");
	assert_string_equal(rendered("show.sh"), "mine: myapp!\n");
	put("own.mustache", "{{! escape: none }}\n{{#steps}}{{n}} {{/steps}}");
	assert_true(render_file(&world.ctx, &b, "own.mustache", some_view()));
	assert_string_equal(buf_str(&b), "1 2 3 ");
	buf_free(&b);
}

static void
not_there(void **state) {
	struct buf b = {0};

	(void)state;
	at_home();
	assert_false(render_named(&world.ctx, &b, "no-such", some_view()));
	assert_said("[no-template]");
	assert_false(render_file(&world.ctx, &b, "nowhere/x.mustache", some_view()));
	assert_said("cannot read 'nowhere/x.mustache'");
	put("bad.mustache", "{{#a}}");
	assert_false(render_file(&world.ctx, &b, "bad.mustache", some_view()));
	assert_said("bad.mustache:1:1: error: ");
	buf_free(&b);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(built_in),
		world_test(of_the_user),
		world_test(not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
