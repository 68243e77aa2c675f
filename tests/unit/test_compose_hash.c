/* test_compose_hash.c - what Compose is asked for its digests, and what of its answers is believed. */
#include "plan_help.h"

#include <stackplan/compose.h>

static const char spec[] = "services:\n"
			   "  a: {image: x}\n"
			   "  b: {image: x, network_mode: 'service:a', depends_on: [a]}\n"
			   "  off: {image: x, profiles: [more]}\n";
#define DIGEST_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* Ask a Compose that resolves the spec to DOC and tells HASHES; the container of "a" is there if ID is. */
static bool
hashed(const char *doc, const char *hashes, const char *id) {
	static const char *const file[] = {"compose.yaml"}, *const profile[] = {"p", "-q"},
				 *const env_file[] = {"one.env"};
	const struct compose_spec which = {.file = file,
		.nfile = 1,
		.profile = profile,
		.nprofile = 2,
		.env_file = env_file,
		.nenv_file = 1,
		.project_directory = "here"};
	struct docker d = {.engine = engine_find("docker"), .env = world.environ};
	struct resources had = {0};
	struct resource r = {.kind = KIND_CONTAINER, .name = "myapp-a-1", .id = id};

	make_text(spec, NULL);
	if (id)
		resources_push(&world.ctx, &had, &r);
	put("doc", doc);
	put("hashes", hashes);
	put("docker", "#!/bin/sh\nfor w; do echo \"$w\"; done >>asked\n"
		      "case $* in *--hash=*) cat >fed; cat hashes ;; *) cat doc ;; esac\n");
	chmod("docker", 0700);
	d.program = arena_printf(world.ctx.mem, "%s/docker", world.folder);
	return compose_hashes(&world.ctx, &d, &which, world.project, &had);
}

static void
both_questions(void **state) {
	(void)state;
	assert_true(hashed(
		"{\"services\":{\"a\":{\"x\":\"$$\"},\"b\":{\"network_mode\":\"service:a\"}}}",
		"b " DIGEST_B "\na " DIGEST_A "\n", "0123"));
	assert_string_equal(project_service(world.project, "a")->compose_hash, DIGEST_A);
	assert_string_equal(project_service(world.project, "b")->compose_hash, DIGEST_B);
	assert_null(project_service(world.project, "off")->compose_hash);
	assert_string_equal(slurp("asked"),
		"compose\n--file=compose.yaml\n--project-name=myapp\n--project-directory=here\n"
		"--profile=p\n--profile=-q\n--env-file=one.env\nconfig\n--format=json\n--\na\nb\n"
		"compose\n--file=-\n--project-name=myapp\n--profile=*\nconfig\n--hash=*\n");
	assert_string_equal(slurp("fed"), "{\"services\":{\"a\":{\"x\":\"$$\"},"
					  "\"b\":{\"network_mode\":\"container:0123\"}}}\n");
	assert_string_equal(said(), "");
}

static void
not_made_yet(void **state) {
	const char *warnings;

	(void)state;
	assert_true(hashed("{\"services\":{\"a\":{},\"b\":{\"network_mode\":\"service:a\","
			   "\"volumes_from\":[\"a:ro\",\"container:z:ro\"]}}}",
		"a " DIGEST_A "\nb " DIGEST_B "\n", NULL));
	warnings = said();
	assert_non_null(strstr(warnings, "'docker compose up' will make 'b' anew, since "
					 "'network_mode' ties it to 'a'"));
	assert_non_null(strstr(warnings, "since 'volumes_from' ties it to 'a'"));
	assert_non_null(strstr(slurp("fed"), "\"volumes_from\":[\"a:ro\",\"z\"]"));
}

static void
broken_answers(void **state) {
	static const char *const bad[][2] = {
		{"", "a " DIGEST_A "\nb " DIGEST_B "\n"},
		{"{\"services\":{\"a\":", "a " DIGEST_A "\nb " DIGEST_B "\n"},
		{"[]", "a " DIGEST_A "\nb " DIGEST_B "\n"},
		{"{}", ""},
		{"{}", "a " DIGEST_A "\n"},
		{"{}", "a " DIGEST_A "\nb bbbb\n"},
		{"{}", "a " DIGEST_A "\nb x" DIGEST_B "\n"},
		{"{}", "a\nb\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (hashed(bad[i][0], bad[i][1], NULL))
			fail_msg("answer %zu was believed", i);
		assert_said("'docker compose' does not tell its digests: its answer is not whole");
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

/* A label with the digest is what Compose looks at. */
static void
what_compose_keeps(void **state) {
	struct service s = {.name = "a", .compose_hash = DIGEST_A};
	struct resource want = {.kind = KIND_CONTAINER, .service = &s},
			had = {.kind = KIND_CONTAINER};
	const char *why,
		*facts = "{\"Config\":{\"Labels\":{\"" COMPOSE_HASH "\":\"" DIGEST_A "\"}}}";

	(void)state;
	assert_false(compose_has_made(&had));
	assert_false(compose_keeps(&want, &had));
	had.facts = json_read(world.ctx.mem, facts, strlen(facts), &why);
	assert_true(compose_has_made(&had));
	assert_true(compose_keeps(&want, &had));
	had.ours = true;
	assert_false(compose_has_made(&had));
	s.compose_hash = DIGEST_B;
	assert_false(compose_keeps(&want, &had));
	s.compose_hash = NULL;
	assert_false(compose_keeps(&want, &had));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(both_questions),
		world_test(not_made_yet),
		world_test(broken_answers),
		world_test(what_compose_keeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
