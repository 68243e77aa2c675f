/* test_plan_undo.c - taking back a run that has failed: what is undone, in which order, and what is let be. */
#include "plan_help.h"
#include <stackplan/node.h>

static const char spec[] = "services:\n"
			   "  db: {image: x, volumes: ['data:/d'], healthcheck: {test: t}}\n"
			   "  app: {image: x, networks: [default, two], depends_on: {db: "
			   "{condition: service_healthy}}}\n"
			   "  web: {image: x, depends_on: [app]}\n"
			   "networks: {two: }\n"
			   "volumes: {data: }\n";

static struct left left;

/* The first N steps are done, the next one has failed. */
static struct deed *
deeds(const struct plan *p, size_t n) {
	struct deed *deed = arena_array(world.ctx.mem, p->nstep, sizeof(*deed));

	for (size_t i = 0; i < p->nstep; i++)
		deed[i].how = i < n ? DEED_DONE : i == n ? DEED_UNSURE : DEED_NONE;
	return deed;
}

/* Undo, when the engine has HAD. */
static struct plan *
undo(const struct plan *p, size_t n, const struct resources *had) {
	return plan_undo(&world.ctx, p, deeds(p, n), had, &left);
}

/* The position of the step. */
static size_t
at(const struct plan *p, enum action act, const char *name) {
	return step_of(p, act, name)->id - 1;
}

/* All that the spec wants is there, but without images. */
static struct resources *
had_now(const char *state) {
	struct resources *want = want_text(spec), *had = had_all(want, state);

	for (size_t i = 0; i < had->n; i++)
		had->v[i]->id = arena_printf(world.ctx.mem, "%012zx", i + 1);
	return had;
}

static void
everything(void **state) {
	struct plan *p = plan_text(spec, NULL, &plain), *u = undo(p, p->nstep, had_now("running"));

	(void)state;
	assert_string_equal(commands(u), "docker rm -f -v myapp-web-1\n"
					 "docker rm -f -v myapp-app-1\n"
					 "docker stop myapp-db-1\n"
					 "docker rm -f -v myapp-db-1\n"
					 "docker network rm myapp_two\n"
					 "docker network rm myapp_default\n");
	assert_true(comes_after(
		step_of(u, ACT_REMOVE, "myapp-app-1"), step_of(u, ACT_REMOVE, "myapp-web-1")));
	/* by way of the gate, which is not undone */
	assert_true(comes_after(
		step_of(u, ACT_STOP, "myapp-db-1"), step_of(u, ACT_REMOVE, "myapp-app-1")));
	assert_true(comes_after(
		step_of(u, ACT_REMOVE, "myapp_default"), step_of(u, ACT_REMOVE, "myapp-db-1")));
	assert_false(comes_after(
		step_of(u, ACT_REMOVE, "myapp_two"), step_of(u, ACT_REMOVE, "myapp_default")));
	assert_ptr_equal(u->undoes, p);
	assert_string_equal(
		step_extra(step_of(u, ACT_REMOVE, "myapp-web-1"))->undoes->name, "myapp-web-1");
	assert_non_null(strstr(step_of(u, ACT_REMOVE, "myapp-web-1")->why, "service 'web'"));
	/* the data is kept, and told of; the pull is neither */
	assert_int_equal(left.n, 1);
	assert_string_equal(left.v[0]->name, "myapp_data");
}

/* What was not run is not undone; the step that failed is, if its work is there. */
static void
half(void **state) {
	struct plan *p = plan_text(spec, NULL, &plain);
	struct resources *had = had_now("running");
	struct plan *u = undo(p, at(p, ACT_RUN, "myapp-db-1"), had);

	(void)state;
	assert_non_null(find_step(u, ACT_REMOVE, "myapp-db-1"));
	assert_null(find_step(u, ACT_REMOVE, "myapp-app-1"));
	assert_false(step_of(u, ACT_REMOVE, "myapp-db-1")->optional);
	resources_find(had, KIND_CONTAINER, "myapp-db-1")->state = "created";
	u = undo(p, at(p, ACT_RUN, "myapp-db-1"), had);
	assert_null(find_step(u, ACT_STOP, "myapp-db-1"));
	u = undo(p, at(p, ACT_RUN, "myapp-db-1"), arena_make(world.ctx.mem, struct resources));
	assert_int_equal(u->nstep, 0);
}

