/* test_observe.c - what the engine answers, by a program of our own in docker's place. */
#include "plan_help.h"

#include <stackplan/str.h>

static const char spec[] = "services: {a: {image: x}, b: {image: 'r.example/y:1'}}";

/* The answers of docker, by the first word of the question. */
struct answers {
	const char *ps, *network, *volume, *image;
	int image_rc;
};

static const struct answers empty = {.ps = "", .network = "", .volume = "", .image = ""};

/* Write a file of the folder without what cmocka would say. */
static const char *
file_with(const char *name, const char *text) {
	put(name, text);
	return name;
}

/* Put a docker into the folder that says this. */
static struct docker
docker_saying(const struct answers *a) {
	struct docker d = {.engine = engine_find("docker")};

	file_with("ps", a->ps);
	file_with("network", a->network);
	file_with("volume", a->volume);
	file_with("image", a->image);
	put("docker", arena_printf(world.ctx.mem,
			      "#!/bin/sh\ncat '%s'/$1\n[ \"$1\" != image ] || { echo no such "
			      "image: x >&2\n"
			      "echo no such image: y >&2; exit %d; }\n",
			      world.folder, a->image_rc));
	chmod("docker", 0700);
	d.program = arena_printf(world.ctx.mem, "%s/docker", world.folder);
	d.env = world.environ;
	return d;
}

static struct resources *
observed(const struct answers *a, struct resources **want) {
	struct docker d = docker_saying(a);
	bool unreachable = false;

	*want = want_text(spec);
	return observe(&world.ctx, &d, world.project, *want, LOOK_PLAIN, &unreachable);
}

#define LABELS "\"project\":\"myapp\",\"own\":\"myapp\",\"digest\":\"d\",\"keys\":\"k=1\"}\n"
#define PS(name, state, status)                                                             \
	"{\"id\":\"12\",\"name\":\"" name "\",\"state\":\"" state "\",\"status\":\"" status \
	"\",\"ports\":\"p\",\"networks\":\"n\",\"key\":\"a\",\"number\":\"1\"," LABELS

static void
what_is_there(void **state) {
	struct answers a = empty;
	struct resources *want, *had;
	struct resource *r;

	(void)state;
	a.ps = PS("myapp-a-1", "exited", "Exited (3) 2 minutes ago")
		PS("other", "running", "Up 2 minutes (healthy)");
	a.network = "{\"id\":\"1\",\"name\":\"n\",\"key\":\"\",\"project\":\"\",\"own\":\"\","
		    "\"digest\":\"\",\"keys\":\"\"}\n";
	a.image = "{\"id\":\"sha256:aa\",\"tags\":[\"x:latest\",\"z:1\"],\"digests\":[]}\n";
	a.image_rc = 1;
	had = observed(&a, &want);
	if (!had) {
		fail_msg("%s", said());
		abort();
	}
	assert_int_equal(had->n, 4);
	r = wanted(had, KIND_CONTAINER, "myapp-a-1");
	assert_true(r->ours);
	assert_int_equal(r->exit_code, 3);
	assert_int_equal(r->number, 1);
	assert_string_equal(r->had_sums, "k=1");
	assert_int_equal(wanted(had, KIND_CONTAINER, "other")->exit_code, -1);
	assert_false(wanted(had, KIND_NETWORK, "n")->ours);
	assert_string_equal(wanted(had, KIND_NETWORK, "n")->key, "n");
	assert_string_equal(wanted(had, KIND_IMAGE, "x")->id, "sha256:aa");
	assert_null(resources_find(had, KIND_IMAGE, "r.example/y:1"));
}

/* No answer is taken for a whole one that ends in mid-line, is no JSON, or came with a failure. */
static void
broken_answers(void **state) {
	static const char whole[] = PS("myapp-a-1", "running", "Up");
	struct answers a = empty;
	struct resources *want;

	(void)state;
	for (size_t n = 1; n + 1 < sizeof(whole); n += 7) {
		a.ps = arena_strndup(world.ctx.mem, whole, n);
		assert_null(observed(&a, &want));
		assert_said("[engine-answer]");
		world.ctx.diags = diags_new(world.ctx.mem);
	}
	a.ps = "[]\n";
	assert_null(observed(&a, &want));
	a.ps = "\n";
	assert_null(observed(&a, &want));
	a = empty;
	a.image_rc = 3;
	assert_null(observed(&a, &want));
	assert_said("[engine-unreachable]");
	world.ctx.diags = diags_new(world.ctx.mem);
	a.image_rc = 1;
	assert_non_null(observed(&a, &want));
	assert_string_equal(said(), "");
}

static void
no_engine(void **state) {
	struct resources *want = want_text(spec);
	struct docker d = docker_saying(&empty);
	bool unreachable = false;

	(void)state;
	put("docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n");
	assert_null(observe(&world.ctx, &d, world.project, want, LOOK_PLAIN, &unreachable));
	assert_true(unreachable);
	assert_said("docker cannot reach its engine: Cannot connect to the Docker daemon");
	world.ctx.diags = diags_new(world.ctx.mem);
	d.program = "/nowhere/docker";
	assert_null(observe(&world.ctx, &d, world.project, want, LOOK_PLAIN, &unreachable));
	assert_said("cannot run '/nowhere/docker': No such file");
}

