/* test_project_labels.c - label files: below the labels of the service, in the order of the files. */
#include "spec_help.h"

/* The labels of the first service of a spec with this body, as K=V words. */
static const char *
labels_of(const char *body) {
	const struct project *p =
		make_text(arena_printf(world.ctx.mem, "services: {a: {image: x, %s}}", body), NULL);
	const struct node *labels = p ? node_find(p->service[0].tree, "labels") : NULL;
	const char *text = "";

	if (!p)
		return NULL;
	for (size_t i = 0; labels && i < labels->n; i++)
		text = arena_printf(world.ctx.mem, "%s%s=%s ", text, labels->u.member[i].key,
			node_text(labels->u.member[i].val));
	assert_null(node_find(p->service[0].tree, "label_file"));
	return text;
}

static void
folding(void **state) {
	(void)state;
	put("one", "# remark\na=1\nb=1\nexport c='one $b'\n");
	put("two", "b=2\nd: \"two\\tx\"\n");
	assert_string_equal(labels_of("label_file: one"), "a=1 b=1 c=one $b ");
	assert_string_equal(labels_of("label_file: [one, two]"), "a=1 b=2 c=one $b d=two\tx ");
	assert_string_equal(
		labels_of("label_file: [two], labels: {z: 0, b: own}"), "z=0 b=own d=two\tx ");
	assert_string_equal(labels_of("label_file: []"), "");
	assert_string_equal(labels_of("label_file: two, labels: [b]"), "b= d=two\tx ");
}

/* The file's own letters are the spec's; what comes from outside is known to. */
static void
outside(void **state) {
	const struct node *labels;
	struct word own_text, mixed, quoted;

	(void)state;
	own("TOKEN=hunter2");
	put("f", "plain=text\nmixed=\"is ${TOKEN}\"\nquoted='${TOKEN}'\n");
	assert_non_null(labels_of("label_file: f"));
	labels = node_find(world.project->service[0].tree, "labels");
	own_text = node_word(node_find(labels, "plain"));
	mixed = node_word(node_find(labels, "mixed"));
	quoted = node_word(node_find(labels, "quoted"));
	assert_false(word_is_outside(&own_text));
	assert_false(word_is_outside(&quoted));
	assert_string_equal(quoted.s, "${TOKEN}");
	assert_true(word_is_outside(&mixed));
	assert_string_equal(mixed.s, "is hunter2");
	assert_int_equal(mixed.span[0].off, 3);
	assert_string_equal(mixed.span[0].ref->name, "TOKEN");
}

static void
wrong(void **state) {
	(void)state;
	assert_null(labels_of("label_file: missing"));
	assert_said("1:38: error: cannot read the label file 'missing'");
	put("bad", "a b=1\n");
	assert_null(labels_of("label_file: bad"));
	assert_said("[bad-env-line]");
	/* a service that nobody wants reads no file */
	assert_non_null(make_text(
		"services: {a: {image: x}, b: {image: x, label_file: missing, profiles: [off]}}",
		NULL));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(folding),
		world_test(outside),
		world_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
