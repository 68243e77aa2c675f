/* test_yaml_error.c - every text that is no YAML is refused at the place to mend. */
#include "tree.h"

struct row {
	const char *text, *place, *code;
	const char *words; /* that the message or a note must hold; may be NULL */
};

static const struct row rows[] = {
	/* bytes */
	{"a: x\nb: caf\xe9\n", "2:7", "bad-utf8", "UTF-8"},
	{"a: \xc3\xa9 \xc3(\n", "1:6", "bad-utf8", NULL},
	{"a: \x1b[0m\n", "1:4", "control-char", NULL},
	{"a: \"x\\0y\"\n", "1:4", "nul-byte", NULL},
	{"a: \"\\u0000\"\n", "1:4", "nul-byte", NULL},
	/* tabs */
	{"a:\n\tb: c\n", "2:1", "tab-indent", "indent with blanks, not with tabs"},
	{"a:\n  b: c\n  \td: e\n", "3:3", "tab-indent", NULL},
	{"a: x\n\tb: c\n", "2:1", "tab-indent", NULL},
	{"a:\n- b\n-\t\t- c\n\t- d\n", "3:2", "tab-indent", NULL},
	/* quotes */
	{"a: \"b\n", "1:4", "unclosed-quote", "2:1: note: noticed here"},
	{"a: 'b\nc: d\n", "1:4", "unclosed-quote", "3:1: note"},
	{"s:\n  image: \"nginx\n  command: \"x\"\n", "2:10", "unclosed-quote", "3:13: note"},
	{"a: \"b\n---\nc: d\n", "1:4", "unclosed-quote", NULL},
	{"'a: b\n", "1:1", "unclosed-quote", NULL},
	{"a: \"c:\\windows\"\n", "1:7", "yaml-syntax", "backslash"},
	{"a: \"b\" && \"c\"\n", "1:8", "yaml-syntax", "closing quote"},
	{"a: 'b' c\n", "1:8", "yaml-syntax", "closing quote"},
	/* colons */
	{"web:\n  image:nginx\n  ports:\n", "2:8", "yaml-syntax", "no blank behind"},
	{"web:\n  image: nginx\n    ports:\n", "3:5", "yaml-syntax", "2:3: note: the line above"},
	{"a: b: c\n", "1:5", "yaml-syntax", "quotes"},
	{"a:\n  b\nc: d\n  e\n f: g: h\n", "5:3", "yaml-syntax", NULL},
	{"a: b\nc\nd: e\n", "2:1", "yaml-syntax", "no ': '"},
	/* indentation */
	{"web:\n  image: nginx\n ports: x\n", "3:2", "yaml-syntax", "indentation"},
	{"a:\n  - b\n  c: d\n", "3:3", "yaml-syntax", "list"},
	{"  a: b\nc: d\n", "2:1", "yaml-syntax", "indented less"},
	{"a: - b\n", "1:4", "yaml-syntax", "list item"},
	/* first characters */
	{"a: @x\n", "1:4", "yaml-syntax", "'@'"},
	{"a: `x`\n", "1:4", "yaml-syntax", "'`'"},
	{"a: *.js\n", "1:4", "yaml-syntax", "alias"},
	{"a: !x!y z\n", "1:4", "yaml-syntax", "tag"},
	{"a: >=1.0\n", "1:4", "yaml-syntax", "'>'"},
	{"a: ? b\n", "1:4", "yaml-syntax", "'?'"},
	/* brackets */
	{"a: [b, c\nd: e\n", "2:2", "yaml-syntax", "1:4: note: the list begins here"},
	{"a: {b: c\nd: e\n", "2:2", "yaml-syntax", "1:4: note: the mapping begins here"},
	{"{: a}\n", "1:2", "yaml-syntax", "missing"},
	{": a\n", "1:1", "yaml-syntax", "no key"},
	{"a: [b\n", "2:1", "yaml-syntax", NULL},
	{"a: b]\n- c\n", "2:1", "yaml-syntax", NULL},
	/* a byte order mark does not count */
	{"\xef\xbb\xbf"
	 "a: @x\n",
		"1:4", "yaml-syntax", NULL},
};

static void
test_places_and_words(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *said = said_of(rows[i].text, strlen(rows[i].text));
		char want[64];

		snprintf(want, sizeof(want), "%s: error: ", rows[i].place);
		if (strncmp(said, want, strlen(want)) != 0)
			fail_msg("%s\nsays %s\nnot at %s", rows[i].text, said, rows[i].place);
		snprintf(want, sizeof(want), " [%s]\n", rows[i].code);
		if (strstr(said, want) == NULL ||
			(rows[i].words != NULL && strstr(said, rows[i].words) == NULL))
			fail_msg("%s\nsays %s\nwithout %s or %s", rows[i].text, said, want,
				rows[i].words != NULL ? rows[i].words : "");
	}
}

static void
test_bytes_that_are_no_text(void **state) {
	(void)state;
	assert_said_of("a: x\nb: y\0z\n", 12, "2:5", "nul-byte");
	assert_said_of("\0", 1, "1:1", "nul-byte");
	assert_said_of("\xff\xfe"
		       "a\0",
		4, "1:1", "bad-utf8");
	assert_said_of("\xfe\xff\0a", 4, "1:1", "bad-utf8");
	assert_said_of("12345678901234567\n\xff", 19, "2:1", "bad-utf8");
	assert_said_of("a\xff\0", 3, "1:2", "bad-utf8");
}

static void
test_directives(void **state) {
	(void)state;
	struct buf b = {0};

	for (int i = 0; i < 16; i++)
		buf_printf(&b, "%%TAG !a%d! tag:x,%d:\n", i, i);
	buf_adds(&b, "---\na: b\n");
	assert_non_null(read_bytes(buf_str(&b), b.n));
	buf_clear(&b);
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "%%TAG !a%d! tag:x,%d:\n", i, i);
	buf_adds(&b, "---\na: b\n");
	assert_said(buf_str(&b), "17:1", "yaml-syntax");
	buf_free(&b);
}

/* Cut anywhere, a file is read or refused with a place; never anything else. */
static void
test_cut_files(void **state) {
	(void)state;
	static const char text[] =
		"x: &x {a: [1, 'two', \"thr\\u00e9e\"]}\nservices:\n  web:\n    <<: *x\n    "
		"command: |\n"
		"      some\n       text\n    ? long\n    : !reset [a, {b: c}]\n---\n- %d\n";

	for (size_t n = 0; n < strlen(text); n++) {
		size_t before = diag_errors(&ctx);
		struct node *docs = read_bytes(text, n);
		assert_int_equal(docs == NULL, diag_errors(&ctx) > before);
	}
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		tree_test(test_places_and_words),
		tree_test(test_bytes_that_are_no_text),
		tree_test(test_directives),
		tree_test(test_cut_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
