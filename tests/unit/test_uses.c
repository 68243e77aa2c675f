/* test_uses.c - which variables a spec asks for: forms, nesting, places, what is no use. */
#include "spec_help.h"

static struct uses uses;

/* Load the text, whatever comes of it, and find the uses. */
static void
find(const char *text) {
	(void)load_text(text);
	uses_find(&world.ctx, &uses);
}

/* Hold use I against what is wanted. */
static void
is_use(size_t i, const char *name, char sign, bool or_empty, const char *text, unsigned line,
	unsigned col) {
	assert_true(i < uses.n);
	assert_string_equal(uses.v[i].name, name);
	assert_int_equal(uses.v[i].sign, sign);
	assert_int_equal(uses.v[i].or_empty, or_empty);
	if (text)
		assert_string_equal(uses.v[i].text, text);
	else
		assert_null(uses.v[i].text);
	assert_int_equal(uses.v[i].at.line, line);
	assert_int_equal(uses.v[i].at.col, col);
}

static void
test_forms(void **state) {
	(void)state;
	find("services:\n  a:\n    image: $A-${B}-${C:-x}-${D-}-${E:?no}-${F?}-${G:+y}-${H+}\n");
	assert_int_equal(uses.n, 8);
	is_use(0, "A", 0, false, NULL, 3, 12);
	is_use(1, "B", 0, false, NULL, 3, 15);
	is_use(2, "C", '-', true, "x", 3, 20);
	is_use(3, "D", '-', false, "", 3, 28);
	is_use(4, "E", '?', true, "no", 3, 34);
	is_use(5, "F", '?', false, "", 3, 43);
	is_use(6, "G", '+', true, "y", 3, 49);
	is_use(7, "H", '+', false, "", 3, 57);
}

static void
test_nested(void **state) {
	(void)state;
	find("services:\n  a:\n    image: ${A:-b${B-${C}}d}$D\n");
	assert_int_equal(uses.n, 4);
	is_use(0, "A", '-', true, "b${B-${C}}d", 3, 12);
	is_use(1, "B", '-', false, "${C}", 3, 18);
	is_use(2, "C", 0, false, NULL, 3, 22);
	is_use(3, "D", 0, false, NULL, 3, 29);
}

static void
test_no_uses(void **state) {
	(void)state;
	find("services:\n  a:\n    image: a$$A$${B}$\n    $K: $1 $(x) ${1} ${ A}\n");
	assert_int_equal(uses.n, 0);
}

static void
test_wrong_forms_are_passed_over(void **state) {
	(void)state;
	find("services:\n  a:\n    image: ${A:=x} ${B/c} ${C:} ${OK} ${D\n");
	assert_int_equal(uses.n, 1);
	is_use(0, "OK", 0, false, NULL, 3, 33);
}

static void
test_an_alias_brings_no_second_use(void **state) {
	(void)state;
	find("x-a: &x [$A, $A]\nservices:\n  a: {image: b, command: *x}\n");
	assert_int_equal(uses.n, 2);
	is_use(0, "A", 0, false, NULL, 1, 10);
	is_use(1, "A", 0, false, NULL, 1, 14);
}

static void
test_in_what_cannot_be_loaded(void **state) {
	(void)state;
	find("services:\n  a: {image: \"${A:?m}\", nonsense: $B}\n");
	assert_null(world.loaded.doc);
	assert_non_null(world.loaded.env);
	assert_int_equal(uses.n, 2);
	is_use(0, "A", '?', true, "m", 2, 15);
	is_use(1, "B", 0, false, NULL, 2, 35);
}

static void
test_env_files_are_no_spec(void **state) {
	(void)state;
	put(".env", "A=$B\n");
	find("services:\n  a: {image: $A}\n");
	assert_int_equal(uses.n, 1);
	assert_string_equal(uses.v[0].name, "A");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_forms, begin, end),
		cmocka_unit_test_setup_teardown(test_nested, begin, end),
		cmocka_unit_test_setup_teardown(test_no_uses, begin, end),
		cmocka_unit_test_setup_teardown(test_wrong_forms_are_passed_over, begin, end),
		cmocka_unit_test_setup_teardown(test_an_alias_brings_no_second_use, begin, end),
		cmocka_unit_test_setup_teardown(test_in_what_cannot_be_loaded, begin, end),
		cmocka_unit_test_setup_teardown(test_env_files_are_no_spec, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
