/* test_short_ports.c - ports, short and long, and all that can be wrong with one. */
#include "canon.h"

/* The canonical ports of a YAML list, each as "IP PUBLISHED TARGET PROTOCOL" ('-': not there),
 * joined by ", ". */
static const char *
ports_of(const char *list) {
	const char *yaml = arena_printf(ctx.mem, "image: a\nports: %s", list);
	struct node *tree = tree_of(yaml);
	struct buf out = {0};

	if (!keys_canon(&ctx, tree, &schema_service, &canon))
		return "";
	const char *once = json_of(tree);
	assert_true(keys_canon(&ctx, tree, &schema_service, &canon));
	assert_string_equal(json_of(tree), once);
	const struct node *ports = node_find(tree, "ports");
	for (size_t i = 0; i < ports->n; i++) {
		const struct node *port = ports->u.item[i];
		const char *ip = node_text(node_find(port, "host_ip"));
		const char *published = node_text(node_find(port, "published"));
		assert_int_equal(node_find(port, "target")->type, NODE_INT);
		buf_printf(&out, "%s%s %s %s %s", i > 0 ? ", " : "", *ip ? ip : "-",
			*published ? published : "-", node_text(node_find(port, "target")),
			node_text(node_find(port, "protocol")));
	}
	return arena_take_buf(ctx.mem, &out);
}

