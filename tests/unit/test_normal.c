/* test_normal.c - the document as `config` prints it: what is written out, what is dropped. */
#include "spec_help.h"

#include <stackplan/buf.h>

/* The printed document in one line of JSON, without its name; "" after errors. */
static const char *
normal(const char *text) {
	struct buf b = {0};
	struct project *p = make_text(text, NULL);

	if (!p)
		return "";
	struct node *doc = project_normal(&world.ctx, p);
	node_unset(doc, "name");
	json_write(&b, doc, 0);
	b.n -= b.n > 0; /* the newline */
	return arena_take_buf(world.ctx.mem, &b);
}

/* One service that has no network. */
#define A "services: {a: {image: x, network_mode: none"
#define OUT "{\"services\":{\"a\":{\"image\":\"x\",\"network_mode\":\"none\""

/* Texts of the file, and what is printed. */
static const char *const cases[][2] = {
	{"services: {a: {image: x}}",
		"{\"services\":{\"a\":{\"image\":\"x\",\"networks\":{\"default\":null}}},"
		"\"networks\":{\"default\":{\"name\":\"myapp_default\"}}}"},
	{A "}}\nversion: '3'\nx-mine: 1", OUT "}},\"x-mine\":1}"},
	{A "}, off: {image: x, profiles: [p]}}\nnetworks: {n: }\nvolumes: {v: }\n", OUT "}}}"},
	{A ", volumes: ['vol:/v', 'ext:/e']}}\nvolumes: {ext: {external: true}, vol: }",
		OUT ",\"volumes\":[{\"type\":\"volume\",\"source\":\"vol\",\"target\":\"/v\","
		    "\"volume\":{}},{\"type\":\"volume\",\"source\":\"ext\",\"target\":\"/e\","
		    "\"volume\":{}}]}},\"volumes\":{\"ext\":{\"external\":true,\"name\":\"ext\"},"
		    "\"vol\":{\"name\":\"myapp_vol\"}}}"},
	{A ", secrets: [s], configs: [{source: c, target: /x}]}}\n"
	   "secrets: {s: {environment: S}, t: {environment: T}}\nconfigs: {c: {content: t}}",
		OUT ",\"secrets\":[{\"source\":\"s\",\"target\":\"/run/secrets/s\"}],"
		    "\"configs\":[{\"source\":\"c\",\"target\":\"/x\"}]}},"
		    "\"secrets\":{\"s\":{\"environment\":\"S\",\"name\":\"myapp_s\"}},"
		    "\"configs\":{\"c\":{\"content\":\"t\",\"name\":\"myapp_c\"}}}"},
	{A ", build: {context: /c, args: [SET, UNSET, V=1]}}}",
		OUT ",\"build\":{\"context\":\"/c\",\"args\":{\"SET\":\"outside\",\"V\":\"1\"},"
		    "\"dockerfile\":\"Dockerfile\"}}}}"},
	{A ", build: {context: /c, dockerfile_inline: FROM x}}}",
		OUT ",\"build\":{\"context\":\"/c\",\"dockerfile_inline\":\"FROM x\"}}}}"},
	{A ", environment: [SET, UNSET], env_file: f.env}}",
		OUT ",\"environment\":{\"SET\":\"outside\",\"UNSET\":null,\"F\":\"file\"}}}}"},
	{A ", env_file: f.env}}", OUT ",\"environment\":{\"F\":\"file\",\"SET\":\"too\"}}}}"},
	{A ", volumes_from: [b]}, b: {image: x, network_mode: none, links: ['c:d']}, "
	   "c: {image: x, network_mode: none}}",
		OUT ",\"volumes_from\":[\"b\"],\"depends_on\":{\"b\":{\"condition\":"
		    "\"service_started\",\"required\":true}}},\"b\":{\"image\":\"x\","
		    "\"network_mode\":\"none\",\"links\":[\"c:d\"],\"depends_on\":{\"c\":{"
		    "\"condition\":\"service_started\",\"restart\":true,\"required\":true}}},"
		    "\"c\":{\"image\":\"x\",\"network_mode\":\"none\"}}}"},
	{A ", depends_on: {o: {condition: service_started, required: false}}}, "
	   "o: {image: x, profiles: [p]}}",
		OUT ",\"depends_on\":{\"o\":{\"condition\":\"service_started\",\"required\":false}}"
		    "}}}"},
	{A ", extra_hosts: ['c:1.1.1.1', 'a:1.1.1.1', 'b=::1'], dns: ['', 8.8.8.8]}}",
		OUT ",\"extra_hosts\":[\"a=1.1.1.1\",\"b=::1\",\"c=1.1.1.1\"],\"dns\":[\"8.8.8.8\"]"
		    "}}}"},
	{A ", cpu_count: 0, cpu_percent: 0, oom_score_adj: 0}}", OUT "}}}"},
	{A ", gpus: [{driver: d}], deploy: {resources: {reservations: {devices: "
	   "[{capabilities: [gpu]}, {capabilities: [gpu], device_ids: ['0']}]}}}}}",
		OUT ",\"gpus\":[{\"driver\":\"d\",\"count\":-1}],\"deploy\":{\"resources\":{"
		    "\"reservations\":{\"devices\":[{\"capabilities\":[\"gpu\"],\"count\":-1},"
		    "{\"capabilities\":[\"gpu\"],\"device_ids\":[\"0\"]}]}}}}}}"},
	{A ", volumes: [{type: bind, source: /a, target: /b, bind: {propagation: shared}}, "
	   "{type: bind, source: /../a//c, target: /d, bind: {create_host_path: false}}]}}",
		OUT ",\"volumes\":[{\"type\":\"bind\",\"source\":\"/a\",\"target\":\"/b\","
		    "\"bind\":{\"propagation\":\"shared\"}},{\"type\":\"bind\","
		    "\"source\":\"/../a//c\",\"target\":\"/d\","
		    "\"bind\":{\"create_host_path\":false}}]}}}"},
	{A ", configs: [c, c], secrets: [c]}}\nconfigs: {c: {external: true}}\n"
	   "secrets: {c: {external: true}}",
		OUT ",\"configs\":[{\"source\":\"c\"}],\"secrets\":[{\"source\":\"c\","
		    "\"target\":\"/run/secrets/c\"}]}},"
		    "\"configs\":{\"c\":{\"external\":true,\"name\":\"c\"}},"
		    "\"secrets\":{\"c\":{\"external\":true,\"name\":\"c\"}}}"},
	{"services: {a: {network_mode: none, build: {context: /c, dockerfile: '', "
	 "ssh: [default, k=/k]}}}",
		"{\"services\":{\"a\":{\"network_mode\":\"none\",\"build\":{\"context\":\"/c\","
		"\"ssh\":[\"default\",\"k=/k\"]}}}}"},
	{A ", profiles: [''], command: [], entrypoint: null}}",
		OUT ",\"profiles\":[\"\"],\"command\":[],\"entrypoint\":null}}}"},
	{A ", platform: '', tty: false, init: false, attach: false, mem_limit: 0, cpus: 0, "
	   "x-foreign: 1, x-stackplan: {about: t}, pull_policy: if_not_present}}",
		OUT ",\"init\":false,\"attach\":false,\"x-stackplan\":{\"about\":\"t\"},"
		    "\"pull_policy\":\"missing\"}}}"},
	{A ", labels: {a: '', b: false}, healthcheck: {test: [NONE], disable: false}}}",
		OUT ",\"labels\":{\"a\":\"\",\"b\":\"false\"},"
		    "\"healthcheck\":{\"test\":[\"NONE\"]}}}}"},
};

static void
what_is_printed(void **state) {
	(void)state;
	own("SET=outside");
	put("f.env", "F=file\nSET=too\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(normal(cases[i][0]), cases[i][1]);
}

/* Planning reads the document itself: it must stay as it was. */
static void
the_document_stays(void **state) {
	struct project *p = make_text("services: {a: {image: x, build: {args: [N]}}}", NULL);

	(void)state;
	assert_good(p);
	struct node *before = node_copy(world.ctx.mem, p->doc);
	project_normal(&world.ctx, p);
	assert_true(node_same(before, p->doc));
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_printed, begin, end),
		cmocka_unit_test_setup_teardown(the_document_stays, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
