/* test_model.c - files and documents that become one model: what is read, what goes on after an
 * error. */
#include "spec_help.h"

#include "../../src/spec/load_int.h"

/* A run over what lies in the folder. */
static struct loading
begin_run(void) {
	world.options.max_bytes = 100;
	return (struct loading){.ctx = &world.ctx, .options = &world.options, .cwd = world.folder};
}

static void
a_file_is_its_documents(void **state) {
	struct loading run = begin_run();
	struct spec_file file = {.path = "x.yaml", .shown = "x.yaml"};

	(void)state;
	put("x.yaml", "a: 1\n---\n---\nb: 2\n");
	assert_int_equal(file_read(&run, &file, (struct pos){0})->n, 3);
	assert_int_equal(run.nfile, 1);
	put("x.yaml", "a: [\n");
	assert_null(file_read(&run, &file, (struct pos){0}));
	assert_int_equal(run.nunread, 0);
	assert_false(run.file_missing);
}

static void
what_cannot_be_read_is_counted(void **state) {
	struct loading run = begin_run();
	struct spec_file file = {.path = "no.yaml", .shown = "no.yaml"};

	(void)state;
	assert_null(file_read(&run, &file, (struct pos){.line = 1, .col = 1}));
	assert_int_equal(run.nunread, 1);
	assert_false(run.file_missing);
	assert_null(file_read(&run, &file, (struct pos){0}));
	assert_true(run.file_missing);
	run.nfile = MAX_FILES;
	for (int i = 0; i < 3; i++)
		assert_null(file_read(&run, &file, (struct pos){0}));
	assert_said("more than 100 files make up this spec");
	assert_int_equal(diag_errors(&world.ctx), 3);
}

static void
a_null_leaves_the_value_of_another_file(void **state) {
	(void)state;
	put("over.yaml", "services: {a: {user: null, hostname: y}}\n");
	put("compose.yaml", "services: {a: {image: x, user: x, hostname: null}}\n");
	world.options.file = (const char *[]){"compose.yaml", "over.yaml"};
	world.options.nfile = 2;
	assert_good(load());
	assert_string_equal(
		node_text(node_at(world.loaded.doc, "services", "a", "user", NULL)), "x");
	assert_string_equal(
		node_text(node_at(world.loaded.doc, "services", "a", "hostname", NULL)), "y");
	put("over.yaml", "services: {a: {domainname: null}}\n");
	put("compose.yaml", "services: {a: {image: x}}\n");
	assert_false(load());
	assert_said("over.yaml:1:16: error: 'domainname' has no value");
	put("over.yaml", "services: {a: {user: !override null}}\n");
	assert_false(load());
	assert_said("nothing overrides 'user': write '!reset null' to take it away");
}

static void
later_documents_win(void **state) {
	struct loading run = begin_run();
	struct spec_file file[] = {{"x.yaml", "x.yaml"}, {"y.yaml", "y.yaml"}};
	struct model model = {.run = &run,
		.env = env_new(&world.ctx, NULL),
		.canon = {.folder = world.folder, .project_folder = world.folder},
		.file = file,
		.nfile = 2,
		.good = true};
	struct node *docs[2], *all;

	(void)state;
	put("x.yaml", "services: {a: {user: x}}\n---\nservices: {a: {user: y}}\n");
	put("y.yaml", "services: {a: {hostname: z}}\n");
	for (int i = 0; i < 2; i++)
		docs[i] = file_read(&run, &file[i], (struct pos){0});
	all = model_merge(&model, docs);
	assert_true(model.good);
	assert_false(model.complete);
	assert_string_equal(node_text(node_at(all, "services", "a", "user", NULL)), "y");
	assert_string_equal(node_text(node_at(all, "services", "a", "hostname", NULL)), "z");
	docs[0] = NULL;
	model_merge(&model, docs);
	assert_false(model.good);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(a_file_is_its_documents),
		world_test(what_cannot_be_read_is_counted),
		world_test(a_null_leaves_the_value_of_another_file),
		world_test(later_documents_win),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
