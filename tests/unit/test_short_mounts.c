/* test_short_mounts.c - volumes of a service, short and long. */
#include "canon.h"

/* The canonical volumes of a YAML list as JSON. */
static const char *
mounts_of(const char *list) {
	const char *json =
		canon_of(arena_printf(ctx.mem, "image: a\nvolumes: %s", list), &schema_service);
	size_t n = strlen("{\"image\":\"a\",\"volumes\":");

	return *json == '\0' ? "" : arena_strndup(ctx.mem, json + n, strlen(json + n) - 1);
}

#define BIND(source, target, rest) \
	"[{\"type\":\"bind\",\"source\":\"" source "\",\"target\":\"" target "\"," rest "}]"
#define VOLUME(source, rest) \
	"[{\"type\":\"volume\",\"source\":\"" source "\",\"target\":\"/x\"," rest "}]"
#define MADE "\"bind\":{\"create_host_path\":true}"

static void
short_forms(void **state) {
	static const char *const cases[][2] = {{"[./a:/x]", BIND("/home/me/stack/a", "/x", MADE)},
		{"[.:/x]", BIND("/home/me/stack", "/x", MADE)},
		{"[../a/./b:/x]", BIND("/home/me/a/b", "/x", MADE)},
		{"[\"~/q:/x\"]", BIND("/home/me/q", "/x", MADE)},
		{"[\"~user/q:/y\"]", BIND("/home/me/user/q", "/y", MADE)},
		{"[/a/:/dd/../v3/]", BIND("/a/", "/v3", MADE)}, {"[/:/x]", BIND("/", "/x", MADE)},
		{"[\"/a:/x:ro\"]", BIND("/a", "/x", "\"read_only\":true," MADE)},
		{"[\"/a:/x:rw\"]", BIND("/a", "/x", MADE)},
		{"[\"/a:/x:ro,z,rslave\"]", BIND("/a", "/x",
						    "\"read_only\":true,\"bind\":{\"selinux\":"
						    "\"z\",\"propagation\":\"rslave\","
						    "\"create_host_path\":true}")},
		{"[\"/a:/x:cached\"]", BIND("/a", "/x", MADE)},
		{"['c:/a:/x']", BIND("c:/a", "/x", MADE)},
		{"[dd:/x]", VOLUME("dd", "\"volume\":{}")},
		{"[a/b:/x]", VOLUME("a/b", "\"volume\":{}")},
		{"[\"dd:/x:nocopy\"]", VOLUME("dd", "\"volume\":{\"nocopy\":true}")},
		{"[\"dd:/x:Z\"]", VOLUME("dd", "\"bind\":{\"selinux\":\"Z\"},\"volume\":{}")},
		{"[/data]", "[{\"type\":\"volume\",\"target\":\"/data\",\"volume\":{}}]"},
		{"[/d]", "[{\"type\":\"volume\",\"target\":\"/d\",\"volume\":{}}]"},
		{"[\"/a:/x\", \"/c:/y\", \"/b:/x/\"]",
			"[{\"type\":\"bind\",\"source\":\"/b\",\"target\":\"/x\"," MADE "},"
			"{\"type\":\"bind\",\"source\":\"/c\",\"target\":\"/y\"," MADE "}]"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(mounts_of(cases[i][0]), cases[i][1]);
	assert_said("");
	assert_string_equal(
		mounts_of("[\"dd:/x:foo,ro\"]"), VOLUME("dd", "\"read_only\":true,\"volume\":{}"));
	assert_non_null(strstr(said(), "2:18: warning: this mount option is not known"));
}

static void
long_forms(void **state) {
	static const char *const cases[][2] = {
		{"[{type: bind, source: ./a, target: /x/}]",
			"[{\"type\":\"bind\",\"source\":\"/home/me/stack/a\",\"target\":\"/x\"}]"},
		{"[{type: bind, source: /a, target: /x, bind: {selinux: z}}]",
			"[{\"type\":\"bind\",\"source\":\"/a\",\"target\":\"/"
			"x\",\"bind\":{\"selinux\":\"z\","
			"\"create_host_path\":true}}]"},
		{"[{type: bind, source: /a, target: /x, read_only: \"true\", bind: "
		 "{create_host_path: false}}]",
			"[{\"type\":\"bind\",\"source\":\"/a\",\"target\":\"/"
			"x\",\"read_only\":true,"
			"\"bind\":{\"create_host_path\":false}}]"},
		{"[{type: tmpfs, target: /x, tmpfs: {size: 1m, mode: 0700}}]",
			"[{\"type\":\"tmpfs\",\"target\":\"/"
			"x\",\"tmpfs\":{\"size\":\"1048576\",\"mode\":448}}]"},
		{"[{type: volume, source: ./a, target: /x}]",
			"[{\"type\":\"volume\",\"source\":\"./a\",\"target\":\"/x\"}]"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(mounts_of(cases[i][0]), cases[i][1]);
	assert_said("");
}

static void
wrong(void **state) {
	static const struct {
		const char *mount, *place, *code;
	} cases[] = {{"\":/x\"", "2:12", "bad-mount"}, {"\"\"", "2:12", "bad-mount"},
		{"\"a:/x:ro:z\"", "2:17", "bad-mount"}, {"\"aa:x\"", "2:15", "bad-mount"},
		{"\"aa\"", "2:12", "bad-mount"}, {"\"v:/v:ro\"", "2:17", "bad-mount"},
		{"\"/a:\"", "2:15", "bad-mount"}, {"5", "2:11", "wrong-type"},
		{"[a]", "2:11", "wrong-type"}, {"{type: bind, target: /x}", "2:11", "bad-mount"},
		{"{type: bind, source: /x}", "2:11", "missing-key"},
		{"{type: volume, target: x}", "2:34", "bad-mount"},
		{"{type: foo, target: /x}", "2:18", "bad-choice"},
		{"{type: volume, target: /x, tmpfs: {size: x}}", "2:52", "bad-size"}};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		assert_string_equal(mounts_of(arena_printf(ctx.mem, "[%s]", cases[i].mount)), "");
		assert_error(cases[i].place, cases[i].code);
	}
	assert_string_equal(mounts_of("[\"aa:/x:ro:z\"]"), "");
	assert_error("2:21", "bad-mount");
	assert_string_equal(mounts_of("/a:/b"), "");
	assert_error("2:10", "wrong-type");
}

/* The project folder is a reference, and so is what a variable gave. */
static void
spans(void **state) {
	struct node *tree = tree_of("image: a\nvolumes: [\"./a:/x\", \"${DATA}/b/../c:/y/${A}\", "
				    "\"/home/me/stack/z:/z\"]");

	(void)state;
	assert_true(keys_canon(&ctx, tree, &schema_service, &canon));
	const struct node *list = node_find(tree, "volumes");
	const struct node *a = node_find(list->u.item[0], "source"),
			  *c = node_find(list->u.item[1], "source"),
			  *y = node_find(list->u.item[1], "target"),
			  *z = node_find(list->u.item[2], "source");
	assert_int_equal(a->n, 1);
	assert_ptr_equal(a->u.s.span[0].ref, &folder_ref);
	assert_int_equal(a->u.s.span[0].len, strlen("/home/me/stack"));
	assert_int_equal(a->at.col, 12);
	assert_int_equal(a->at.len, 3);
	assert_string_equal(node_text(c), "/data/b/../c"); /* absolute, so as it is written */
	assert_int_equal(c->n, 1);
	assert_int_equal(c->u.s.span[0].off, 0);
	assert_int_equal(c->u.s.span[0].len, 5);
	assert_string_equal(c->u.s.span[0].ref->name, "DATA");
	assert_string_equal(node_text(y), "/y/aa");
	assert_int_equal(y->u.s.span[0].off, 3);
	assert_ptr_equal(z->u.s.span[0].ref, &folder_ref);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(short_forms, begin, end),
		cmocka_unit_test_setup_teardown(long_forms, begin, end),
		cmocka_unit_test_setup_teardown(wrong, begin, end),
		cmocka_unit_test_setup_teardown(spans, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
