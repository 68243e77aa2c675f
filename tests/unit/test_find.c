/* test_find.c - which file, folder, env files, name and profiles. */
#include "spec_help.h"

#define ONE "services:\n  a:\n    image: busybox\n"
#define SHOW "services:\n  a:\n    image: busybox:${V:-none}\n"

static const char *
image(void) {
	return node_text(node_at(world.loaded.doc, "services", "a", "image", NULL));
}

static void
the_search_goes_up(void **state) {
	(void)state;
	put("docker-compose.yaml", ONE);
	assert_int_equal(mkdir("sub", 0700), 0);
	assert_int_equal(chdir("sub"), 0);
	unsetenv("PWD");
	put(".env", "V=sub\n");
	assert_good(load());
	assert_string_equal(world.loaded.folder, world.folder);
	assert_string_equal(world.loaded.name, "myapp");
	assert_string_equal(
		diag_source_name(&world.ctx, world.loaded.doc->at.src), "../docker-compose.yaml");
}

static void
nothing_found_says_what_was_looked_for(void **state) {
	(void)state;
	assert_false(load());
	assert_true(world.loaded.file_missing);
	assert_said("error: no compose file found here or above: looked for compose.yaml, "
		    "compose.yml,");
}

static void
files_beside_are_not_ignored(void **state) {
	(void)state;
	put("compose.yml", ONE);
	assert_good(load_text(ONE));
	assert_said(
		"warning: both 'compose.yaml' and 'compose.yml' are here: 'compose.yaml' is used");
	put("docker-compose.override.yml", SHOW);
	assert_good(load());
	assert_int_equal(world.loaded.nfile, 2);
	assert_string_equal(image(), "busybox:none");
	put("compose.override.yaml", ONE);
	assert_good(load());
	assert_string_equal(image(), "busybox");
	assert_said("both 'compose.override.yaml' and 'docker-compose.override.yml' are here");
	world.options.file = (const char *const[]){"compose.yaml"};
	world.options.nfile = 1;
	assert_good(load());
	assert_int_equal(world.loaded.nfile, 1);
}

static void
a_named_file(void **state) {
	const char *file = "sub/x.yaml";

	(void)state;
	assert_int_equal(mkdir("sub", 0700), 0);
	put("sub/x.yaml", SHOW);
	put("sub/.env", "V=sub\n");
	put(".env", "V=here\n");
	world.options.file = &file;
	world.options.nfile = 1;
	assert_good(load());
	assert_string_equal(world.loaded.name, "sub");
	assert_string_equal(image(), "busybox:sub");
	assert_string_equal(env_find(world.loaded.env, "V", 1)->ref->file, "sub/.env");
	assert_string_equal(diag_source_name(&world.ctx, world.loaded.doc->at.src), "sub/x.yaml");
	world.options.project_directory = ".";
	assert_good(load());
	assert_string_equal(world.loaded.folder, world.folder);
	assert_string_equal(image(), "busybox:here");
	file = "no/such.yaml";
	assert_false(load());
	assert_true(world.loaded.file_missing);
	assert_said("error: cannot read 'no/such.yaml': no such file or directory");
	file = "sub";
	assert_false(load());
	assert_true(world.loaded.file_missing);
	file = "https://example.com/compose.yaml";
	assert_false(load());
	assert_said("remote files are not supported");
}

static void
several_named_files(void **state) {
	const char *files[] = {"-", "sub/x.yaml", "y.yaml"};

	(void)state;
	assert_int_equal(mkdir("sub", 0700), 0);
	put("sub/x.yaml", ONE);
	put("y.yaml", SHOW "    env_file: z.env\n");
	put("sub/z.env", "");
	world.options.file = files + 1;
	world.options.nfile = 2;
	assert_good(load());
	assert_string_equal(world.loaded.name, "sub");
	assert_string_equal(image(), "busybox:none");
	assert_string_equal(world.loaded.file[1].s + strlen(world.home), "/My.App/y.yaml");
	files[2] = "none.yaml";
	assert_false(load());
	assert_true(world.loaded.file_missing);
	assert_said("error: cannot read 'none.yaml': no such file or directory");
	files[2] = "-";
	world.options.file = files;
	world.options.nfile = 3;
	assert_false(load());
	assert_said("standard input can be read once, and '-' is named twice");
}

