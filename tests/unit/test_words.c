/* test_words.c - argument vectors, and words made of literals and references. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/arena.h>
#include <stackplan/words.h>
#include <string.h>

static const struct ref folder = {.from = REF_FOLDER, .name = "PWD"};
static const struct ref secret = {.from = REF_ENVIRON, .name = "PW"};
static const struct ref output = {.from = REF_OUTPUT, .name = "id"};

static void
test_vectors(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct words words = {0};
	assert_null(words_argv(mem, &words)[0]);
	for (int i = 0; i < 100; i++)
		words_push(mem, &words, "word", (struct pos){.line = (uint32_t)i});
	words_push_all(mem, &words, &words);
	assert_int_equal(words.n, 200);
	assert_int_equal(words.v[199].at.line, 99);
	char **argv = words_argv(mem, &words);
	assert_string_equal(argv[199], "word");
	assert_null(argv[200]);
	arena_free(mem);
}

/* "<FOLDER>/x:<SECRET>" */
static struct word
make_word(struct arena *mem) {
	struct text text = {0};
	text_add_ref(&text, "/home/me", &folder);
	text_add(&text, "/x:");
	text_add_ref(&text, "geheim", &secret);
	return text_take(mem, &text, (struct pos){.line = 3, .col = 4});
}

static void
test_spans(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct word word = make_word(mem);
	assert_string_equal(word.s, "/home/me/x:geheim");
	assert_int_equal(word.at.line, 3);
	assert_int_equal(word.nspan, 2);
	assert_int_equal(word.span[0].off, 0);
	assert_int_equal(word.span[0].len, 8);
	assert_ptr_equal(word.span[0].ref, &folder);
	assert_int_equal(word.span[1].off, 11);
	assert_int_equal(word.span[1].len, 6);
	assert_true(word_is_outside(&word));
	arena_free(mem);
}

static void
test_slices(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct word word = make_word(mem);
	struct word left = word_slice(mem, &word, 0, 10);
	assert_string_equal(left.s, "/home/me/x");
	assert_int_equal(left.nspan, 1);
	assert_false(word_is_outside(&left));
	struct word middle = word_slice(mem, &word, 5, 8);
	assert_string_equal(middle.s, "/me/x:ge");
	assert_int_equal(middle.nspan, 2);
	assert_int_equal(middle.span[0].off, 0);
	assert_int_equal(middle.span[0].len, 3);
	assert_int_equal(middle.span[1].off, 6);
	assert_int_equal(middle.span[1].len, 2);
	struct word none = word_slice(mem, &word, 9, 2);
	assert_string_equal(none.s, "x:");
	assert_int_equal(none.nspan, 0);
	struct word empty = word_slice(mem, &word, 3, 0);
	assert_string_equal(empty.s, "");
	assert_int_equal(empty.nspan, 0);
	struct text text = {0};
	text_add(&text, "--env=");
	text_add_word(&text, &word);
	struct word whole = text_take(mem, &text, word.at);
	assert_string_equal(whole.s, "--env=/home/me/x:geheim");
	assert_int_equal(whole.span[1].off, 17);
	assert_null(text.s);
	arena_free(mem);
}

static void
test_empty_values(void **state) {
	(void)state;
	struct arena *mem = arena_new();
	struct text text = {0};
	text_add_ref(&text, "", &secret);
	struct word word = text_take(mem, &text, (struct pos){0});
	assert_string_equal(word.s, "");
	assert_int_equal(word.nspan, 0);
	/* What a command will print is not known yet, but it has its place. */
	text_add(&text, "a=");
	text_add_ref(&text, "", &output);
	word = text_take(mem, &text, (struct pos){0});
	assert_int_equal(word.nspan, 1);
	assert_int_equal(word.span[0].off, 2);
	assert_false(word_is_outside(&word));
	assert_int_equal(word_slice(mem, &word, 0, 2).nspan, 1);
	assert_int_equal(word_slice(mem, &word, 0, 1).nspan, 0);
	text_add_word(&text, &word);
	text_add_word(&text, &word);
	word = text_take(mem, &text, (struct pos){0});
	assert_string_equal(word.s, "a=a=");
	assert_int_equal(word.nspan, 2);
	assert_int_equal(word.span[1].off, 4);
	assert_int_equal(word_slice(mem, &word, 0, 2).nspan, 0);
	assert_int_equal(word_slice(mem, &word, 2, 2).nspan, 2);
	text_add(&text, "given up");
	text_free(&text);
	arena_free(mem);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_empty_values),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
