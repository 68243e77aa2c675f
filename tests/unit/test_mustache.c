/* test_mustache.c - what the specification's cases (test_mustache_spec.c) leave open: escapes by
 * name, values of our trees, errors and their places, bounds, and inheritance in odd layouts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/mustache.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Partials: names and texts by turns, NULL at the end. */
static const char *
partial(void *arg, const char *name) {
	for (const char *const *pair = arg; *pair != NULL; pair += 2) {
		if (strcmp(pair[0], name) == 0) {
			return pair[1];
		}
	}
	return NULL;
}

struct result {
	struct ctx ctx;
	struct buf out;
	bool is_good;
};

/* Render TEMPLATE over JSON. */
static struct result
render(enum quote escape, const char *template, const char *json, const char *const *partials) {
	static const char *const no_partials[] = {NULL};
	struct result result = {.ctx.mem = arena_new()};
	result.ctx.diags = diags_new(result.ctx.mem);
	const char *why = NULL;
	struct mustache how = {.escape = escape, .partial = partial};
	how.arg = (void *)(uintptr_t)(partials != NULL ? partials : no_partials);
	how.src = diag_source(&result.ctx, "t.mustache", template, strlen(template));
	struct node *view = json_read(result.ctx.mem, json, strlen(json), &why);
	assert_non_null(view);
	result.is_good = mustache_render(&result.ctx, &result.out, &how, view);
	return result;
}

/* Free what render() made. */
static void
done(struct result *result) {
	buf_free(&result->out);
	arena_free(result->ctx.mem);
}

/* TEMPLATE over JSON in this style must give WANT. */
static void
check(enum quote escape, const char *template, const char *json, const char *const *partials,
	const char *want) {
	struct result result = render(escape, template, json, partials);
	if (!result.is_good) {
		diags_print(&result.ctx, stderr, DIAG_TEXT, false);
	}
	assert_true(result.is_good);
	assert_string_equal(buf_str(&result.out), want);
	done(&result);
}

/* TEMPLATE must be refused, with WANT at the beginning of what is said. */
static void
refused(const char *template, const char *json, const char *const *partials, const char *want) {
	struct result result = render(QUOTE_NONE, template, json, partials);
	assert_false(result.is_good);
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	diags_print(&result.ctx, out, DIAG_TEXT, false);
	fclose(out);
	assert_true(n >= strlen(want));
	text[strlen(want)] = '\0';
	assert_string_equal(text, want);
	free(text);
	done(&result);
}

static void
test_escape(void **state) {
	(void)state;
	check(QUOTE_HTML, "{{! escape: sh }}\n{{a}} {{{a}}} {{&a}}", "{\"a\":\"x y\"}", NULL,
		"\"x y\" x y x y");
	check(QUOTE_SH, "{{a}} {{b}} {{c}}|{{d}}", "{\"a\":\"\",\"b\":\"it's\",\"c\":null}", NULL,
		"'' \"it's\" |");
	check(QUOTE_JSON, "\"{{a}}\"", "{\"a\":\"x\\\"\\n\"}", NULL, "\"x\\\"\\n\"");
	check(QUOTE_HTML, "{{!escape:none}}{{a}}", "{\"a\":\"<\"}", NULL, "<");
	check(QUOTE_HTML, "x{{! escape: none }}{{a}}", "{\"a\":\"<\"}", NULL, "x&lt;");
	/* A partial decides about itself; one that says nothing is like the place it is put. */
	static const char *const partials[] = {
		"sh", "{{! escape: sh }}\n{{a}}", "same", "{{a}}", NULL};
	check(QUOTE_HTML, "{{a}}{{>sh}}{{a}}{{>same}}", "{\"a\":\"<\"}", partials,
		"&lt;\"<\"&lt;&lt;");
	refused("{{! escape: csh }}\n", "{}", NULL,
		"t.mustache:1:1: error: no escape is named 'csh'");
}

static void
test_values(void **state) {
	(void)state;
	check(QUOTE_NONE, "{{a}},{{b}},{{c}},{{d}},{{e}},{{f}},{{g}}",
		"{\"a\":1.50,\"b\":85,\"c\":true,\"d\":false,\"e\":null,\"f\":[1],\"g\":{}}", NULL,
		"1.5,85,true,false,,,");
	check(QUOTE_NONE,
		"{{#a}}a{{/a}}{{#b}}b{{/b}}{{#c}}c{{/c}}{{#d}}d{{/d}}{{#e}}e{{/e}}{{#f}}f{{/f}}",
		"{\"a\":\"\",\"b\":0,\"c\":{},\"d\":[],\"e\":\"false\",\"f\":null}", NULL, "bce");
	check(QUOTE_NONE, "{{a..b}}{{.a}}{{a.}}", "{\"a\":{\"\":{\"b\":1},\"b\":2}}", NULL, "1");
	check(QUOTE_NONE, "{{a.b.c}}{{#a.b}}{{c}}{{d}}{{/a.b}}",
		"{\"a\":{\"b\":{\"c\":\"x\"}},\"d\":\"y\"}", NULL, "xxy");
	check(QUOTE_NONE, "{{#.}}{{.}}{{/.}}", "[1,[2],{},\"x\"]", NULL, "1x");
}

