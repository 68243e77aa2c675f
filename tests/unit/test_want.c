/* test_want.c - what a project wants: which things, in which order, with which words and edges. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* "image x", "network n" ... of all that is wanted, a line each. */
static const char *
listed(const char *text) {
	struct resources *want = want_text(text);
	struct buf b = {0};

	if (!want) {
		fail_msg("%s", said());
		abort();
	}
	for (size_t i = 0; i < want->n; i++)
		buf_printf(&b, "%s %s%s\n", kind_name(want->v[i]->kind), want->v[i]->name,
			want->v[i]->external ? " external" : "");
	return arena_take_buf(world.ctx.mem, &b);
}

static void
what_is_wanted(void **state) {
	(void)state;
	assert_string_equal(
		listed("services:\n  b: {image: y, networks: [n], volumes: ['vol:/v', "
		       "/anonymous]}\n"
		       "  a: {image: y, scale: 2}\n  off: {image: z, profiles: [p], networks: "
		       "[no]}\n"
		       "  zero: {image: w, scale: 0, volumes: ['uol:/u']}\n"
		       "networks: {unused: , n: {external: true}, no: }\nvolumes: {uol: , vol: "
		       "{name: "
		       "www}}\n"),
		"image y\nnetwork myapp_default\nnetwork n external\nvolume www\n"
		"container myapp-b-1\ncontainer myapp-a-1\ncontainer myapp-a-2\n");
	assert_string_equal(listed("services: {a: {image: x, network_mode: host}}"),
		"image x\ncontainer myapp-a-1\n");
	assert_string_equal(listed("services: {a: {image: x}}\nnetworks: {default: {name: d}}"),
		"image x\nnetwork d\ncontainer myapp-a-1\n");
}

