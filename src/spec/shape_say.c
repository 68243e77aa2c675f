/* shape_say.c - what the shapes have in common: wordings, places inside a text, and putting a
 * canonical value in place.
 *
 * A message quotes the spec, never a value from outside it: such bytes are shown as the variable
 * they come from. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* A quoted text is cut after about so many bytes. */
enum { MAX_SHOWN = 60 };

/* Append bytes OFF .. END, cut where a character begins. Returns false when it was cut. */
static bool
add_cut(struct buf *out, const char *s, size_t off, size_t end) {
	size_t room = out->n < MAX_SHOWN ? MAX_SHOWN - out->n : 0, cut = end;

	if (end - off > room)
		cut = off + room;
	while (cut < end && cut > off && ((unsigned char)s[cut] & 0xc0) == 0x80)
		cut--;
	buf_add(out, s + off, cut - off);
	return cut == end;
}

/* Append the word's text, references in the place of what came from outside. False when it was
 * cut. */
static bool
add_shown(struct buf *out, const struct word *word) {
	size_t off = 0;

	for (size_t i = 0; i < word->nspan; i++) {
		const struct span *span = &word->span[i];
		if (span->ref->from == REF_FOLDER)
			continue;
		if (!add_cut(out, word->s, off, span->off) || out->n > MAX_SHOWN)
			return false;
		buf_printf(out, "${%s}", span->ref->name);
		off = (size_t)span->off + span->len;
	}
	return add_cut(out, word->s, off, strlen(word->s));
}

const char *
say_word(struct ctx *ctx, const struct word *word) {
	struct buf out = {0};

	buf_addc(&out, '"');
	if (!add_shown(&out, word))
		buf_adds(&out, "...");
	buf_addc(&out, '"');
	return arena_take_buf(ctx->mem, &out);
}

/* "a list", "an integer", "null". */
static const char *
type_phrase(struct ctx *ctx, const struct node *node) {
	const char *name = node_type_name(node);

	if (node->type == NODE_NULL)
		return name;
	return arena_printf(ctx->mem, "%s %s", strchr("aeiou", name[0]) != NULL ? "an" : "a", name);
}

const char *
say_node(struct ctx *ctx, const struct node *node) {
	struct word word = node_word(node);

	if (!node_is_scalar(node) || node->type == NODE_NULL)
		return type_phrase(ctx, node);
	if (node->type == NODE_STR)
		return say_word(ctx, &word);
	return word.nspan != 0 ? say_word(ctx, &word) : node_text(node);
}

bool
say_wrong(const struct shaping *sh, const struct node *node, const char *wanted) {
	diag(sh->ctx, SEV_ERROR, node->at, "wrong-type", "'%s' wants %s, not %s", sh->key->name,
		wanted, type_phrase(sh->ctx, node));
	return false;
}

bool
say_bad(const struct shaping *sh, struct pos at, const char *code, const char *wanted,
	const char *got) {
	diag(sh->ctx, SEV_ERROR, at, code, "'%s' wants %s, not %s", sh->key->name, wanted, got);
	return false;
}

bool
say_unfit(const struct shaping *sh, struct pos at, const char *code, const char *wanted,
	const char *got) {
	return diag_unfit(sh->ctx, at, code, "'%s' wants %s, not %s", sh->key->name, wanted, got);
}

bool
say_twice(const struct shaping *sh, const struct node *item, struct pos first) {
	diag(sh->ctx, SEV_ERROR, item->at, "twice", "%s stands twice in '%s'",
		say_node(sh->ctx, item), sh->key->name);
	diag_note(sh->ctx, first, "it stands here too");
	return false;
}

bool
say_list(const struct shaping *sh, struct node **slot) {
	return (*slot)->type == NODE_LIST || say_wrong(sh, *slot, "a list");
}

bool
say_string(const struct shaping *sh, const struct node *node) {
	if (node->type == NODE_STR) {
		if (!(node->flags & NODE_TIME))
			return true;
		diag(sh->ctx, SEV_ERROR, node->at, "yaml-time",
			"YAML reads this as a time: write it in quotes, \"%s\"", node_text(node));
		return false;
	}
	if (!node_is_scalar(node) || node->type == NODE_NULL)
		return say_wrong(sh, node, "a string");
	bool is_item = sh->key->shape != SHAPE_STRING && sh->key->shape != SHAPE_NAME;
	diag(sh->ctx, SEV_ERROR, node->at, "wrong-type",
		"'%s' wants a string, not %s: write it in quotes, %s%s\"%s\"", sh->key->name,
		type_phrase(sh->ctx, node), is_item ? "" : sh->key->name, is_item ? "" : ": ",
		node_text(node));
	return false;
}