static void
test_secret(void **state) {
	(void)state;
	struct ctx ctx = {.mem = arena_new()};
	ctx.diags = diags_new(ctx.mem);
	struct buf out = {0};
	struct mustache how = {.src = diag_source(&ctx, "t", "{{a}}{{{a}}}", 12)};
	struct node *view = node_new(ctx.mem, NODE_MAP, (struct pos){0});
	struct node *value = node_str(ctx.mem, "pw", (struct pos){0});
	value->flags |= NODE_SECRET;
	node_set(ctx.mem, view, "a", (struct pos){0}, value);
	assert_true(mustache_render(&ctx, &out, &how, view));
	assert_string_equal(buf_str(&out), "<redacted><redacted>");
	buf_free(&out);
	arena_free(ctx.mem);
}

static void
test_no_partials(void **state) {
	(void)state;
	struct ctx ctx = {.mem = arena_new()};
	ctx.diags = diags_new(ctx.mem);
	struct buf out = {0};
	struct mustache how = {.src = diag_source(&ctx, "t", "a{{>b}}c", 8)};
	assert_true(mustache_render(&ctx, &out, &how, NULL));
	assert_string_equal(buf_str(&out), "ac");
	buf_clear(&out);
	how.src = diag_source(&ctx, "empty", "", 0);
	assert_true(mustache_render(&ctx, &out, &how, NULL));
	assert_int_equal(out.n, 0);
	buf_free(&out);
	arena_free(ctx.mem);
}

static void
test_errors(void **state) {
	(void)state;
	refused("a\n  {{b", "{}", NULL, "t.mustache:2:3: error: tag is not closed by '}}'");
	refused("{{{b}}", "{}", NULL, "t.mustache:1:1: error: tag is not closed by '}}}'");
	refused("{{=<% %>", "{}", NULL, "t.mustache:1:1: error: tag is not closed by '=}}'");
	refused("{{=<%=}}", "{}", NULL, "t.mustache:1:1: error: '<%' is no pair of delimiters");
	refused("{{=a b c=}}", "{}", NULL,
		"t.mustache:1:1: error: 'a b c' is no pair of delimiters");
	refused("{{=a=b c=}}", "{}", NULL,
		"t.mustache:1:1: error: 'a=b c' is no pair of delimiters");
	refused("{{==}}", "{}", NULL, "t.mustache:1:1: error: '' is no pair of delimiters");
	refused("{{=01234567890123456 b=}}", "{}", NULL,
		"t.mustache:1:1: error: delimiter has more than 16 bytes");
	refused("\xc3\xbc{{ }}", "{}", NULL, "t.mustache:1:2: error: tag has no name");
	refused("{{>*}}", "{}", NULL, "t.mustache:1:1: error: tag has no name");
	refused("a{{/b}}", "{}", NULL, "t.mustache:1:2: error: 'b' is closed, but not open");
	refused("{{#a}}\n{{/b}}", "{}", NULL,
		"t.mustache:2:1: error: 'b' is closed, but 'a' is open");
	refused("{{#a}}\n{{^b}}", "{}", NULL, "t.mustache:1:1: error: 'a' is not closed");
	static const char *const partials[] = {"bad", "x\n{{#y}}", NULL};
	refused("{{>bad}}", "{}", partials, "bad:2:1: error: 'y' is not closed");
}

static void
test_bounds(void **state) {
	(void)state;
	static const char *const partials[] = {
		"self", "{{>self}}{{>self}}", "two", "{{>one}}", "one", " {{<two}}{{/two}}", NULL};
	refused("{{>self}}", "{}", partials,
		"self:1:1: error: partials are more than 64 levels deep");
	refused("{{>one}}", "{}", partials,
		"two:1:1: error: partials are more than 64 levels deep");
	/* Sections in sections of one list: 30 items, nine deep. */
	struct buf template = {0}, json = {0};
	buf_adds(&json, "{\"a\":[");
	for (int i = 0; i < 30; i++) {
		buf_adds(&json, i == 0 ? "1" : ",1");
	}
	buf_adds(&json, "]}");
	for (int i = 0; i < 9; i++) {
		buf_adds(&template, "{{#a}}");
	}
	for (int i = 0; i < 9; i++) {
		buf_adds(&template, "{{/a}}");
	}
	struct result result = render(QUOTE_NONE, buf_str(&template), buf_str(&json), NULL);
	assert_false(result.is_good);
	done(&result);
	buf_clear(&template);
	for (int i = 0; i < 2000; i++) {
		buf_adds(&template, "{{#a}}");
	}
	for (int i = 0; i < 2000; i++) {
		buf_adds(&template, "{{/a}}");
	}
	result = render(QUOTE_NONE, buf_str(&template), "{\"a\":true}", NULL);
	assert_false(result.is_good);
	done(&result);
	buf_free(&template);
	buf_free(&json);
}

