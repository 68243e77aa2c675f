/* shape.c - single values: texts, switches, numbers, sizes, durations.
 *
 * Each function checks the scalar in a slot and leaves its canonical form there. A text that
 * stands where a number or a switch is wanted is read as one (Compose's casts: that is what
 * "${REPLICAS}" is). Knows no key by name. */
#include <float.h>
#include <inttypes.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>
#include <strings.h>

#include "spec_int.h"

/* Whole numbers up to here are exact in a double. */
#define MAX_EXACT 9007199254740992.0

/* Is the value a whole number that a double holds exactly? */
static bool
is_whole_double(double value) {
	return value > -MAX_EXACT && value < MAX_EXACT && (double)(int64_t)value == value;
}

bool
shape_string(const struct shaping *sh, struct node **slot) {
	return say_string(sh, *slot);
}

bool
shape_text(const struct shaping *sh, struct node **slot) {
	if (!node_is_scalar(*slot) || (*slot)->type == NODE_NULL)
		return say_wrong(sh, *slot, "a text");
	const char *text = node_canonical(sh->ctx->mem, *slot);
	if ((*slot)->flags & NODE_TIME)
		diag(sh->ctx, SEV_WARNING, (*slot)->at, "yaml-time",
			"Compose reads this as a time and passes \"%s\": write it in quotes", text);
	slot_scalar(sh->ctx, slot, NODE_STR, text);
	return true;
}

/* "one of always, missing, never" from the row's blank-separated words. */
static const char *
choices(struct ctx *ctx, const char *words) {
	const char *text = "one of";
	char join = ' ';

	while (*words != '\0') {
		size_t n = strcspn(words, " ");
		text = arena_printf(ctx->mem, "%s%c%s%.*s", text, join == ' ' ? ' ' : ',',
			join == ' ' ? "" : " ", (int)n, words);
		words += n + strspn(words + n, " ");
		join = ',';
	}
	return text;
}

/* The choice nearest to WORD as the tail of a message, or "". */
static const char *
choice_hint(struct ctx *ctx, const char *words, const struct word *word) {
	const char *name[32];
	size_t n = 0;

	if (word->nspan != 0 || strlen(word->s) > 64)
		return "";
	while (*words != '\0' && n < countof(name)) {
		size_t len = strcspn(words, " ");
		name[n++] = arena_strndup(ctx->mem, words, len);
		words += len + strspn(words + len, " ");
	}
	const char *near = str_nearest(word->s, name, n);
	return near != NULL ? arena_printf(ctx->mem, ", did you mean '%s'?", near) : "";
}

bool
shape_choice(const struct shaping *sh, struct node **slot) {
	struct word word = node_word(*slot);

	if ((*slot)->type == NODE_STR &&
		(sh->key->one_of == NULL || str_in(sh->key->one_of, word.s)))
		return true;
	if (!node_is_scalar(*slot) || sh->key->one_of == NULL)
		return say_string(sh, *slot);
	const char *wanted = choices(sh->ctx, sh->key->one_of), *got = say_node(sh->ctx, *slot);
	const char *hint = choice_hint(sh->ctx, sh->key->one_of, &word);
	if (sh->key->open && (*slot)->type == NODE_STR)
		return diag_unfit(sh->ctx, (*slot)->at, "bad-choice", "'%s' wants %s, not %s%s",
			sh->key->name, wanted, got, hint);
	diag(sh->ctx, SEV_ERROR, (*slot)->at, "bad-choice", "'%s' wants %s, not %s%s",
		sh->key->name, wanted, got, hint);
	return false;
}

/* Is the word a switch to YAML 1.1 only? */
static bool
is_old_bool(const char *word) {
	return strcasecmp(word, "true") != 0 && strcasecmp(word, "false") != 0;
}

