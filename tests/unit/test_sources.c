/* test_sources.c - what is not on the disk: which places are told, how strictly, and how many. */
#include "spec_help.h"

/* Look at the disk for a spec; everything is enabled. */
static bool
look(const char *text, struct source_rules rules) {
	assert_good(make_text(text, NULL) != NULL);
	return project_sources(&world.ctx, world.project, &rules);
}

/* How often the last report holds this text. */
static size_t
times(const char *text) {
	size_t n = 0;

	for (const char *p = said_text; (p = strstr(p, text)); p++)
		n++;
	return n;
}

static void
a_folder_will_be_made(void **state) {
	static const char spec[] =
		"services:\n"
		"  a: {image: x, volumes: ['./there:/a', './gone:/b', './gone:/c', v:/v, /w]}\n"
		"  b: {image: x, volumes: ['./gone:/b', {type: bind, source: ./long, target: "
		"/l}]}\n"
		"  c: {image: x, volumes: ['./scaled:/b'], scale: 0}\n"
		"  d: {image: x, volumes: ['./off:/b'], profiles: [p]}\n"
		"volumes: {v: {}}\n";

	(void)state;
	assert_int_equal(mkdir("there", 0700), 0);
	assert_true(look(spec, (struct source_rules){.strict = true}));
	assert_said("compose.yaml:2:42: warning: 'gone' is not there: docker will make");
	assert_non_null(strstr(said_text, "3:61: warning: 'long' is not there"));
	assert_null(strstr(said_text, "'there'"));
	assert_null(strstr(said_text, "scaled"));
	assert_null(strstr(said_text, "'off'"));
	assert_int_equal(diag_errors(&world.ctx), 0);
}

static void
a_source_is_told_once(void **state) {
	(void)state;
	look("services:\n  a: {image: x, volumes: ['./gone:/b', './gone:/c']}\n"
	     "  b: {image: x, volumes: ['./gone:/b']}\n",
		(struct source_rules){0});
	assert_said("'gone' is not there");
	assert_int_equal(times("'gone' is not there"), 1);
}

static void
what_cannot_be_made_is_an_error_when_strict(void **state) {
	static const char spec[] =
		"services:\n"
		"  a:\n    image: x\n    volumes:\n"
		"    - {type: bind, source: ./no, target: /a, bind: {create_host_path: false}}\n"
		"    - {type: bind, source: ./deep, target: /b, bind: {recursive: disabled}}\n";

	(void)state;
	assert_true(look(spec, (struct source_rules){0}));
	assert_said("5:28: warning: 'no' is not there, and 'create_host_path: false' says");
	assert_non_null(strstr(said_text, "6:28: warning: 'deep' is not there, and docker makes"));
	assert_false(look(spec, (struct source_rules){.strict = true}));
	assert_said("5:28: error: 'no' is not there");
	assert_int_equal(diag_errors(&world.ctx), 2);
}

static void
only_what_is_asked_for_is_looked_at(void **state) {
	static const char spec[] = "services:\n  a: {image: x, volumes: ['./one:/b']}\n"
				   "  b: {image: x, volumes: ['./two:/b'], secrets: [s]}\n"
				   "secrets: {s: {file: ./three}}\n";
	bool only[] = {false, true};

	(void)state;
	look(spec, (struct source_rules){.only = only});
	assert_said("'two' is not there");
	assert_null(strstr(said_text, "'one'"));
	look(spec, (struct source_rules){.engine_elsewhere = true});
	assert_said("the file of the secret 's' is not there: 'three'");
	assert_null(strstr(said_text, "'one'"));
	assert_null(strstr(said_text, "'two'"));
}

static void
many_are_summed_up(void **state) {
	(void)state;
	look("services:\n  a: {image: x, volumes: ['./1:/1', './2:/2', './3:/3', './4:/4', "
	     "'./5:/5', './6:/6', './7:/7', './1:/8']}\n",
		(struct source_rules){0});
	assert_said("2 further sources of mounts, this one and others, are not there either");
	assert_int_equal(times("docker will make an empty folder"), 5);
	look("services:\n  a: {image: x, volumes: ['./1:/1', './2:/2', './3:/3', './4:/4', "
	     "'./5:/5', './6:/6']}\n",
		(struct source_rules){0});
	assert_said("1 further source of mounts is not there either");
}

static void
builds_want_folder_and_dockerfile(void **state) {
	static const char spec[] =
		"services:\n  a: {build: ./gone}\n  b: {build: ./here}\n"
		"  c: {build: {context: ./here, dockerfile: my.dock}}\n"
		"  d: {build: {context: ./here, dockerfile_inline: FROM x}}\n"
		"  e: {build: 'https://example.com/x.git'}\n"
		"  f: {build: {context: ./here, dockerfile: there.dock, additional_contexts: "
		"{m: ./more, i: 'docker-image://x'}}}\n";

	(void)state;
	assert_int_equal(mkdir("here", 0700), 0);
	put("here/there.dock", "FROM x\n");
	look(spec, (struct source_rules){.strict = true});
	assert_said("2:14: warning: the folder to build 'a' is not there: 'gone'");
	assert_non_null(strstr(said_text, "3:14: warning: the build of 'b' has no 'Dockerfile'"));
	assert_non_null(strstr(said_text, "4:44: warning: the build of 'c' has no 'my.dock'"));
	assert_non_null(strstr(said_text, "the build context 'm' is not there: 'more'"));
	put("here/dockerfile", "FROM x\n");
	look("services: {b: {build: ./here}}\n", (struct source_rules){0});
	assert_string_equal(said(), "");
}

static void
files_of_grants(void **state) {
	(void)state;
	own("TOKEN=t0ken");
	look("services:\n  a: {image: x, secrets: [s, e], configs: [c]}\n"
	     "secrets:\n  s: {file: './k-$TOKEN'}\n  e: {environment: TOKEN}\n"
	     "  unused: {file: ./unused}\n"
	     "configs: {c: {file: ./conf}}\n",
		(struct source_rules){0});
	assert_said("4:13: warning: the file of the secret 's' is not there: ");
	assert_null(strstr(said_text, "t0ken"));
	assert_null(strstr(said_text, "unused}"));
	assert_non_null(strstr(said_text, "the file of the config 'c' is not there: 'conf'"));
}

static void
the_engines_socket_is_its_own(void **state) {
	(void)state;
	look("services: {a: {image: x, volumes: ['/run/docker.sock:/s', "
	     "'/nowhere/docker.sock:/t']}}\n",
		(struct source_rules){0});
	assert_said("'/nowhere/docker.sock' is not there");
	assert_null(strstr(said_text, "'/run/docker.sock' is not"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(a_folder_will_be_made),
		world_test(a_source_is_told_once),
		world_test(what_cannot_be_made_is_an_error_when_strict),
		world_test(only_what_is_asked_for_is_looked_at),
		world_test(many_are_summed_up),
		world_test(builds_want_folder_and_dockerfile),
		world_test(files_of_grants),
		world_test(the_engines_socket_is_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