static void
compose_file_is_a_list(void **state) {
	(void)state;
	put("x.yaml", ONE);
	put(".env", "COMPOSE_FILE=x.yaml\n");
	assert_good(load());
	own("COMPOSE_FILE=x.yaml:y.yaml");
	assert_false(load());
	assert_said("cannot read 'y.yaml'");
	put("y.yaml", SHOW);
	assert_good(load());
	assert_string_equal(image(), "busybox:none");
	own("COMPOSE_PATH_SEPARATOR=;");
	assert_false(load());
	assert_said("cannot read 'x.yaml:y.yaml'");
}

static void
env_files_in_their_order(void **state) {
	const char *files[] = {"one.env", "two.env"};

	(void)state;
	put(".env", "V=dot\n");
	put("one.env", "V=one\nW=one\n");
	put("two.env", "V=two\n");
	assert_good(load_text(SHOW));
	assert_string_equal(image(), "busybox:dot");
	assert_string_equal(env_find(world.loaded.env, "V", 1)->ref->file, ".env");
	own("COMPOSE_ENV_FILES=two.env,one.env");
	assert_good(load());
	assert_string_equal(image(), "busybox:one");
	world.options.env_file = files;
	world.options.nenv_file = 2;
	assert_good(load());
	assert_string_equal(image(), "busybox:two");
	assert_string_equal(env_value(world.loaded.env, "W"), "one");
	files[1] = "/dev/null";
	assert_good(load());
	files[1] = "none.env";
	assert_false(load());
	assert_true(world.loaded.file_missing);
	assert_said("cannot read 'none.env': no such file or directory");
	own("V=own");
	world.options.nenv_file = 1;
	assert_good(load());
	assert_string_equal(image(), "busybox:own");
	assert_string_equal(env_find(world.loaded.env, "V", 1)->shadows->value.s, "one");
}

static void
the_default_env_file_can_be_off_or_odd(void **state) {
	(void)state;
	put(".env", "V=dot\n");
	own("COMPOSE_DISABLE_ENV_FILE=1");
	assert_good(load_text(SHOW));
	assert_string_equal(image(), "busybox:none");
	world.environ[--world.nenviron] = NULL;
	unlink(".env");
	assert_int_equal(mkdir(".env", 0700), 0);
	assert_good(load());
	rmdir(".env");
	assert_int_equal(mkfifo(".env", 0600), 0);
	assert_false(load());
	assert_said("cannot read '.env': not a regular file");
	unlink(".env");
	put(".env", "A=1\nB='x\n");
	assert_false(load());
	assert_said(".env:2:3: error: this quote is never closed");
	assert_null(strstr(said_text, "'x")); /* the line itself is not shown */
}

static void
names_given_must_be_right(void **state) {
	(void)state;
	world.options.project_name = "My";
	assert_false(load_text(ONE));
	assert_said("error: a project name has lower-case letters");
	world.options.project_name = NULL;
	own("COMPOSE_PROJECT_NAME=x;y");
	assert_false(load());
	assert_said("[bad-project-name]");
	world.environ[--world.nenviron] = NULL;
	put(".env", "COMPOSE_PROJECT_NAME=fine-1\n");
	assert_good(load());
	assert_string_equal(world.loaded.name, "fine-1");
	unlink(".env");
	assert_int_equal(mkdir("...x", 0700), 0);
	assert_int_equal(mkdir("...x/..-", 0700), 0);
	assert_int_equal(chdir("...x/..-"), 0);
	unsetenv("PWD");
	put("compose.yaml", ONE);
	assert_false(load());
	assert_said("error: the folder's name '..-' gives no project name");
}

static void
profiles_from_the_environment(void **state) {
	(void)state;
	own("COMPOSE_PROFILES=one, two ,,three");
	assert_good(load_text(ONE));
	assert_int_equal(world.loaded.nprofile, 3);
	assert_string_equal(world.loaded.profile[1], "two");
	world.profile[0] = "given";
	world.options.nprofile = 1;
	assert_good(load());
	assert_int_equal(world.loaded.nprofile, 1);
	assert_string_equal(world.loaded.profile[0], "given");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(the_search_goes_up),
		world_test(nothing_found_says_what_was_looked_for),
		world_test(files_beside_are_not_ignored),
		world_test(a_named_file),
		world_test(several_named_files),
		world_test(compose_file_is_a_list),
		world_test(env_files_in_their_order),
		world_test(the_default_env_file_can_be_off_or_odd),
		world_test(names_given_must_be_right),
		world_test(profiles_from_the_environment),
	};

	return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