bool
shape_bool(const struct shaping *sh, struct node **slot) {
	struct node *node = *slot;
	bool value;

	if (!node_is_scalar(node) || node->type == NODE_NULL)
		return say_wrong(sh, node, "true or false");
	if ((node->type != NODE_BOOL && node->type != NODE_STR) ||
		!str_bool(node_text(node), &value))
		return say_bad(sh, node->at, "bad-bool", "true or false", say_node(sh->ctx, node));
	const char *text = value ? "true" : "false";
	if (node->type == NODE_STR && is_old_bool(node_text(node)))
		diag(sh->ctx, SEV_WARNING, node->at, "yaml11-bool",
			"'%s' wants true or false: %s is taken as %s", sh->key->name,
			say_node(sh->ctx, node), text);
	slot_scalar(sh->ctx, slot, NODE_BOOL, text);
	return true;
}

/* The whole number that a scalar says: YAML's integers, floats without a fraction, and decimal
 * texts (leading zeros and a plus are no harm there, as in Compose). */
static bool
read_int(struct ctx *ctx, const struct node *node, int64_t *out) {
	double value;

	if (node->type == NODE_INT)
		return node_to_int(node, out);
	if (node->type == NODE_FLOAT) {
		if (!str_number(node_canonical(ctx->mem, node), &value) || !is_whole_double(value))
			return false;
		*out = (int64_t)value;
		return true;
	}
	if (node->type != NODE_STR)
		return false;
	const char *s = node_text(node);
	bool is_negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	while (s[0] == '0' && s[1] != '\0')
		s++;
	if (!str_int(s, 0, INT64_MAX, out))
		return false;
	*out = is_negative ? -*out : *out;
	return true;
}

/* "a number from 0 to 100", "a whole number". */
static const char *
number_phrase(const struct shaping *sh, const char *plain) {
	const struct key *key = sh->key;

	if (key->max <= key->min)
		return plain;
	if (key->max == INT64_MAX)
		return arena_printf(sh->ctx->mem, "%s of at least %" PRId64, plain, key->min);
	return arena_printf(
		sh->ctx->mem, "%s from %" PRId64 " to %" PRId64, plain, key->min, key->max);
}

bool
shape_int(const struct shaping *sh, struct node **slot) {
	const struct key *key = sh->key;
	const char *wanted = number_phrase(sh, "a whole number");
	int64_t value;

	if (!node_is_scalar(*slot) || (*slot)->type == NODE_NULL)
		return say_wrong(sh, *slot, wanted);
	if (!read_int(sh->ctx, *slot, &value) ||
		(key->max > key->min && (value < key->min || value > key->max)))
		return say_bad(sh, (*slot)->at, "bad-number", wanted, say_node(sh->ctx, *slot));
	slot_scalar(sh->ctx, slot, NODE_INT, arena_printf(sh->ctx->mem, "%" PRId64, value));
	return true;
}

bool
shape_number(const struct shaping *sh, struct node **slot) {
	const struct key *key = sh->key;
	const char *wanted = number_phrase(sh, "a number");
	int64_t whole;
	double value;

	if (!node_is_scalar(*slot) || (*slot)->type == NODE_NULL)
		return say_wrong(sh, *slot, wanted);
	bool is_whole = read_int(sh->ctx, *slot, &whole);
	bool is_good = is_whole || ((*slot)->type != NODE_BOOL &&
					   str_number(node_canonical(sh->ctx->mem, *slot), &value));
	if (is_good && is_whole)
		value = (double)whole;
	if (!is_good || value != value || value > DBL_MAX || value < -DBL_MAX ||
		(key->max > key->min && (value < (double)key->min || value > (double)key->max)))
		return say_bad(sh, (*slot)->at, "bad-number", wanted, say_node(sh->ctx, *slot));
	if (!is_whole && is_whole_double(value)) {
		is_whole = true;
		whole = (int64_t)value;
	}
	slot_scalar(sh->ctx, slot, is_whole ? NODE_INT : NODE_FLOAT,
		is_whole ? arena_printf(sh->ctx->mem, "%" PRId64, whole)
			 : str_from_double(sh->ctx->mem, value));
	return true;
}