/* The version is asked for only where somebody wants it, and an answer that cannot be read is none. */
static void
versions(void **state) {
	static const char *const broken[] = {"podman version 4\n", "", "{\"program\":\"28.2.2\","};
	struct resources *want = want_text(spec);
	struct docker d = docker_saying(&empty);
	struct engine_version v = {NULL, NULL};
	bool unreachable;

	(void)state;
	assert_non_null(observe(&world.ctx, &d, world.project, want, LOOK_PLAIN, &unreachable));
	assert_null(v.engine);
	d.version = &v;
	file_with("version", "{\"program\":\"28.2.2\",\"engine\":\"20.10.24\"}\n");
	assert_non_null(observe(&world.ctx, &d, world.project, want, LOOK_PLAIN, &unreachable));
	assert_string_equal(v.program, "28.2.2");
	assert_string_equal(v.engine, "20.10.24");
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		world.ctx.diags = diags_new(world.ctx.mem);
		file_with("version", broken[i]);
		assert_null(observe(&world.ctx, &d, world.project, want, LOOK_PLAIN, &unreachable));
		assert_said("the engine does not say its version");
	}
}

/* ---- as few questions as it takes ---- */

static const char rich[] =
	"services:\n"
	"  a: {image: x, networks: [net], volumes: ['vol:/v']}\n"
	"  b: {image: 'r.example/y@sha256:" /* a digest needs no tag */
	"0123456789012345678901234567890123456789012345678901234567890123', networks: [net]}\n"
	"networks: {net: {}}\nvolumes: {vol: {}}\n";

#define OURS                                                                              \
	"\"Labels\":{\"com.docker.compose.project\":\"myapp\",\"dev.stackplan.project\":" \
	"\"myapp\","                                                                      \
	"\"dev.stackplan.digest\":\"d\",\"dev.stackplan.keys\":\"k=1\"}"
#define IMAGE_X "{\"Id\":\"sha256:aa\",\"RepoTags\":[\"x:latest\"],\"RepoDigests\":[]}\n"
#define IMAGE_Y                                                               \
	"{\"Id\":\"sha256:bb\",\"RepoTags\":[],\"RepoDigests\":[\"r.example/" \
	"y@sha256:0123456789012345678901234567890123456789012345678901234567890123\"]}\n"
#define NET_N "{\"Name\":\"myapp_net\",\"Id\":\"n1\",\"IPAM\":{}," OURS "}\n"
#define VOL_V "{\"Name\":\"myapp_vol\",\"Mountpoint\":\"/m\"," OURS "}\n"
/* somebody else's container that has one of our names: it cannot be that nothing is there */
#define STRANGER                                                                         \
	"{\"id\":\"12\",\"name\":\"myapp-a-1\",\"state\":\"running\",\"status\":\"Up\"," \
	"\"project\":\"\"}\n"
#define ABSENT(name) "Error: No such object: " name "\n"
#define NO_CONTAINERS "Error: No such container: myapp-a-1\nError: No such container: myapp-b-1\n"

/* Look at an engine that answers the one question with these; the lists have what is in the files "network" and "volume". */
static struct resources *
looked(const char *found, const char *complaint) {
	struct docker d = {.engine = engine_find("docker"), .env = world.environ};
	struct resources *want = want_text(rich);
	bool unreachable = false;

	file_with("found", found);
	file_with("complaint", complaint);
	file_with("no-containers", NO_CONTAINERS);
	file_with("asked", "");
	put("docker", "#!/bin/sh\necho \"$@\" >>asked\n"
		      "case $1 in\n"
		      "inspect) cat found; cat complaint >&2; [ ! -s complaint ] ;;\n"
		      "container) cat no-containers >&2; exit 1 ;;\n"
		      "*) cat \"$1\" ;;\nesac\n");
	chmod("docker", 0700);
	d.program = arena_printf(world.ctx.mem, "%s/docker", world.folder);
	return observe(&world.ctx, &d, world.project, want, LOOK_LEAN, &unreachable);
}