/* Nothing is removed that is not ours, or that this run has not made. */
static void
only_ours(void **state) {
	struct plan *p = plan_text(spec, NULL, &plain);
	struct resources *had = had_now("running");
	struct deed *deed = deeds(p, p->nstep);
	struct resource *web = resources_find(had, KIND_CONTAINER, "myapp-web-1");

	(void)state;
	web->ours = false;
	resources_find(had, KIND_NETWORK, "myapp_two")->project = "other";
	deed[at(p, ACT_CREATE, "myapp-app-1")].id = "ffffffffffff";
	const char *text = commands(plan_undo(&world.ctx, p, deed, had, &left));
	assert_null(strstr(text, "web"));
	assert_null(strstr(text, "_two"));
	assert_null(strstr(text, "rm -f -v myapp-app-1"));
	web->ours = true;
	deed[at(p, ACT_RUN, "myapp-web-1")].id = web->id;
	assert_non_null(
		find_step(plan_undo(&world.ctx, p, deed, had, &left), ACT_REMOVE, "myapp-web-1"));
}

/* What was there before is put back into its state. */
static void
repaired(void **state) {
	struct resources *had = had_now("exited");
	struct plan *p = plan_text(spec, had, &plain), *u;

	(void)state;
	for (size_t i = 0; i < had->n; i++)
		had->v[i]->state = had->v[i]->kind == KIND_CONTAINER ? "running" : "";
	u = undo(p, p->nstep, had);
	assert_non_null(strstr(commands(u), "docker stop myapp-web-1\n"));
	assert_null(strstr(commands(u), " rm "));
	assert_true(comes_after(
		step_of(u, ACT_STOP, "myapp-db-1"), step_of(u, ACT_STOP, "myapp-app-1")));
	/* the one that failed does not run */
	resources_find(had, KIND_CONTAINER, "myapp-web-1")->state = "exited";
	u = undo(p, at(p, ACT_START, "myapp-web-1"), had);
	assert_null(find_step(u, ACT_STOP, "myapp-web-1"));
	assert_non_null(find_step(u, ACT_STOP, "myapp-app-1"));
}

/* The new one goes, the old one runs again, and has its name. */
static void
replaced(void **state) {
	static const char text[] = "services: {a: {image: x, command: [new]}}\n";
	struct resources *want = want_text("services: {a: {image: x, command: [old]}}\n");
	struct resources *had = had_all(want, "running"), *now;
	struct plan *p = plan_text(text, had, &plain), *u;

	(void)state;
	want = want_text(text);
	now = had_all(want, "running");
	resources_find(now, KIND_CONTAINER, "myapp-a-1")->id = "ba9876543210";
	u = undo(p, at(p, ACT_WAIT, "myapp-a-1"), now);
	assert_string_equal(commands(u), "docker rm -f -v myapp-a-1\n"
					 "docker rename myapp-a-1.old myapp-a-1\n"
					 "docker start myapp-a-1\n");
	assert_true(comes_after(
		step_of(u, ACT_START, "myapp-a-1"), step_of(u, ACT_REMOVE, "myapp-a-1")));
	assert_int_equal(left.n, 0);
	/* by itself, what undoes the stop is about the one that was set aside */
	struct words alone = step_undo(&world.ctx, p, step_of(p, ACT_STOP, "myapp-a-1"));
	assert_string_equal(alone.v[alone.n - 1].s, "myapp-a-1.old");
	/* once the old one is removed, the new one is not: it is told of */
	u = undo(p, p->nstep, now);
	assert_int_equal(u->nstep, 0);
	assert_int_equal(left.n, 1);
	assert_int_equal(left.v[0]->act, ACT_REMOVE);
}

/* Facts, as the engine tells them. */
static const struct node *
facts(const char *text) {
	const char *why;

	return json_read(world.ctx.mem, text, strlen(text), &why);
}