/* How many characters the first N bytes are. */
static size_t
count_chars(const char *s, size_t n) {
	size_t chars = 0;

	for (size_t i = 0; i < n; i++)
		chars += ((unsigned char)s[i] & 0xc0) != 0x80;
	return chars;
}

struct pos
word_pos(const struct word *word, size_t off, size_t n) {
	struct pos at = word->at;
	size_t len = strlen(word->s);

	/* Longer than a place can tell, or with values in it: the source looks different. */
	if (at.len == 0 || word->nspan != 0 || len > 4 * (size_t)at.len)
		return at;
	size_t chars = count_chars(word->s, len);
	if (at.len != chars && at.len != chars + 2)
		return at;
	at.col += (uint32_t)(count_chars(word->s, off) + (at.len - chars) / 2);
	at.len = (uint16_t)count_chars(word->s + off, n);
	return at;
}

struct word
word_part(struct ctx *ctx, const struct word *word, size_t off, size_t n) {
	struct word part = word_slice(ctx->mem, word, off, n);

	part.at = word_pos(word, off, n);
	return part;
}

struct word
word_piece(struct ctx *ctx, const struct word *word, size_t off, size_t n) {
	if (word->nspan == 0)
		return word_part(ctx, word, off, n);
	struct word whole = *word;
	struct span *kept = arena_array(ctx->mem, word->nspan, sizeof(*kept));

	whole.span = kept;
	whole.nspan = 0;
	for (size_t i = 0; i < word->nspan; i++) {
		const struct span *span = &word->span[i];
		if (span->off >= off && (size_t)span->off + span->len <= off + n)
			kept[whole.nspan++] = *span;
	}
	struct word piece = word_slice(ctx->mem, &whole, off, n);
	piece.at = word_pos(word, off, n);
	return piece;
}

size_t
word_find(const struct word *word, size_t off, size_t n, const char *set) {
	for (size_t i = off; i < off + n; i++) {
		if (strchr(set, word->s[i]) != NULL)
			return i;
	}
	return SIZE_MAX;
}

void
slot_put(struct node **slot, struct node *new) {
	new->flags |= (*slot)->flags &(NODE_RESET | NODE_OVERRIDE | NODE_SECRET);
	new->at = (*slot)->at;
	*slot = new;
}

void
slot_scalar(struct ctx *ctx, struct node **slot, enum node_type type, const char *text) {
	const struct node *old = *slot;
	bool is_same = strcmp(node_text(old), text) == 0;

	if (is_same && old->type == type)
		return;
	struct node *new = node_new(ctx->mem, type, old->at);
	new->u.s.str = text;
	if (is_same) {
		new->n = old->n;
		new->u.s.span = old->u.s.span;
	}
	slot_put(slot, new);
}

void
unique_begin(struct ctx *ctx, struct unique *u, struct pos at, size_t n) {
	u->list = node_new_for(ctx->mem, NODE_LIST, at, n);
	u->place = NULL;
}

/* Where the item of this text stands in the list; its length if there is none. */
static size_t
unique_find(const struct unique *u, const char *text) {
	const struct member *m = node_member(u->place, text);

	if (m != NULL)
		return (size_t)(m - u->place->u.member);
	for (size_t i = 0; u->place == NULL && i < u->list->n; i++)
		if (strcmp(u->text[i], text) == 0)
			return i;
	return u->list->n;
}

struct node *
unique_get(const struct unique *u, const char *text) {
	size_t at = unique_find(u, text);

	return at < u->list->n ? u->list->u.item[at] : NULL;
}

/* Note the text of the next item. */
static void
unique_note(struct ctx *ctx, struct unique *u, const char *text) {
	size_t n = u->list->n;

	if (u->place == NULL && n < countof(u->text)) {
		u->text[n] = text;
		return;
	}
	if (u->place == NULL) {
		u->place = node_new(ctx->mem, NODE_MAP, u->list->at);
		for (size_t i = 0; i < n; i++)
			node_add(ctx->mem, u->place, u->text[i], u->list->at, NULL);
	}
	node_add(ctx->mem, u->place, text, u->list->at, NULL);
}

void
unique_add(struct ctx *ctx, struct unique *u, const char *text, struct node *item) {
	size_t at = unique_find(u, text);

	if (at < u->list->n) {
		u->list->u.item[at] = item;
		return;
	}
	unique_note(ctx, u, text);
	node_append(ctx->mem, u->list, item);
}