/* How many questions were asked? */
static size_t
questions(void) {
	const char *text = slurp("asked");
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void
one_question_for_all(void **state) {
	struct resources *had;

	(void)state;
	file_with("ps", PS("myapp-a-1", "running", "Up"));
	file_with("network", "not asked");
	file_with("volume", "not asked");
	had = looked(IMAGE_X IMAGE_Y NET_N VOL_V, "");
	assert_non_null(had);
	assert_int_equal(
		questions(), 4); /* what stands in ps and has no facts is asked about again */
	assert_true(had->is_part);
	assert_string_equal(wanted(had, KIND_IMAGE, "x")->id, "sha256:aa");
	assert_true(wanted(had, KIND_NETWORK, "myapp_net")->ours);
	assert_string_equal(wanted(had, KIND_NETWORK, "myapp_net")->id, "n1");
	assert_string_equal(wanted(had, KIND_VOLUME, "myapp_vol")->had_sums, "k=1");
	assert_non_null(strstr(slurp("asked"),
		"inspect --format {{json .}} x:latest r.example/y@sha256:0123456789"));
	assert_non_null(strstr(slurp("asked"), " myapp_net myapp_vol\n"));
}

/* Nothing that is wanted is there: that is said of each. A volume may have another one of the project beside it: the list tells. */
static void
nothing_is_there(void **state) {
	struct resources *had;

	(void)state;
	file_with("ps", STRANGER);
	file_with("network", "not asked");
	file_with("volume", "");
	had = looked("\n", ABSENT("x:latest") ABSENT("r.example/"
						     "y@sha256:"
						     "01234567890123456789012345678901234567890123"
						     "45678901234567890123") ABSENT("myapp_net")
				   ABSENT("myapp_vol"));
	assert_non_null(had);
	assert_int_equal(had->n, 1);
	assert_int_equal(questions(), 4);
	assert_non_null(strstr(slurp("asked"), "\nvolume ls"));
}

/* Two networks of a name, a container that is called like a volume: what the answer leaves open is asked for by kind. */
static void
what_is_left_open(void **state) {
	struct resources *had;
	size_t twins = 0;

	(void)state;
	file_with("ps", STRANGER);
	file_with("network", "{\"id\":\"n1\",\"name\":\"myapp_net\"," LABELS
			     "{\"id\":\"n2\",\"name\":\"myapp_net\"," LABELS);
	file_with("volume", "{\"id\":\"myapp_vol\",\"name\":\"myapp_vol\"," LABELS);
	had = looked(IMAGE_X IMAGE_Y "{\"Id\":\"12\",\"Name\":\"/myapp_vol\",\"State\":{}}\n",
		"Error response from daemon: network myapp_net is ambiguous\n");
	assert_non_null(had);
	assert_false(had->is_part);
	assert_true(wanted(had, KIND_VOLUME, "myapp_vol")->ours);
	for (size_t i = 0; i < had->n; i++)
		twins += had->v[i]->is_twin && strcmp(had->v[i]->name, "n2") == 0;
	assert_int_equal(twins, 1);
	/* three at first, two lists, and what the network and the volume are like, whose digests are others */
	assert_int_equal(questions(), 7);
}

/* An answer that is cut, or does not tell of all, is none. */
static void
half_an_answer(void **state) {
	static const char whole[] = IMAGE_X IMAGE_Y NET_N VOL_V;

	(void)state;
	file_with("ps", STRANGER);
	file_with("network", "");
	file_with("volume", "");
	assert_non_null(looked(whole, ""));
	for (size_t n = 0; n + 1 < sizeof(whole); n += 5)
		if (looked(arena_strndup(world.ctx.mem, whole, n), ""))
			fail_msg("cut after %zu bytes, it was believed", n);
	assert_null(looked("", "Cannot connect to the Docker daemon\n"));
}

/* No container of the project, and nobody else's under such a name: lists tell the rest, whatever the questions by name would have said. */
static void
fresh(void **state) {
	static const char *const lists[] = {"", PS("web,other/db", "running", "Up")};
	struct resources *had;

	(void)state;
	for (size_t i = 0; i < countof(lists); i++) {
		char *ps = arena_strdup(world.ctx.mem, lists[i]), *project = strstr(ps, ":\"myapp");
		if (project)
			project[2] = 'n';
		file_with("ps", ps);
		file_with("network", "{\"id\":\"n1\",\"name\":\"myapp_net\"," LABELS);
		file_with("volume", "");
		file_with("image",
			"{\"id\":\"sha256:aa\",\"tags\":[\"x:latest\"],\"digests\":[]}\n"
			"{\"id\":\"sha256:bb\",\"tags\":[],\"digests\":[\"r.example/y@sha256:"
			"0123456789012345678901234567890123456789012345678901234567890123\"]}"
			"\n");
		had = looked("not heard", "nor this");
		assert_non_null(had);
		assert_string_equal(said(), "");
		assert_false(had->is_part);
		assert_string_equal(wanted(had, KIND_NETWORK, "myapp_net")->id, "n1");
		assert_string_equal(wanted(had, KIND_IMAGE, "x")->id, "sha256:aa");
		assert_null(resources_find(had, KIND_VOLUME, "myapp_vol"));
		assert_non_null(strstr(slurp("asked"), "volume ls"));
	}
	/* what cannot be read is no proof of it */
	file_with("ps", "{\"id\":\n");
	assert_null(looked(IMAGE_X, ABSENT("myapp_net")));
	assert_said("[engine-answer]");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(what_is_there),
		world_test(broken_answers),
		world_test(no_engine),
		world_test(versions),
		world_test(one_question_for_all),
		world_test(nothing_is_there),
		world_test(what_is_left_open),
		world_test(half_an_answer),
		world_test(fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
