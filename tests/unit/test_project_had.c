/* test_project_had.c - a project made of labels: which services, how many containers, and what they need. */
#include "plan_help.h"

static struct resources *had;

/* The engine has a container. */
static struct resource *
container(const char *project, const char *service, const char *needs) {
	struct resource *r = arena_make(world.ctx.mem, struct resource);

	*r = (struct resource){.kind = KIND_CONTAINER,
		.name = arena_printf(world.ctx.mem, "%s-%s-%zu", project, service, had->n),
		.key = service,
		.had_key = service,
		.project = project,
		.had_needs = needs,
		.state = "running"};
	resources_push(&world.ctx, had, r);
	return r;
}

/* An engine without containers. */
static void
empty_engine(void) {
	had = arena_make(world.ctx.mem, struct resources);
}

/* Sorted by name; of other projects nothing; those of `run` are of a service, and don't count. */
static void
services(void **state) {
	struct project *p;

	(void)state;
	empty_engine();
	container("demo", "web", "");
	container("other", "cache", "");
	container("demo", "db", "");
	container("demo", "web", "");
	container("demo", "tool", "db:service_started:false")->one_off = true;
	p = project_had(&world.ctx, "demo", had);
	assert_int_equal(p->nservice, 3);
	assert_string_equal(p->service[0].name, "db");
	assert_int_equal(p->service[1].scale, 0);
	assert_int_equal(p->service[1].nneed, 0);
	assert_int_equal(project_service(p, "web")->scale, 2);
	assert_int_equal(project_service(p, "web")->place, 2);
	assert_null(project_service(p, "cache"));
}

static void
needs(void **state) {
	struct project *p;
	const struct service *web;

	(void)state;
	empty_engine();
	container("demo", "db", "");
	container("demo", "task", ",,");
	container("demo", "web",
		"db:service_healthy:true,task:service_completed_successfully:false,gone:service_"
		"started:"
		"false,web:service_started:false,db");
	p = project_had(&world.ctx, "demo", had);
	web = project_service(p, "web");
	assert_int_equal(web->nneed, 3);
	assert_int_equal(web->need[0].until, UNTIL_HEALTHY);
	assert_true(web->need[0].restart);
	assert_non_null(node_find(project_service(p, "db")->tree, "healthcheck"));
	assert_int_equal(web->need[1].until, UNTIL_COMPLETED);
	assert_false(web->need[1].restart);
	assert_int_equal(web->need[2].until, UNTIL_STARTED);
	assert_int_equal(project_service(p, "task")->nneed, 0);
}

/* In a circle, and behind one, nothing is needed; before it all is as it was. */
static void
circles(void **state) {
	struct project *p;

	(void)state;
	empty_engine();
	container("demo", "a", "b:service_started:false,d:service_started:false");
	container("demo", "b", "a:service_started:false");
	container("demo", "c", "d:service_started:false");
	container("demo", "d", "");
	p = project_had(&world.ctx, "demo", had);
	assert_int_equal(project_service(p, "a")->nneed, 0);
	assert_int_equal(project_service(p, "b")->nneed, 0);
	assert_int_equal(project_service(p, "c")->nneed, 1);
}

static void
nothing(void **state) {
	struct project *p;

	(void)state;
	empty_engine();
	p = project_had(&world.ctx, "demo", had);
	assert_int_equal(p->nservice, 0);
	assert_null(project_service(p, "web"));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(services),
		world_test(needs),
		world_test(circles),
		world_test(nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
