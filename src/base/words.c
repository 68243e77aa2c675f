/* words.c - argument vectors and pieces of text that know where they came from.
 * First the vectors, then struct text, which puts one word together from literals and spans. */
#include "base_int.h"
#include <assert.h>
#include <stackplan/arena.h>
#include <stackplan/words.h>
#include <stdlib.h>
#include <string.h>

/* Make room for CAP words; the smaller array stays behind in the arena. */
static void
reserve(struct arena *mem, struct words *words, size_t cap) {
	assert(cap <= UINT32_MAX);
	words->v = arena_grow(mem, words->v, words->cap, cap, sizeof(*words->v));
	words->cap = (uint32_t)cap;
}

void
words_more(struct arena *mem, struct words *words) {
	reserve(mem, words, words->cap == 0 ? 4 : (size_t)words->cap * 2);
}

struct words
words_with_room(struct arena *mem, size_t n) {
	struct words words = {0};
	reserve(mem, &words, n);
	return words;
}

struct words
words_part(const struct words *words, size_t from, size_t to) {
	uint32_t n = (uint32_t)(to - from);
	return (struct words){.v = words->v + from, .n = n, .cap = n};
}

void
words_push_all(struct arena *mem, struct words *words, const struct words *more) {
	uint32_t n =
		more->n; /* MORE may be WORDS itself: nothing of it is read before there is room */
	if (words->cap - words->n < n)
		reserve(mem, words, (size_t)words->n + n + 4);
	if (n)
		memcpy(words->v + words->n, more->v, n * sizeof(*more->v));
	words->n += n;
}

char **
words_argv(struct arena *mem, const struct words *words) {
	char **argv = arena_array(mem, words->n + 1, sizeof(*argv));
	for (size_t i = 0; i < words->n; i++)
		argv[i] = arena_strdup(mem, words->v[i].s);
	return argv;
}

/* Does a reference lead out of the spec, to somebody's environment? */
static bool
ref_is_outside(const struct ref *ref) {
	return ref->from == REF_ENVIRON || ref->from == REF_DOTENV || ref->from == REF_ENVFILE;
}

const char *
ref_shell_name(const struct ref *ref) {
	return ref->as ? ref->as : ref->name;
}

bool
word_is_outside(const struct word *word) {
	for (size_t i = 0; i < word->nspan; i++)
		if (word->span[i].len != 0 && ref_is_outside(word->span[i].ref))
			return true;
	return false;
}

/* Make room for N more bytes and the NUL. */
static void
text_room(struct text *text, size_t n) {
	assert(n < UINT32_MAX && text->n + n < UINT32_MAX);
	size_t need = text->n + n + 1;
	if (!text->s)
		text->s = spare_take(need, &text->cap);
	if (need <= text->cap)
		return;
	size_t cap = text->cap < 32 ? 64 : text->cap * 2;
	text->cap = cap < need ? need : cap;
	text->s = xreallocarray(text->s, text->cap, 1);
}

/* Note that LEN bytes from OFF on come from REF. */
static void
push_span(struct text *text, size_t off, size_t len, const struct ref *ref) {
	if (text->nspan == text->cap_span) {
		text->cap_span = text->cap_span == 0 ? 4 : text->cap_span * 2;
		text->span = xreallocarray(text->span, text->cap_span, sizeof(*text->span));
	}
	text->span[text->nspan++] =
		(struct span){.off = (uint32_t)off, .len = (uint32_t)len, .ref = ref};
}

void
text_addn(struct text *text, const char *literal, size_t n) {
	text_room(text, n);
	if (n != 0)
		memcpy(text->s + text->n, literal, n);
	text->n += n;
	text->s[text->n] = '\0';
}

void
text_add(struct text *text, const char *literal) {
	text_addn(text, literal, strlen(literal));
}

void
text_add_ref(struct text *text, const char *value, const struct ref *ref) {
	size_t n = strlen(value);
	if (n != 0 || ref->from == REF_OUTPUT)
		push_span(text, text->n, n, ref);
	text_addn(text, value, n);
}

void
text_add_slice(struct text *text, const struct word *word, size_t off, size_t n) {
	size_t end = off + n, start = text->n;
	bool is_end = word->s[end] == '\0';
	for (size_t i = 0; i < word->nspan; i++) {
		const struct span *span = &word->span[i];
		size_t a = span->off, b = a + span->len;
		if (span->len == 0) {
			/* An empty one between two slices belongs to the second. */
			if (a >= off && (a < end || (a == end && is_end)))
				push_span(text, start + a - off, 0, span->ref);
			continue;
		}
		if (a < off)
			a = off;
		if (b > end)
			b = end;
		if (a < b)
			push_span(text, start + a - off, b - a, span->ref);
	}
	text_addn(text, word->s + off, n);
}

void
text_add_word(struct text *text, const struct word *word) {
	text_add_slice(text, word, 0, strlen(word->s));
}

void
text_free(struct text *text) {
	spare_give(text->s, text->cap);
	free(text->span);
	*text = (struct text){0};
}

struct word
text_take(struct arena *mem, struct text *text, struct pos at) {
	struct word word = {.at = at, .nspan = text->nspan & WORD_MAX_SPANS};
	word.s = arena_strndup(mem, text->s != NULL ? text->s : "", text->n);
	if (text->nspan != 0) {
		struct span *span = arena_array(mem, text->nspan, sizeof(*span));
		memcpy(span, text->span, text->nspan * sizeof(*span));
		word.span = span;
	}
	text_free(text);
	return word;
}

struct word
word_slice(struct arena *mem, const struct word *word, size_t off, size_t n) {
	struct text text = {0};
	if (word->nspan == 0)
		return (struct word){.s = arena_strndup(mem, word->s + off, n), .at = word->at};
	text_add_slice(&text, word, off, n);
	return text_take(mem, &text, word->at);
}
