/* test_project.c - services, their number, their selection, their names for the engine. */
#include "spec_help.h"

static void
services_in_source_order(void **state) {
	struct project *p;
	bool external = true;

	(void)state;
	p = make_text(
		"services:\n  z: {image: \"i:1\", scale: 2}\n  a: {image: x, container_name: "
		"own, x-stackplan: {about: why}}\n"
		"networks: {n: {}, m: {name: mm}, e: {external: true}}\nvolumes: {v: {}}\n"
		"secrets: {s: {environment: S}}\nconfigs: {c: {content: c}, o: {external: true}}\n",
		NULL);
	assert_good(p);
	assert_int_equal(p->nservice, 2);
	assert_string_equal(p->service[0].name, "z");
	assert_string_equal(p->service[0].image.s, "i:1");
	assert_int_equal(p->service[0].scale, 2);
	assert_string_equal(p->service[1].about, "why");
	assert_null(p->service[0].about);
	assert_true(p->service[1].enabled);
	assert_ptr_equal(project_service(p, "a"), &p->service[1]);
	assert_null(project_service(p, "b"));
	assert_string_equal(project_container(&world.ctx, p, &p->service[0], 2), "myapp-z-2");
	assert_string_equal(project_container(&world.ctx, p, &p->service[1], 1), "own");
	assert_string_equal(
		project_resource_name(&world.ctx, p, "networks", "n", &external), "myapp_n");
	assert_false(external);
	assert_string_equal(project_resource_name(&world.ctx, p, "networks", "m", &external), "mm");
	assert_string_equal(project_resource_name(&world.ctx, p, "networks", "e", &external), "e");
	assert_true(external);
	assert_string_equal(project_resource_name(&world.ctx, p, "networks", "default", &external),
		"myapp_default");
	assert_false(external);
	assert_null(project_resource_name(&world.ctx, p, "networks", "none", &external));
	assert_null(project_resource_name(&world.ctx, p, "volumes", "default", &external));
	assert_string_equal(
		project_resource_name(&world.ctx, p, "volumes", "v", &external), "myapp_v");
	/* not by what is in the same place of another section */
	assert_string_equal(
		project_resource_name(&world.ctx, p, "secrets", "s", &external), "myapp_s");
	assert_string_equal(
		project_resource_name(&world.ctx, p, "configs", "c", &external), "myapp_c");
	assert_false(external);
	assert_string_equal(project_resource_name(&world.ctx, p, "configs", "o", &external), "o");
	assert_true(external);
}

static void
names_of_services(void **state) {
	(void)state;
	assert_null(make_text(
		"services:\n  -a: {image: x}\n  .b: {image: x}\n  c: {image: x}\n", NULL));
	said();
	assert_non_null(strstr(said_text, "compose.yaml:2:3: error: a service's name"));
	assert_non_null(strstr(said_text, "compose.yaml:3:3: error: a service's name"));
	assert_int_equal(diag_errors(&world.ctx), 2);
}

static void
scale_has_bounds(void **state) {
	(void)state;
	assert_null(make_text("services:\n  a: {image: x, scale: 1001}\n", NULL));
	assert_said("compose.yaml:2:24: error: a service has from 0 to 1000 containers");
	assert_good(make_text("services:\n  a: {image: x, scale: 0}\n", NULL));
	assert_int_equal(world.project->service[0].scale, 0);
}

#define PROFILES                                                                                \
	"services:\n  a: {image: x}\n  b: {image: x, profiles: [p], depends_on: [a, c]}\n  c: " \
	"{image: x, profiles: [p, q]}\n"                                                        \
	"  d: {image: x, profiles: [q]}\n"

static unsigned
enabled(void) {
	unsigned bits = 0;

	for (size_t i = 0; i < world.project->nservice; i++)
		bits |= (unsigned)world.project->service[i].enabled << i;
	return bits;
}

static void
profiles_enable(void **state) {
	(void)state;
	assert_good(make_text(PROFILES, NULL));
	assert_int_equal(enabled(), 1);
	world.profile[0] = "p";
	world.options.nprofile = 1;
	assert_good(make_text(PROFILES, NULL));
	assert_int_equal(enabled(), 1 + 2 + 4);
	world.profile[0] = "*";
	assert_good(make_text(PROFILES, NULL));
	assert_int_equal(enabled(), 15);
}

static void
names_select_with_what_they_need(void **state) {
	const char *name = "b";

	(void)state;
	assert_good(make_text(PROFILES, "b"));
	assert_int_equal(enabled(), 1 + 2 + 4);
	assert_good(make_text(PROFILES, "a"));
	assert_int_equal(enabled(), 1);
	world.project = project_make(&world.ctx, &world.loaded, &name, 1, true);
	assert_int_equal(enabled(), 2);
	assert_null(make_text("services:\n  web: {image: x}\n", "wep"));
	assert_said("error: there is no service 'wep', did you mean 'web'?");
}

/* Ten thousand services, each needing the next one. */
static void
a_long_chain_is_fine(void **state) {
	size_t n = 10000;
	char *text = malloc(n * 64), *p = text;

	(void)state;
	p += sprintf(p, "services:\n");
	for (size_t i = 0; i < n - 1; i++)
		p += sprintf(p, "  s%zu: {image: x, depends_on: [s%zu]}\n", i, i + 1);
	sprintf(p, "  s%zu: {image: x}\n", n - 1);
	assert_good(make_text(text, "s0"));
	assert_true(world.project->service[n - 1].enabled);
	sprintf(p, "  s%zu: {image: x, depends_on: [s0]}\n", n - 1);
	assert_null(make_text(text, NULL));
	assert_said("compose.yaml:2:31: error: services depend on each other in a circle: s0 -> s1 "
		    "-> ");
	assert_non_null(strstr(said_text, "... (9900 more) -> s0"));
	free(text);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(services_in_source_order),
		world_test(names_of_services),
		world_test(scale_has_bounds),
		world_test(profiles_enable),
		world_test(names_select_with_what_they_need),
		world_test(a_long_chain_is_fine),
	};

	return cmocka_run_group_tests_name("project", tests, NULL, NULL);
}