/* 64 levels are allowed: a chain of that many, through the data. */
static void
test_deep_recursion(void **state) {
	(void)state;
	static const char *const partials[] = {"n", "x{{#n}}{{>n}}{{/n}}", NULL};
	struct buf json = {0};
	for (int i = 0; i < 63; i++) {
		buf_adds(&json, "{\"n\":");
	}
	buf_adds(&json, "{\"n\":false}");
	for (int i = 0; i < 63; i++) {
		buf_adds(&json, "}");
	}
	struct result result = render(QUOTE_NONE, "{{>n}}", buf_str(&json), partials);
	assert_true(result.is_good);
	assert_int_equal(result.out.n, 64);
	done(&result);
	buf_free(&json);
}

static void
test_lines(void **state) {
	(void)state;
	static const char *const partials[] = {
		"p", "a\n\n{{b}}\n{{#c}}\n  d\n{{/c}}\ne", "outer", "1\n  {{>p}}\n2\n", NULL};
	/* Lines of the partial are indented, those of values and empty ones are not. */
	check(QUOTE_NONE, "  {{>p}}\n", "{\"b\":\"x\\ny\",\"c\":1}", partials,
		"  a\n\n  x\ny\n    d\n  e");
	check(QUOTE_NONE, "\t{{>outer}}\n", "{}", partials, "\t1\n\t  a\n\n\t  \n\t  e\t2\n");
	check(QUOTE_NONE, "{{#a}} {{/a}}\r\n", "{\"a\":1}", NULL, " \r\n");
	check(QUOTE_NONE, "  {{! a\n b }}  \r\nx", "{}", NULL, "x");
	check(QUOTE_NONE, "{{#a}}{{!x}}\n{{/a}}", "{\"a\":1}", NULL, "\n");
	check(QUOTE_NONE, "{{=<% %>=}}<%{a}%> <%a%> {{a}}<%={{ }}=%>{{a}}", "{\"a\":\"x\"}", NULL,
		"x x {{a}}x");
	check(QUOTE_NONE, "{{=aab aac=}}aaabxaac", "{\"x\":1}", NULL, "a1");
}

static void
test_inheritance(void **state) {
	(void)state;
	static const char *const partials[] = {
		"page",
		"<\n  {{$body}}\n  none\n  {{/body}}\n>\n",
		"line",
		"<\n  {{$body}}{{/body}}\n>\n",
		"inline",
		"a {{$body}}none{{/body}} z\n",
		"twice",
		"{{$a}}1{{/a}}{{$b}}2{{/b}}\n",
		"sh",
		"{{! escape: sh }}\n{{$a}}{{/a}} {{x}}",
		NULL,
	};
	check(QUOTE_NONE, "{{<page}}{{/page}}\n", "{}", partials, "<\n  none\n>\n");
	check(QUOTE_NONE, "{{<page}}{{$body}}x{{/body}}{{/page}}\nend", "{}", partials,
		"<\n  x\n>\nend");
	check(QUOTE_NONE, "  {{<page}}\n  {{$body}}\n  x\n    y\n  {{/body}}\n  {{/page}}\nend",
		"{}", partials, "  <\n    x\n      y\n  >\nend");
	check(QUOTE_NONE, "{{<page}}{{$body}}{{/body}}{{/page}}", "{}", partials, "<\n>\n");
	check(QUOTE_NONE, "{{<line}}{{/line}}", "{}", partials, "<\n>\n");
	check(QUOTE_NONE, "{{<line}}{{$body}}\nx\ny\n{{/body}}{{/line}}", "{}", partials,
		"<\n  x\n  y\n>\n");
	check(QUOTE_NONE, "{{<line}}{{$body}}x{{/body}}{{/line}}", "{}", partials, "<\n  x\n>\n");
	/* In the middle of a line, the first line of the block isn't indented. */
	check(QUOTE_NONE, "  {{<inline}}\n{{$body}}\n  x\n  y\n{{/body}}\n{{/inline}}\n", "{}",
		partials, "  a x\n  y\n z\n");
	check(QUOTE_NONE, "{{<twice}}{{$b}}B{{/b}}{{$a}}A{{/a}}{{$a}}last{{/a}}{{/twice}}", "{}",
		partials, "lastB\n");
	/* A block within its own argument is the next outer one, not itself. */
	check(QUOTE_NONE, "{{<twice}}{{$a}}[{{$a}}in{{/a}}]{{/a}}{{/twice}}", "{}", partials,
		"[in]2\n");
	/* An argument keeps the style of the template it was written in. */
	check(QUOTE_HTML, "{{<sh}}{{$a}}{{x}}{{/a}}{{/sh}}", "{\"x\":\"<\"}", partials,
		"&lt; \"<\"");
	check(QUOTE_NONE, "{{<*which}}{{$a}}x{{/a}}{{/*which}}|{{<* which}}{{/ * which }}",
		"{\"which\":\"twice\"}", partials, "x2\n|12\n");
	check(QUOTE_NONE, "{{<none}}{{$a}}x{{/a}}{{/none}}", "{}", partials, "");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_no_partials),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_deep_recursion),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_inheritance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