bool
shape_size(const struct shaping *sh, struct node **slot) {
	struct node *node = *slot;
	bool may_be_minus_one = str_in(sh->key->one_of, "-1");
	uint64_t bytes;

	if (node->type == NODE_INT && str_in(sh->key->one_of, "only-text"))
		return say_string(sh, node);
	if (!node_is_scalar(node) || node->type == NODE_NULL)
		return say_wrong(sh, node, "a size such as 512m");
	const char *text =
		node->type == NODE_INT ? node_canonical(sh->ctx->mem, node) : node_text(node);
	if ((node->type != NODE_INT && node->type != NODE_STR) ||
		!str_size(text, may_be_minus_one, &bytes))
		return say_bad(
			sh, node->at, "bad-size", "a size such as 512m", say_node(sh->ctx, node));
	bool is_minus_one = may_be_minus_one && bytes == UINT64_MAX;
	slot_scalar(sh->ctx, slot, NODE_STR,
		is_minus_one ? "-1" : arena_printf(sh->ctx->mem, "%" PRIu64, bytes));
	return true;
}

bool
shape_duration(const struct shaping *sh, struct node **slot) {
	struct node *node = *slot;
	int64_t ns;

	if (!node_is_scalar(node) || node->type == NODE_NULL)
		return say_wrong(sh, node, "a duration such as 1m30s");
	if (node->type == NODE_INT || node->type == NODE_FLOAT)
		return say_bad(sh, node->at, "bad-duration", "a duration with its unit such as 30s",
			say_node(sh->ctx, node));
	if (node->type != NODE_STR || !str_duration(node_text(node), &ns))
		return say_bad(sh, node->at, "bad-duration", "a duration such as 1m30s",
			say_node(sh->ctx, node));
	slot_scalar(sh->ctx, slot, NODE_STR, str_from_duration(sh->ctx->mem, ns));
	return true;
}

/* Permission bits: 0440 of YAML is octal already, and so is the text "0440". */
bool
shape_mode(const struct shaping *sh, struct node **slot) {
	struct node *node = *slot;
	const char *wanted = "file permissions such as 0440";
	int64_t mode = 0;

	if (!node_is_scalar(node) || node->type == NODE_NULL)
		return say_wrong(sh, node, wanted);
	bool is_good = node->type == NODE_INT ? node_to_int(node, &mode) : node->type == NODE_STR;
	if (node->type == NODE_STR) {
		const char *s = node_text(node);
		is_good = s[0] != '\0' && strlen(s) <= 7 && strspn(s, "01234567") == strlen(s);
		for (; is_good && *s != '\0'; s++)
			mode = mode * 8 + (*s - '0');
	}
	if (!is_good || mode < 0 || mode > 07777)
		return say_bad(sh, node->at, "bad-mode", wanted, say_node(sh->ctx, node));
	slot_scalar(sh->ctx, slot, NODE_INT, arena_printf(sh->ctx->mem, "%" PRId64, mode));
	return true;
}

/* A duration as text, whole microseconds. */
static bool
is_micros(const char *text, int64_t *out) {
	int64_t ns;

	if (!str_duration(text, &ns) || ns < 0)
		return false;
	*out = ns / 1000;
	return true;
}

bool
shape_micros(const struct shaping *sh, struct node **slot) {
	int64_t us;

	if ((*slot)->type != NODE_STR || str_int(node_text(*slot), INT64_MIN, INT64_MAX, &us))
		return shape_int(sh, slot);
	if (!is_micros(node_text(*slot), &us))
		return say_bad(sh, (*slot)->at, "bad-duration",
			"microseconds, or a duration such as 1400us", say_node(sh->ctx, *slot));
	slot_scalar(sh->ctx, slot, NODE_INT, arena_printf(sh->ctx->mem, "%" PRId64, us));
	return true;
}