static void
words_of_networks_and_volumes(void **state) {
	static const struct {
		const char *keys, *words;
	} m[] = {
		{"", "network create"},
		{"driver: d, driver_opts: {o: 'a,b'}", "network create --driver d --opt o=a,b"},
		{"internal: true, attachable: true", "network create --attachable --internal"},
		{"internal: false, attachable: false", "network create"},
		{"enable_ipv6: true, enable_ipv4: true", "network create --ipv6"},
		{"enable_ipv6: false, enable_ipv4: false",
			"network create --ipv6=false --ipv4=false"},
		{"labels: {a: b}", "network create --label a=b"},
		{"ipam: {driver: i, config: [{subnet: 10.1.0.0/16, gateway: 10.1.0.1, ip_range: "
		 "10.1.1.0/24, aux_addresses: {h: 10.1.0.9}}]}",
			"network create --ipam-driver i --subnet 10.1.0.0/16 --gateway 10.1.0.1 "
			"--ip-range 10.1.1.0/24 --aux-address h=10.1.0.9"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(m); i++) {
		const struct resource *r =
			wanted(want_text(arena_printf(world.ctx.mem,
				       "services: {a: {image: x, networks: [n]}}\n"
				       "networks: {n: {%s}}",
				       m[i].keys)),
				KIND_NETWORK, "myapp_n");
		assert_string_equal(joined(&r->create), m[i].words);
	}
	assert_string_equal(
		joined(&wanted(
			want_text("services: {a: {image: x, volumes: ['vol:/v']}}\nvolumes: {vol: "
				  "{driver: d, driver_opts: {o: p}, labels: {l: m}}}"),
			KIND_VOLUME, "myapp_vol")
				->create),
		"volume create --driver d --opt o=p --label l=m");
}

static void
edges(void **state) {
	struct resources *want = want_text(
		"services:\n"
		"  a: {image: x, networks: [n], volumes: ['vol:/v'], depends_on: {b: {condition: "
		"service_healthy, required: false}, c: {condition: "
		"service_completed_successfully}}}\n"
		"  b: {image: y, scale: 2, network_mode: none, healthcheck: {test: t}}\n  c: "
		"{image: y, "
		"network_mode: 'service:b'}\nnetworks: {n: }\nvolumes: {vol: }\n");
	const struct resource *a = wanted(want, KIND_CONTAINER, "myapp-a-1");
	const struct resource *c = wanted(want, KIND_CONTAINER, "myapp-c-1");
	static const struct {
		const char *name;
		enum ready until;
	} m[] = {{"x", READY_MADE}, {"myapp_n", READY_MADE}, {"myapp_vol", READY_MADE},
		{"myapp-b-1", READY_HEALTHY}, {"myapp-b-2", READY_HEALTHY},
		{"myapp-c-1", READY_COMPLETED}};

	(void)state;
	assert_int_equal(a->nedge, COUNT(m));
	for (size_t i = 0; i < COUNT(m); i++) {
		assert_string_equal(a->edge[i].to->name, m[i].name);
		assert_int_equal(a->edge[i].until, m[i].until);
	}
	assert_false(a->edge[3].required);
	assert_true(a->edge[5].required);
	assert_int_equal(c->nedge, 3);
	assert_int_equal(c->edge[1].until, READY_STARTED);
}

/* A secret in a name would be seen by everybody. */
static void
no_secret_in_names(void **state) {
	static const char *const text[] = {
		"services: {a: {image: 'x/${API_TOKEN}'}}",
		"services: {a: {image: x, container_name: 'x${API_TOKEN}'}}",
		"services: {a: {image: x}}\nnetworks: {default: {name: 'x${API_TOKEN}'}}",
	};

	(void)state;
	own("API_TOKEN=hunter2");
	for (size_t i = 0; i < COUNT(text); i++) {
		assert_null(want_text(text[i]));
		assert_said("[secret-in-name]");
		assert_null(strstr(strchr(said_text, ']'), "hunter2"));
		world.ctx.diags = diags_new(world.ctx.mem);
	}
}

/* What no command can do is an error where it stands, and only for services that count. */
static void
what_is_refused(void **state) {
	static const struct mapped refused[] = {
		{"services: {a: {image: x, models: [m]}}\nmodels: {m: {model: ai/m}}",
			"1:26: error: 'models': where a model answers is known only once it runs"},
		{"services: {a: {provider: {type: p}}}", "1:16: error: 'provider': a provider is"},
	};
	static const char *const planned[] = {
		"services: {a: {image: x}, b: {image: x, build: ., profiles: [off]}}",
		"services: {a: {image: x, deploy: {replicas: 2, mode: replicated}}}",
		"services: {a: {image: x, deploy: {mode: global}}}",
		"services: {a: {image: x, models: []}, b: {provider: {type: p}, profiles: [off]}}",
		"services: {a: {image: x}}\nmodels: {m: {model: ai/m}}",
		"services: {a: {image: x, use_api_socket: false, secrets: []}}",
		"services: {a: {image: x}}\nsecrets: {s: {file: ./s}}",
		"services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {file: ./s}}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		assert_null(want_text(refused[i].body));
		assert_said(refused[i].words);
		world.ctx.diags = diags_new(world.ctx.mem);
	}
	for (size_t i = 0; i < COUNT(planned); i++)
		assert_non_null(want_text(planned[i]));
}

/* Variables for the IDs of images are told apart, whatever letters the names have. */
static void
image_variables(void **state) {
	struct project *p;
	struct resources *want;
	const char *name[3];

	(void)state;
	p = make_text("services: {a: {image: a-b}, b: {image: a_b}, c: {image: '1.2/a:b'}}", NULL);
	assert_non_null(p);
	want = want_make(&world.ctx, p, engine_find("docker"), true);
	for (size_t i = 0; i < 3; i++)
		name[i] = want->v[i]->image_id->name;
	assert_string_equal(name[0], "a_b_id");
	assert_string_not_equal(name[1], name[0]);
	assert_string_equal(name[2], "_1_2_a_b_id");
}

/* Of several services with one image the most eager policy counts. */
static void
image_of_many(void **state) {
	const struct resource *r = wanted(
		want_text(
			"services: {a: {image: x, pull_policy: never}, b: {image: x, pull_policy: "
			"always}, c: {image: x}}"),
		KIND_IMAGE, "x");

	(void)state;
	assert_string_equal(r->service->name, "b");
}

/* All words of the command that makes the container of service a. */
static const struct words *
labels_of(const struct project *p, bool labels) {
	struct resources *want = want_make(&world.ctx, p, engine_find("docker"), labels);
	struct plan *plan = plan_make(&world.ctx, p, engine_find("docker"),
		diff_make(&world.ctx, p, want, NULL, NULL),
		&(struct plan_options){.labels = labels});
	struct words *words = arena_make(world.ctx.mem, struct words);

	*words = step_words(&world.ctx, plan, step_of(plan, ACT_RUN, "myapp-a-1"));
	return words;
}

static void
labels(void **state) {
	struct project *p = make_text(
		"services: {a: {image: x, network_mode: none, depends_on: [b]}, b: {image: x}}",
		NULL);
	const char *words;

	(void)state;
	assert_non_null(p);
	words = joined(labels_of(p, true));
	assert_non_null(strstr(words, "--label com.docker.compose.project=myapp "));
	assert_non_null(
		strstr(words, "--label com.docker.compose.depends_on=b:service_started:false "));
	assert_non_null(strstr(words, "--label dev.stackplan.digest="));
	assert_string_equal(
		joined(labels_of(p, false)), "docker run -d --name myapp-a-1 --network none x");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(what_is_wanted),
		world_test(words_of_networks_and_volumes),
		world_test(edges),
		world_test(no_secret_in_names),
		world_test(what_is_refused),
		world_test(image_variables),
		world_test(image_of_many),
		world_test(labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
