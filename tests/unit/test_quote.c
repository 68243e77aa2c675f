/* test_quote.c - quoting: each style by example, shell words by what the shells make of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct quote_refs none = {0};
static const struct ref folder = {.from = REF_FOLDER};
static const struct ref secret = {.from = REF_DOTENV, .name = "DB_PASSWORD"};
static const struct ref plain = {.from = REF_ENVIRON, .name = "TAG"};
static const struct ref image = {.from = REF_OUTPUT, .name = "mysql_image"};

/* TEXT in the style must be WANT. */
static void
check(enum quote style, const char *text, const char *want) {
	struct buf out = {0};
	quote_text(&out, style, text);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void
test_names(void **state) {
	(void)state;
	static const char *const names[] = {
		"none", "sh", "html", "markdown", "dot", "mermaid", "json", "roff"};
	for (size_t i = 0; i < countof(names); i++) {
		enum quote style = QUOTE_NONE;
		assert_true(quote_by_name(names[i], &style));
		assert_int_equal(style, i);
	}
	enum quote style = QUOTE_DOT;
	assert_false(quote_by_name("SH", &style));
	assert_false(quote_by_name("", &style));
	assert_int_equal(style, QUOTE_DOT);
}

static void
test_html(void **state) {
	(void)state;
	check(QUOTE_NONE, "& \" < > '", "& \" < > '");
	check(QUOTE_HTML, "& \" < > '", "&amp; &quot; &lt; &gt; &#39;");
	check(QUOTE_HTML, "", "");
}

static void
test_markdown(void **state) {
	(void)state;
	check(QUOTE_MARKDOWN, "MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD");
	check(QUOTE_MARKDOWN, "_a_ *b* `c` [d] <e> |", "\\_a\\_ \\*b\\* \\`c\\` \\[d\\] \\<e> \\|");
	check(QUOTE_MARKDOWN, "# a #b c# #", "\\# a \\#b c# \\#");
	check(QUOTE_MARKDOWN, "1. one", "1\\. one");
	check(QUOTE_MARKDOWN, "12) one", "12\\) one");
	check(QUOTE_MARKDOWN, "5.7", "5.7");
	check(QUOTE_MARKDOWN, "2026.", "2026\\.");
	check(QUOTE_MARKDOWN, "- a", "\\- a");
	check(QUOTE_MARKDOWN, "-v a - b", "-v a - b");
	check(QUOTE_MARKDOWN, "---", "\\---");
	check(QUOTE_MARKDOWN, "> a", "\\> a");
	check(QUOTE_MARKDOWN, "a && b &amp; &#38;", "a && b \\&amp; \\&#38;");
	check(QUOTE_MARKDOWN, "a\nb", "a&#10;b");
	check(QUOTE_MARKDOWN, "    code", "&#32;   code");
	check(QUOTE_MARKDOWN, "a ", "a&#32;");
	check(QUOTE_MARKDOWN, "c:\\x~$", "c:\\\\x\\~\\$");
}

static void
test_dot(void **state) {
	(void)state;
	check(QUOTE_DOT, "a \"b\" \\N", "a \\\"b\\\" \\\\N");
	check(QUOTE_DOT, "a\nb\r\nc\rd", "a\\nb\\nc\\nd");
	check(QUOTE_DOT, "&lt;", "&amp;lt;");
	check(QUOTE_DOT, "\\", "\\\\");
}

static void
test_mermaid(void **state) {
	(void)state;
	check(QUOTE_MERMAID, "web (node:12-alpine)", "web (node:12-alpine)");
	check(QUOTE_MERMAID, "a \"b\" #c", "a #quot;b#quot; #35;c");
	check(QUOTE_MERMAID, "<b> & `x`", "#60;b#62; #38; #96;x#96;");
	check(QUOTE_MERMAID, "a\r\nb", "a<br/>b");
	check(QUOTE_MERMAID, "%%{init: {}}%%", "#37;#37;#123;init: #123;#125;#125;#37;#37;");
	check(QUOTE_MERMAID, "1. a", "1#46; a");
	check(QUOTE_MERMAID, "http://a", "http#58;//a");
	check(QUOTE_MERMAID, "www.a", "www#46;a");
	check(QUOTE_MERMAID, "- a-b", "#45; a-b");
	check(QUOTE_MERMAID, "a_b _c_", "a_b #95;c#95;");
	check(QUOTE_MERMAID, "gr\xc3\xbc\xc3\x9f\x01\x7f", "gr\xc3\xbc\xc3\x9f  ");
}

static void
test_json(void **state) {
	(void)state;
	check(QUOTE_JSON, "a\"\\/\b\f\n\r\t\x01\x1f\x7f",
		"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f");
	check(QUOTE_JSON, "gr\xc3\xbc\xff\xfe", "gr\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd");
	check(QUOTE_JSON, "\xc3", "\xef\xbf\xbd");
	check(QUOTE_JSON, "", "");
}

static void
test_roff(void **state) {
	(void)state;
	check(QUOTE_ROFF, ".so x", "\\&.so x");
	check(QUOTE_ROFF, "a.b\n.c\n'd", "a.b\n\\&.c\n\\(aqd");
	check(QUOTE_ROFF, "-v \\n", "\\-v \\en");
	check(QUOTE_ROFF, "\"a\" `b` ^~", "\\(dqa\\(dq \\(gab\\(ga \\(ha\\(ti");
	check(QUOTE_ROFF, "a\n\nb", "a\n.sp\nb");
	check(QUOTE_ROFF, "a\n b", "a\n\\& b");
}

static void
test_sh(void **state) {
	(void)state;
	check(QUOTE_SH, "mysql:5.7", "mysql:5.7");
	check(QUOTE_SH, "--memory=512m", "--memory=512m");
	check(QUOTE_SH, "", "''");
	check(QUOTE_SH, "a b", "\"a b\"");
	check(QUOTE_SH, "it's", "\"it's\"");
	check(QUOTE_SH, "'", "\"'\"");
	check(QUOTE_SH, "~/x", "\"~/x\"");
	check(QUOTE_SH, "$HOME", "'$HOME'");
	check(QUOTE_SH, "gr\xc3\xbc", "\"gr\xc3\xbc\"");
	/* What would be syntax if it came first. */
	check(QUOTE_SH, "A=b", "'A=b'");
	check(QUOTE_SH, "A=it's", "\"A=it's\"");
	check(QUOTE_SH, "1=b", "1=b");
	check(QUOTE_SH, "=ls", "\"=ls\"");
	check(QUOTE_SH, "if", "'if'");
	check(QUOTE_SH, "iffy", "iffy");
}

/* The WORD as quote_word writes it must be WANT. */
static void
check_word(const struct word *word, const struct quote_refs *refs, const char *want) {
	struct buf out = {0};
	quote_word(&out, word, refs);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

/* A word of a literal, a reference and a literal. */
static struct word
word_of(struct arena *mem, const char *before, const char *value, const struct ref *ref,
	const char *after) {
	struct text text = {0};
	text_add(&text, before);
	text_add_ref(&text, value, ref);
	text_add(&text, after);
	return text_take(mem, &text, (struct pos){0});
}

static void
test_word(void **state) {
	(void)state;
	struct quote_refs refs = {.folder = "$PWD"};
	check_word(&(struct word){.s = "MYSQL_HOST=mysql"}, &refs, "MYSQL_HOST=mysql");
	check_word(&(struct word){.s = "=x"}, &refs, "\"=x\"");
	check_word(&(struct word){.s = ""}, &refs, "''");
	check_word(&(struct word){.s = ""}, &none, "''");
	check_word(&(struct word){.s = "sh"}, &(struct quote_refs){0}, "sh");
}

static void
test_folder(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct quote_refs refs = {.folder = "$PWD"};
	struct word word = word_of(mem, "", "/home/x", &folder, "/app:/app");
	check_word(&word, &refs, "\"$PWD/app:/app\"");
	check_word(&word, &(struct quote_refs){0}, "/home/x/app:/app");
	check_word(&word, &(struct quote_refs){.folder = "$dir/.."}, "\"$dir/../app:/app\"");
	word = word_of(mem, "", "/home/x", &folder, ":/app");
	check_word(&word, &refs, "\"$PWD:/app\"");
	static const char *const continued[][2] = {
		{"x", "\"${PWD}x\""},
		{"_", "\"${PWD}_\""},
		{"9", "\"${PWD}9\""},
		{"[0]", "\"${PWD}[0]\""},
		{":ro", "\"${PWD}:ro\""},
		{"\xc3\xbc", "\"${PWD}\xc3\xbc\""},
		{"", "\"$PWD\""},
		{"-x", "\"$PWD-x\""},
		{"!x", "\"$PWD\"'!'\"x\""},
		{"\"\\$`", "\"$PWD\\\"\\\\\\$\\`\""},
	};
	for (size_t i = 0; i < countof(continued); i++) {
		word = word_of(mem, "", "/home/x", &folder, continued[i][0]);
		check_word(&word, &refs, continued[i][1]);
	}
	word = word_of(mem, "", "/home/x", &folder, "x");
	check_word(&word, &(struct quote_refs){.folder = "/a$b"}, "\"/a${b}x\"");
	check_word(&word, &(struct quote_refs){.folder = "${b}"}, "\"${b}x\"");
	check_word(&word, &(struct quote_refs){.folder = "."}, "\".x\"");
	arena_free(mem);
}

static void
test_outside(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct quote_refs some = {0}, all = {.all_outside = true},
			  values = {.values = true, .all_outside = true};
	struct word word = word_of(mem, "P=", "s3 cret", &secret, "x");
	check_word(&word, &some, "\"P=${DB_PASSWORD:?set it in the environment}x\"");
	check_word(&word, &none, "\"P=${DB_PASSWORD:?set it in the environment}x\"");
	check_word(&word, &values, "\"P=s3 cretx\"");
	word = word_of(mem, "mysql:", "5.7", &plain, "");
	check_word(&word, &some, "mysql:5.7");
	check_word(&word, &all, "\"mysql:${TAG:?set it in the environment}\"");
	word = word_of(mem, "", "postgres://app:pw@db/app", &plain, "");
	check_word(&word, &some, "\"${TAG:?set it in the environment}\"");
	struct ref odd = {.from = REF_ENVFILE, .name = "2nd.secret"};
	word = word_of(mem, "", "v", &odd, "");
	check_word(&word, &some, "\"${_nd_secret:?set it in the environment}\"");
	odd.name = NULL;
	word = word_of(mem, "", "v", &odd, "");
	check_word(&word, &some, "v");
	check_word(&word, &all, "\"${unnamed:?set it in the environment}\"");
	struct span empty = {.off = 1, .len = 0, .ref = &secret};
	check_word(&(struct word){.s = "ab", .span = &empty, .nspan = 1}, &some,
		"\"a${DB_PASSWORD?set it in the environment}b\"");
	arena_free(mem);
}

static void
test_output(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct text text = {0};
	text_add_ref(&text, "", &image);
	struct word word = text_take(mem, &text, (struct pos){0});
	check_word(&word, &(struct quote_refs){.values = true}, "\"$mysql_image\"");
	word = word_of(mem, "a$", "id", &image, "x");
	check_word(&word, &none, "\"a\\$${mysql_image}x\"");
	text_add_ref(&text, "id", &image);
	text_add_ref(&text, "/home", &folder);
	text_add_ref(&text, "id", &image);
	word = text_take(mem, &text, (struct pos){0});
	check_word(
		&word, &(struct quote_refs){.folder = "$PWD"}, "\"$mysql_image$PWD$mysql_image\"");
	check_word(&word, &none, "\"$mysql_image/home$mysql_image\"");
	arena_free(mem);
}

static void
test_value(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct buf out = {0};
	quote_value(&out, &(struct word){.s = ""}, &none);
	assert_string_equal(buf_str(&out), "");
	quote_value(&out, &(struct word){.s = "a b"}, &none);
	assert_string_equal(buf_str(&out), "\"a b\"");
	buf_clear(&out);
	struct text text = {0};
	text_add_ref(&text, "", &image);
	struct word word = text_take(mem, &text, (struct pos){0});
	quote_value(&out, &word, &none);
	assert_string_equal(buf_str(&out), "\"$mysql_image\"");
	buf_free(&out);
	arena_free(mem);
}

/* The FIELD in CSV must be WANT, and with references in shell SH. */
static void
check_csv(const struct word *field, const char *want, const char *sh) {
	struct arena *mem = arena_new();
	struct text text = {0};
	quote_csv(&text, field);
	struct word word = text_take(mem, &text, (struct pos){0});
	assert_string_equal(word.s, want);
	check_word(&word, &(struct quote_refs){.folder = "$PWD"}, sh);
	arena_free(mem);
}

static void
test_csv(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	check_csv(&(struct word){.s = "type=bind"}, "type=bind", "type=bind");
	check_csv(&(struct word){.s = ""}, "", "''");
	check_csv(&(struct word){.s = "a,b"}, "\"a,b\"", "'\"a,b\"'");
	check_csv(&(struct word){.s = "a\"b"}, "\"a\"\"b\"", "'\"a\"\"b\"'");
	check_csv(&(struct word){.s = " a"}, "\" a\"", "'\" a\"'");
	check_csv(&(struct word){.s = "a\t"}, "\"a\t\"", "'\"a\t\"'");
	check_csv(&(struct word){.s = "a\nb"}, "\"a\nb\"", "'\"a\nb\"'");
	struct word word = word_of(mem, "source=", "/home/x", &folder, "/a,\"b");
	check_csv(&word, "\"source=/home/x/a,\"\"b\"", "\"\\\"source=$PWD/a,\\\"\\\"b\\\"\"");
	word = word_of(mem, "source=", "/home/x\"y", &folder, "/a");
	check_csv(&word, "\"source=/home/x\"\"y/a\"", "'\"source=/home/x\"\"y/a\"'");
	word = word_of(mem, "p=", "a\"b", &secret, ",");
	check_csv(
		&word, "\"p=a\"\"b,\"", "\"\\\"p=${DB_PASSWORD:?set it in the environment},\\\"\"");
	word = word_of(mem, "i=", "", &image, ",");
	check_csv(&word, "\"i=,\"", "\"\\\"i=$mysql_image,\\\"\"");
	arena_free(mem);
}

/* ---- what the shells make of it ---- */

enum { PER_SHELL = 400 };

/* How many words each shell gets: QUOTE_WORDS of the environment, or some thousands. */
static long
nwords(void) {
	const char *wanted = getenv("QUOTE_WORDS");
	return wanted != NULL ? strtol(wanted, NULL, 10) : 2400;
}

/* A random byte that is not NUL, more often one that shells care about. */
static char
random_byte(uint32_t *seed) {
	static const char loved[] = "'\"\\$`!~=:[]{}()<>|&;*?#%^- \t\n\rab0_";
	*seed = *seed * 1664525U + 1013904223U;
	uint32_t roll = *seed >> 16;
	return roll % 3 == 0 ? (char)(1 + (roll / 3) % 255)
			     : loved[(roll / 3) % (sizeof(loved) - 1)];
}

/* A random word of literals and references; what the shell must make of it goes to WANT. */
static struct word
random_word(struct arena *mem, uint32_t *seed, struct buf *want) {
	static const struct ref *const refs[] = {&folder, &secret, &image};
	static const char *const values[] = {"/ho me/'$x", "p\"w\\\n", "sha256:00\xff"};
	struct text text = {0};
	for (int piece = random_byte(seed) & 3; piece >= 0; piece--) {
		size_t which = (size_t)(random_byte(seed) & 7);
		for (int n = random_byte(seed) & 15; n > 0; n--) {
			char c = random_byte(seed);
			text_addn(&text, &c, 1);
			buf_addc(want, c);
		}
		if (which < countof(refs)) {
			text_add_ref(&text, values[which], refs[which]);
			buf_adds(want, values[which]);
		}
	}
	buf_add(want, "", 1);
	return text_take(mem, &text, (struct pos){0});
}

/* Run a script, which begins on SHELL's standard input, and read what it prints. */
static void
run_shell(const char *const argv[], const struct buf *script, struct buf *got) {
	int in[2], status;
	char path[] = "/tmp/stackplan-quote-XXXXXX", chunk[4096];
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, script->s, script->n), script->n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	unlink(path);
	assert_int_equal(pipe(in), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fd, 0);
		dup2(in[1], 1);
		close(in[0]);
		close(in[1]);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(fd);
	close(in[1]);
	for (ssize_t n; (n = read(in[0], chunk, sizeof(chunk))) > 0;) {
		buf_add(got, chunk, (size_t)n);
	}
	close(in[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Thousands of random words must come back from this shell, byte for byte. */
static void
check_shell(const char *const argv[]) {
	static const struct quote_refs refs = {.folder = "$dir"};
	uint32_t seed = 20260727;
	if (access(argv[0], X_OK) != 0) {
		print_message("SKIPPED: no %s\n", argv[0]);
		skip();
	}
	for (long done = 0; done < nwords(); done += PER_SHELL) {
		struct arena *mem = arena_new();
		struct buf script = {0}, want = {0}, got = {0};
		buf_adds(&script,
			"dir='/ho "
			"me/'\\''$x'\nDB_PASSWORD='p\"w\\\n'\nmysql_image='sha256:00\xff'\nprintf "
			"'%s\\0'");
		for (int i = 0; i < PER_SHELL; i++) {
			struct word word = random_word(mem, &seed, &want);
			buf_addc(&script, ' ');
			quote_word(&script, &word, &refs);
		}
		buf_addc(&script, '\n');
		run_shell(argv, &script, &got);
		assert_int_equal(got.n, want.n);
		assert_memory_equal(got.s, want.s, want.n);
		buf_free(&script);
		buf_free(&want);
		buf_free(&got);
		arena_free(mem);
	}
}

static void
test_bin_sh(void **state) {
	(void)state;
	check_shell((const char *const[]){"/bin/sh", NULL});
}

static void
test_bash(void **state) {
	(void)state;
	check_shell((const char *const[]){"/bin/bash", NULL});
}

static void
test_busybox(void **state) {
	(void)state;
	check_shell((const char *const[]){"/bin/busybox", "sh", NULL});
}

/* What people paste into; it knows more syntax than POSIX. */
static void
test_zsh(void **state) {
	(void)state;
	check_shell((const char *const[]){"/bin/zsh", "-f", NULL});
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_dot),
		cmocka_unit_test(test_mermaid),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_roff),
		cmocka_unit_test(test_sh),
		cmocka_unit_test(test_word),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_value),
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_bin_sh),
		cmocka_unit_test(test_bash),
		cmocka_unit_test(test_busybox),
		cmocka_unit_test(test_zsh),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
