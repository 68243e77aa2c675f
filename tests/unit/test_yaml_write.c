/* test_yaml_write.c - what is written reads back the same, and looks as a person would write it. */
#include "tree.h"

/* A tree as YAML. */
static const char *
yaml(const struct node *n) {
	struct buf b = {0};

	yaml_write(&b, n);
	return arena_take_buf(ctx.mem, &b);
}

/* Write and read again: the same tree, and the same text when written once more. */
static void
round_trip(const struct node *n) {
	const char *text = yaml(n);
	struct node *back = tree(text);

	if (!node_same(n, back))
		fail_msg("%s\nreads back as\n%s", json(n), json(back));
	assert_string_equal(yaml(back), text);
}

/* The text as a value, as an item, as a key and alone. */
static void
round_trip_text(const char *text) {
	struct pos nowhere = {0};
	struct node *s = node_str(ctx.mem, text, nowhere),
		    *map = node_new(ctx.mem, NODE_MAP, nowhere);
	struct node *list = node_new(ctx.mem, NODE_LIST, nowhere);

	round_trip(s);
	node_append(ctx.mem, list, s);
	node_append(ctx.mem, list, list->u.item[0]);
	node_add(ctx.mem, map, "before", nowhere, s);
	if (strcmp(text, "before") != 0)
		node_add(ctx.mem, map, text, nowhere, list);
	node_add(ctx.mem, map, "after\n", nowhere, s);
	round_trip(map);
}

static void
test_layout(void **state) {
	(void)state;
	static const char text[] = "services:\n"
				   "  web:\n"
				   "    image: nginx:1.25\n"
				   "    ports:\n"
				   "      - '8080:80'\n"
				   "      - target: 80\n"
				   "        mode: host\n"
				   "    command:\n"
				   "      - - a\n"
				   "        - b\n"
				   "      - - c\n"
				   "    text: |\n"
				   "      one\n"
				   "        two\n"
				   "\n"
				   "      three\n"
				   "    kept: |+\n"
				   "      x\n"
				   "\n"
				   "    cut: |-\n"
				   "      x\n"
				   "      y\n"
				   "    none: null\n"
				   "    empty: ''\n"
				   "    list: []\n"
				   "    map: {}\n"
				   "    gone: !reset null\n"
				   "    mine: !override\n"
				   "      - a\n"
				   "    items:\n"
				   "      - !override\n"
				   "        a: 010\n"
				   "      - ''\n";

	assert_string_equal(yaml(tree(text)), text);
}

static void
test_quotes_what_needs_it(void **state) {
	(void)state;
	static const char *const bare[] = {"nginx:1.25", "/var/lib", "a b", "a#b", "it's", "x: y"};
	static const char *const quoted[] = {"", " ", "true", "Yes", "no", "on", "y", "null", "~",
		"010", "1.10", "22:22", "0x1f", "2024-01-01", "-", "- a", "a: b", "a:", "a #b",
		"#a", "&a", "*a", "!a", "|", ">", "@a", "`a", "%a", "{a", "[a", "a ", " a", "?",
		":", "<<", "=", "---", "...", "1e3", ".5", "+1", ",a"};

	for (size_t i = 0; i + 1 < sizeof(bare) / sizeof(*bare); i++)
		assert_string_equal(yaml(node_str(ctx.mem, bare[i], (struct pos){0})),
			arena_printf(ctx.mem, "--- %s\n", bare[i]));
	for (size_t i = 0; i < sizeof(quoted) / sizeof(*quoted); i++) {
		const char *out = yaml(node_str(ctx.mem, quoted[i], (struct pos){0}));
		assert_string_equal(out, arena_printf(ctx.mem, "--- '%s'\n", quoted[i]));
		round_trip_text(quoted[i]);
	}
}

static void
test_nasty_texts(void **state) {
	(void)state;
	static const char *const texts[] = {"\n", "\n\n", "a\n", "a\n\n", "a\nb", " a\nb\n",
		"\ta\nb", "a\n b\n", "a\n\tb\n", "a \nb \n", "a\n   \nb\n", "a\n   ", "a\n   \n",
		"a\r\nb\r\n", "\r", "\x01\x7f", "\x1b[0m", "\xc2\x85", "a\xc2\x85\nb",
		"\xe2\x80\xa8", "\xef\xbb\xbf", "\xef\xbf\xbe", "\xf0\x9f\x98\x80",
		"\xc3\xa9: \xc3\xa9", "'", "\"", "'\"", "\\", "a\\b'c", "a'b\nc", "--- a\n--- b\n",
		"a\n---\nb\n", "a\n...\n", "a: b\nc: d\n", "# x\ny\n", "- a\n- b", "%a\nb", "\t",
		"a\tb", "a\t", "\ta", "a\n#b\n", "${X:-y}", "$$", "{{x}}", "a: ", ": a",
		"a\n\nb\n\n\n", "!!str x", "a,b]", "\xc2\xa0", "x #", "\"a\": b",
		"a\n\xe2\x80\xa9\x62\n"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		round_trip_text(texts[i]);
}

static void
test_long_keys(void **state) {
	(void)state;
	char text[3000];

	memset(text, 'k', sizeof(text));
	for (size_t n = 400; n < sizeof(text); n += 333) {
		text[n] = '\0';
		round_trip_text(text);
		text[n] = 'k';
	}
	memset(text, '\'', sizeof(text));
	text[600] = '\0';
	round_trip_text(text);
}

static void
test_random_texts(void **state) {
	(void)state;
	static const char *const parts[] = {"a", " ", "\n", "\t", ":", "#", "-", "'", "\"", "\\",
		"\r", "0", ".", "\xc3\xa9", "\xc2\x85", "{", "]", ",", "&", "%", "\x02", "y", "|",
		"\xe2\x80\xa8"};
	unsigned seed = 1;

	for (int round = 0; round < 3000; round++) {
		struct buf b = {0};
		for (unsigned n = (unsigned)round % 9; n > 0; n--) {
			seed = seed * 1103515245 + 12345;
			buf_adds(&b, parts[(seed >> 16) % (sizeof(parts) / sizeof(*parts))]);
		}
		round_trip_text(arena_take_buf(ctx.mem, &b));
	}
}

static void
test_numbers_keep_their_type(void **state) {
	(void)state;
	const char *why = NULL, *list = "[100.0, 1, 1e300, -2.5, true, null, \"1\"]";

	round_trip(json_read(ctx.mem, list, strlen(list), &why));
	assert_string_equal(yaml(tree("[010, 1.10, 1_000, 0x1F, True, 2024-01-01]")),
		"- 010\n- 1.10\n- 1_000\n- 0x1F\n- true\n- 2024-01-01\n");
	round_trip(tree("[010, 1.10, .inf, 2024-01-01, '2024-01-01', 08, 5., ~]"));
}

static void
test_bad_bytes_are_mended(void **state) {
	(void)state;
	struct node *n = node_str(ctx.mem,
		"a\xff"
		"b\xc3",
		(struct pos){0});

	assert_string_equal(node_text(tree(yaml(n))), "a\xef\xbf\xbd"
						      "b\xef\xbf\xbd");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		tree_test(test_layout),
		tree_test(test_quotes_what_needs_it),
		tree_test(test_nasty_texts),
		tree_test(test_long_keys),
		tree_test(test_random_texts),
		tree_test(test_numbers_keep_their_type),
		tree_test(test_bad_bytes_are_mended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
