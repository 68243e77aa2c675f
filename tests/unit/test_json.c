/* test_json.c - JSON in and out: order, numbers, escapes, mending, redaction. */
#include "tree.h"

/* Read a text that must be right. */
static struct node *
from(const char *text) {
	const char *why = NULL;
	struct node *n = json_read(ctx.mem, text, strlen(text), &why);

	if (n == NULL)
		fail_msg("%s", why);
	return n;
}

static void
test_reads_and_writes(void **state) {
	(void)state;
	static const char *const texts[] = {"null", "true", "-5", "0.5", "1e+20", "\"x\"", "[]",
		"{}", "[1,[2,{}],null]", "{\"z\":1,\"a\":{\"k\":[false]},\"m\":\"\"}",
		"\"\\\"\\\\\\n\\t\\r\\b\\f\\u0001\\u007f\\u0085\"",
		"\"\xc3\xa9\xe2\x98\x83\xf0\x9f\x98\x80\"", "9223372036854775807"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_string_equal(json(from(texts[i])), texts[i]);
	assert_string_equal(json(from(" [ \"\\ud83d\\ude00\" , 1.50, 1e2 ] ")),
		"[\"\xf0\x9f\x98\x80\",1.5,100]");
	assert_int_equal(from("1.0")->type, NODE_FLOAT);
	assert_int_equal(from("1")->type, NODE_INT);
	assert_int_equal(from("\"1\"")->type, NODE_STR);
	assert_int_equal(from("[1]")->at.line, 0);
}

static void
test_keeps_order_of_many(void **state) {
	(void)state;
	struct buf b = {0};

	buf_addc(&b, '{');
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%s\"k%d\":%d", i > 0 ? "," : "", (i * 7919) % 1000, i);
	buf_addc(&b, '}');
	assert_string_equal(json(from(buf_str(&b))), buf_str(&b));
	assert_string_equal(node_text(node_find(from(buf_str(&b)), "k0")), "0");
	buf_free(&b);
}

static void
test_refuses(void **state) {
	(void)state;
	static const char *const texts[] = {"", " ", "{", "[1,]", "{\"a\":1", "{a:1}", "nul", "1 2",
		"\"\\u0000\"", "\"x", "\"\xff\"", "99999999999999999999", "[1]x", "\"\\ud83d\"",
		"01"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *why = NULL;
		if (json_read(ctx.mem, texts[i], strlen(texts[i]), &why) != NULL)
			fail_msg("%s was read", texts[i]);
		assert_non_null(why);
		assert_non_null(strstr(why, "line 1"));
	}
}

static void
test_deep_and_cut(void **state) {
	(void)state;
	enum { DEEP = 5000 };
	char text[2 * DEEP + 1];
	const char *why = NULL, *whole = "{\"a\":[1,2,{\"b\":\"c\"}],\"d\":true}";

	memset(text, '[', DEEP);
	memset(text + DEEP, ']', DEEP);
	assert_null(json_read(ctx.mem, text, 2 * DEEP, &why));
	assert_non_null(json_read(ctx.mem, text + DEEP - 1000, 2000, &why));
	for (size_t n = 0; n < strlen(whole); n++)
		assert_null(json_read(ctx.mem, whole, n, &why));
}

static void
test_mends_bad_utf8(void **state) {
	(void)state;
	struct node *n = node_str(ctx.mem, "a\xff\xc3(\xe2\x98", (struct pos){0});

	assert_string_equal(json(n), "\"a\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_non_null(from(json(n)));
	n = node_str(ctx.mem, "\xc2\xa0\xc2\x9f\xc2", (struct pos){0});
	assert_string_equal(json(n), "\"\xc2\xa0\\u009f\xef\xbf\xbd\"");
}

static void
test_redacts(void **state) {
	(void)state;
	struct node *n = tree("{a: hunter2, b: [1], c: 3}");

	node_find(n, "a")->flags |= NODE_SECRET;
	node_find(n, "b")->flags |= NODE_SECRET;
	assert_string_equal(json(n), "{\"a\":\"<redacted>\",\"b\":\"<redacted>\",\"c\":3}");
}

static void
test_numbers_of_yaml(void **state) {
	(void)state;
	assert_string_equal(
		json(tree("[010, 0x1f, 1_0, .5, 5., 1e10, -0, .inf, .nan, 18446744073709551615]")),
		"[8,31,10,0.5,5,1e+10,0,\"+Inf\",\"NaN\",18446744073709551615]");
	assert_string_equal(json(NULL), "null");
}

static void
test_indents(void **state) {
	(void)state;
	struct buf b = {0};

	json_write(&b, tree("{a: [1, {}], b: {c: []}}"), 2);
	assert_string_equal(buf_str(&b),
		"{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}\n");
	buf_free(&b);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		tree_test(test_reads_and_writes),
		tree_test(test_keeps_order_of_many),
		tree_test(test_refuses),
		tree_test(test_deep_and_cut),
		tree_test(test_mends_bad_utf8),
		tree_test(test_redacts),
		tree_test(test_numbers_of_yaml),
		tree_test(test_indents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