/* A network that was made anew is made once more as it was, and what was in it is put back into it. */
static void
networks(void **state) {
	static const char text[] = "services: {a: {image: x, command: [new]}}\n"
				   "networks: {default: {labels: {tier: two}}}\n";
	struct resources *want = want_text("services: {a: {image: x, command: [old]}}\n"
					   "networks: {default: {labels: {tier: one}}}\n");
	struct resources *had = had_all(want, "running"), *now;
	struct resource *net = resources_find(had, KIND_NETWORK, "myapp_default");
	struct plan *p, *u;

	(void)state;
	net->id = "11";
	net->facts = facts(
		"{\"Driver\":\"bridge\",\"EnableIPv6\":true,\"Internal\":true,"
		"\"Attachable\":false,\"IPAM\":{\"Driver\":\"default\",\"Options\":null,"
		"\"Config\":[{\"Subnet\":\"10.9.0.0/24\",\"Gateway\":\"10.9.0.1\","
		"\"IPRange\":\"10.9.0.128/25\",\"AuxiliaryAddresses\":{\"h\":\"10.9.0.9\"}}]},"
		"\"Options\":{\"o\":\"1\"},\"Labels\":{\"tier\":\"one\"}}");
	resources_find(had, KIND_CONTAINER, "myapp-a-1")->facts = facts(
		"{\"NetworkSettings\":{\"Networks\":{\"myapp_default\":{\"NetworkID\":\"11\","
		"\"IPAMConfig\":{\"IPv4Address\":\"10.9.0.7\",\"LinkLocalIPs\":[\"169.254.1.1\"]},"
		"\"Aliases\":[\"a\",\"0123456789ab\"],\"Links\":[\"b:c\"],"
		"\"DriverOpts\":{\"k\":\"v\"}}}}}");
	p = plan_text(text, had, &plain);
	now = had_all(want_text(text), "running");
	for (size_t i = 0; i < now->n; i++)
		now->v[i]->id = "22";
	u = undo(p, at(p, ACT_WAIT, "myapp-a-1"), now);
	assert_string_equal(commands(u),
		"docker rm -f -v myapp-a-1\n"
		"docker network rm myapp_default\n"
		"docker network create --driver bridge --internal --ipv6 --subnet 10.9.0.0/24 "
		"--ip-range 10.9.0.128/25 --gateway 10.9.0.1 --aux-address h=10.9.0.9 --opt o=1 "
		"--label tier=one myapp_default\n"
		"docker rename myapp-a-1.old myapp-a-1\n"
		"docker network disconnect -f myapp_default myapp-a-1\n"
		"docker network connect --alias a --ip 10.9.0.7 --link-local-ip 169.254.1.1 "
		"--link b:c --driver-opt k=v myapp_default myapp-a-1\n"
		"docker start myapp-a-1\n");
	assert_true(comes_after(
		step_of(u, ACT_CREATE, "myapp_default"), step_of(u, ACT_REMOVE, "myapp_default")));
	assert_true(comes_after(
		step_of(u, ACT_CONNECT, "myapp-a-1"), step_of(u, ACT_CREATE, "myapp_default")));
	assert_true(comes_after(
		step_of(u, ACT_START, "myapp-a-1"), step_of(u, ACT_CREATE, "myapp_default")));
	assert_int_equal(left.n, 0);
	/* the new one could not be made: the old one is, all the same */
	now = arena_make(world.ctx.mem, struct resources);
	u = undo(p, at(p, ACT_CREATE, "myapp_default"), now);
	assert_null(find_step(u, ACT_REMOVE, "myapp_default"));
	assert_non_null(strstr(commands(u), "docker network create --driver bridge"));
	assert_non_null(strstr(commands(u), "docker start myapp-a-1\n"));
	/* the old one could not be removed: nothing is done to it, nor to what is in it */
	resources_push(&world.ctx, now, net);
	u = undo(p, at(p, ACT_REMOVE, "myapp_default"), now);
	assert_string_equal(commands(u), "docker rename myapp-a-1.old myapp-a-1\n"
					 "docker start myapp-a-1\n");
	/* how it was is not known: the new one stays, and that is told */
	net->facts = NULL;
	u = undo(p, at(p, ACT_WAIT, "myapp-a-1"), had_all(want_text(text), "running"));
	assert_null(strstr(commands(u), "network"));
	assert_int_equal(left.n, 1);
	assert_string_equal(left.v[0]->name, "myapp_default");
}

/* The spec goes back to what it was before a replacing that failed: the old one is the right one again. */
static void
goes_back(void **state) {
	static const char text[] = "services: {a: {image: x, command: [old]}}\n";
	struct resources *want = want_text("services: {a: {image: x, command: [new]}}\n");
	struct resources *had = had_all(want, "exited");
	struct resource *old;

	(void)state;
	want = want_text(text);
	old = put_had(had, resources_find(want, KIND_CONTAINER, "myapp-a-1"), "exited");
	old->name = "myapp-a-1.old";
	old->id = "ba9876543210";
	assert_string_equal(commands(plan_text(text, had, &plain)),
		"docker rm -f myapp-a-1\n"
		"docker rename myapp-a-1.old myapp-a-1\n"
		"docker start myapp-a-1\n");
}

/* Hooks can't be taken back, but go with a container that goes. */
static void
hooks(void **state) {
	static const char text[] = "services: {a: {image: x, post_start: [{command: [run]}]}}\n";
	struct plan *p = plan_text(text, NULL, &plain);
	struct resources *had = had_all(want_text(text), "running");

	(void)state;
	undo(p, p->nstep, had);
	assert_int_equal(left.n, 0);
	resources_find(had, KIND_CONTAINER, "myapp-a-1")->state = "exited";
	p = plan_text(text, had, &plain);
	undo(p, p->nstep, had);
	assert_int_equal(left.n, 1);
	assert_int_equal(left.v[0]->act, ACT_EXEC);
}

int
main(void) {
	static const struct CMUnitTest tests[] = {
		world_test(everything),
		world_test(half),
		world_test(only_ours),
		world_test(repaired),
		world_test(replaced),
		world_test(networks),
		world_test(goes_back),
		world_test(hooks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