static void
forms(void **state) {
	static const char *const cases[][2] = {{"[\"80\"]", "- - 80 tcp"}, {"[80]", "- - 80 tcp"},
		{"[\"8080:80\"]", "- 8080 80 tcp"}, {"[22:22]", "- 22 22 tcp"},
		{"[\"127.0.0.1:8080:80/udp\"]", "127.0.0.1 8080 80 udp"},
		{"[\"127.0.0.1::80\"]", "127.0.0.1 - 80 tcp"},
		{"[\"[::1]:8080:80\"]", "::1 8080 80 tcp"}, {"[\"[::1]::80\"]", "::1 - 80 tcp"},
		{"[\":80\"]", "- - 80 tcp"}, {"[\"80/TCP\"]", "- - 80 tcp"},
		{"[\"80/\"]", "- - 80 tcp"}, {"[\"080:0080\"]", "- 80 80 tcp"},
		{"[\"0:80\"]", "- 0 80 tcp"},
		{"[\"9000-9001:80-81\"]", "- 9000 80 tcp, - 9001 81 tcp"},
		{"[\"8000-8002:80\"]", "- 8000-8002 80 tcp"},
		{"[\"3001-3002\"]", "- - 3001 tcp, - - 3002 tcp"},
		{"[\"80-80:81-81\"]", "- 80 81 tcp"}, {"[]", ""},
		{"[\"127.0.0.1:5000-5001:5000-5001/sctp\"]",
			"127.0.0.1 5000 5000 sctp, 127.0.0.1 5001 5001 sctp"},
		{"[{target: \"80\", published: 8080}]", "- 8080 80 tcp"},
		{"[{target: 80, published: 8000-8010, protocol: UDP, host_ip: 127.0.0.1}]",
			"127.0.0.1 8000-8010 80 udp"},
		{"[{target: 80, host_ip: \"::1\"}]", "::1 - 80 tcp"},
		{"[\"80:80/tcp\", {target: 80, published: \"80\"}]", "- 80 80 tcp"},
		{"[\"80:80\", \"81:81\", \"0.0.0.0:80:80\"]", "0.0.0.0 80 80 tcp, - 81 81 tcp"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(ports_of(cases[i][0]), cases[i][1]);
	assert_said("");
}

static void
canonical_form(void **state) {
	(void)state;
	assert_string_equal(canon_of("image: a\nports: [\"8080:80\"]", &schema_service),
		"{\"image\":\"a\",\"ports\":[{\"mode\":\"ingress\",\"target\":80,\"published\":"
		"\"8080\","
		"\"protocol\":\"tcp\"}]}");
	assert_string_equal(
		canon_of("image: a\nports: [{target: 80, mode: host, name: web, x-a: 1}]",
			&schema_service),
		"{\"image\":\"a\",\"ports\":[{\"target\":80,\"mode\":\"host\",\"name\":\"web\",\"x-"
		"a\":1,"
		"\"protocol\":\"tcp\"}]}");
}

static void
wrong(void **state) {
	static const struct {
		const char *port, *place, *code;
	} cases[] = {{"\"::1:80:80\"", "2:10", "bad-port"},
		{"\"localhost:80:80\"", "2:10", "bad-port"}, {"\"80:\"", "2:10", "bad-port"},
		{"\"80/foo\"", "2:13", "bad-port"}, {"\"/udp\"", "2:10", "bad-port"},
		{"\"99999:80\"", "2:10", "bad-port"}, {"\"80:99999\"", "2:13", "bad-port"},
		{"\"80:0\"", "2:13", "bad-port"}, {"\"a\"", "2:10", "bad-port"},
		{"\"80-79\"", "2:10", "bad-port"}, {"\"1-2-3\"", "2:10", "bad-port"},
		{"\"80-\"", "2:10", "bad-port"}, {"\"-80\"", "2:10", "bad-port"},
		{"\"8000-8002:80-81\"", "2:10", "bad-port"}, {"\"\"", "2:10", "bad-port"},
		{"\"1:2:3:4\"", "2:10", "bad-port"}, {"\"[::1:80:80\"", "2:10", "bad-port"},
		{"\"[::1]80:80\"", "2:10", "bad-port"}, {"\"80 \"", "2:10", "bad-port"},
		{"\"+80\"", "2:10", "bad-port"}, {"\"18446744073709551696\"", "2:10", "bad-port"},
		{"80.5", "2:9", "bad-port"}, {"true", "2:9", "wrong-type"},
		{"[80]", "2:9", "wrong-type"}, {"{published: 80}", "2:9", "missing-key"},
		{"{target: 80, published: a}", "2:33", "bad-port"},
		{"{target: 80, host_ip: x}", "2:31", "bad-port"},
		{"{target: 80, protocol: x}", "2:32", "bad-port"},
		{"{target: 99999}", "2:18", "bad-number"},
		{"{target: 80, foo: 1}", "2:22", "unknown-key"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		assert_string_equal(ports_of(arena_printf(ctx.mem, "[%s]", cases[i].port)), "");
		assert_error(cases[i].place, cases[i].code);
	}
	assert_string_equal(ports_of("\"80:80\""), "");
	assert_said("2:8: error: 'ports' wants a list, not a string [wrong-type]\n");
}

static void
too_many(void **state) {
	(void)state;
	assert_string_not_equal(ports_of("[\"1-1000\"]"), "");
	assert_string_equal(ports_of("[\"1-1001\"]"), "");
	assert_error("2:9", "too-many-ports");
	assert_string_equal(ports_of("[\"1-65535\", \"1-65535:1-65535\", \"80\"]"), "");
	assert_error("2:9", "too-many-ports");
}

/* The bytes that came from a variable stay known, and are never shown. */
static void
from_outside(void **state) {
	struct node *tree = tree_of("image: a\nports: [\"127.0.0.1:${PORT}:80\"]");

	(void)state;
	assert_true(keys_canon(&ctx, tree, &schema_service, &canon));
	const struct node *published = node_find(node_find(tree, "ports")->u.item[0], "published");
	assert_string_equal(node_text(published), "8080");
	assert_int_equal(published->n, 1);
	assert_string_equal(published->u.s.span[0].ref->name, "PORT");
	assert_int_equal(published->u.s.span[0].len, 4);
	/* a part of a value cannot be written as the variable */
	tree = tree_of("image: a\nports: [\"${MAPPING}\"]");
	assert_true(keys_canon(&ctx, tree, &schema_service, &canon));
	published = node_find(node_find(tree, "ports")->u.item[0], "published");
	assert_string_equal(node_text(published), "81");
	assert_int_equal(published->n, 0);
	assert_string_equal(ports_of("[\"${SECRET}:80\"]"), "");
	assert_null(strstr(said(), "s3cret"));
}

static void
override_tag_stays(void **state) {
	struct node *tree = tree_of("image: a\nports: !override [\"80\"]");

	(void)state;
	assert_true(keys_canon(&ctx, tree, &schema_service, &canon));
	assert_true(node_find(tree, "ports")->flags & NODE_OVERRIDE);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(forms, begin, end),
		cmocka_unit_test_setup_teardown(canonical_form, begin, end),
		cmocka_unit_test_setup_teardown(wrong, begin, end),
		cmocka_unit_test_setup_teardown(too_many, begin, end),
		cmocka_unit_test_setup_teardown(from_outside, begin, end),
		cmocka_unit_test_setup_teardown(override_tag_stays, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
