/* test_project_env.c - a service's variables: what wins, in which order, and what each came from.
 */
#include "spec_help.h"

/* "A=1 B=2 C" of the first service; a name alone is to be removed. */
static const char *
variables(void) {
	const struct node *env = world.project->service[0].env;
	static char text[1024];

	*text = '\0';
	for (size_t i = 0; i < env->n; i++) {
		const struct node *value = env->u.member[i].val;

		sprintf(text + strlen(text), "%s%s%s%s", i ? " " : "", env->u.member[i].key,
			value->type == NODE_NULL ? "" : "=", node_text(value));
	}
	return text;
}

static struct word
value_of(const char *name) {
	return node_word(node_find(world.project->service[0].env, name));
}

static void
environment_above_env_file(void **state) {
	struct word w;

	(void)state;
	own("OUT=o");
	own("BOTH=own");
	put("one.env", "A=one\nF=one\nBOTH=\nGONE=x\nS=${SVC}-${OUT}\n");
	put("two.env", "F=two\nOUT\n");
	assert_good(make_text("services:\n  a:\n    image: x\n    env_file: [one.env, two.env]\n   "
			      " environment:\n"
			      "      Z: z${OUT}\n      A: spec\n      BOTH:\n      GONE:\n      "
			      "SVC: v\n      D: ${NONE:-d}\n",
		NULL));
	assert_string_equal(variables(), "Z=zo A=spec BOTH=own GONE SVC=v D=d F=two S=v-o OUT=o");
	w = value_of("Z");
	assert_int_equal(w.nspan, 1);
	assert_int_equal(w.span[0].off, 1);
	assert_int_equal(w.span[0].ref->from, REF_ENVIRON);
	assert_int_equal(value_of("A").nspan, 0);
	assert_int_equal(value_of("D").nspan, 0);
	assert_string_equal(value_of("BOTH").span[0].ref->name, "BOTH");
	assert_int_equal(value_of("BOTH").at.line, 8);
	w = value_of("F");
	assert_int_equal(w.span[0].ref->from, REF_ENVFILE);
	assert_string_equal(w.span[0].ref->file, "two.env");
	assert_int_equal(w.span[0].ref->at.line, 1);
	w = value_of("S");
	assert_int_equal(w.nspan, 1);
	assert_int_equal(w.span[0].len, 3);
	assert_string_equal(w.span[0].ref->name, "S");
	assert_string_equal(value_of("OUT").span[0].ref->name, "OUT");
}

static void
lists_and_dotenv(void **state) {
	(void)state;
	put(".env", "PASS=${BASE}word\nBASE2=x\n");
	own("BASE=pass");
	assert_good(make_text(
		"services:\n  a: {image: x, environment: [PASS, \"E=\", NOT, \"Q=a=b\"]}\n", NULL));
	assert_string_equal(variables(), "PASS=password E= NOT Q=a=b");
	assert_int_equal(value_of("PASS").nspan, 1);
	assert_int_equal(value_of("PASS").span[0].len, 8);
	assert_int_equal(value_of("PASS").span[0].ref->from, REF_DOTENV);
}

static void
env_files_that_are_not_there(void **state) {
	(void)state;
	assert_null(make_text(
		"services:\n  a:\n    image: x\n    env_file:\n      - no/such.env\n", NULL));
	assert_said("compose.yaml:5:9: error: cannot read the env file 'no/such.env': no such file "
		    "or directory");
	assert_good(make_text("services:\n  a:\n    image: x\n    env_file: [{path: none.env, "
			      "required: false}, /dev/null]\n",
		NULL));
	assert_null(make_text("services:\n  a:\n    image: x\n    env_file: /dev/zero\n", NULL));
	assert_said("cannot read the env file '/dev/zero': not a regular file");
	/* not wanted, not read */
	assert_good(make_text(
		"services:\n  a: {image: x}\n  b: {image: x, profiles: [p1], env_file: none.env}\n",
		NULL));
	put("bad.env", "A B\n");
	assert_null(make_text("services:\n  a: {image: x, env_file: bad.env}\n", NULL));
	assert_said("bad.env:1:3: error: a variable's name is followed by '='");
}

static void
the_raw_format(void **state) {
	(void)state;
	put("raw.env", "A=\"$X\" # y\n");
	assert_good(make_text(
		"services:\n  a:\n    image: x\n    env_file: [{path: raw.env, format: raw}]\n",
		NULL));
	assert_string_equal(variables(), "A=\"$X\" # y");
}

static void
names_and_lengths(void **state) {
	char *text = malloc(140000), *p;

	(void)state;
	assert_null(make_text("services:\n  a:\n    image: x\n    environment:\n      \"\": x\n    "
			      "  \"a=b\": y\n      \"a b\": z\n",
		NULL));
	assert_int_equal(diag_errors(&world.ctx), 3);
	assert_said("compose.yaml:5:7: error: a variable's name is neither empty");
	p = text + sprintf(text, "services:\n  a: {image: x, environment: {N: ");
	memset(p, 'v', 131069);
	strcpy(p + 131069, "}}\n");
	assert_good(make_text(text, NULL));
	strcpy(p + 131069, "v}}\n");
	p[131069] = 'v';
	assert_null(make_text(text, NULL));
	assert_said("error: variable 'N' and its value are longer than the 131071 bytes");
	free(text);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(environment_above_env_file),
		world_test(lists_and_dotenv),
		world_test(env_files_that_are_not_there),
		world_test(the_raw_format),
		world_test(names_and_lengths),
	};

	return cmocka_run_group_tests_name("project_env", tests, NULL, NULL);
}
