/* shape_name.c - texts with a grammar of their own: image references, names of engine objects,
 * paths, contexts.
 *
 * Refused is only what every engine refuses, so that it is told at its place and before the
 * first step. An empty text is "not set" in Compose and stays: a later file may take an earlier
 * value away with it. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* Kinds of characters, added up to sets. */
enum {
	LOWER = 1,
	UPPER = 2,
	DIGIT = 4,
	DOT = 8,
	UNDER = 16,
	MINUS = 32,
	COLON = 64,
	PLUS = 128,
	OPEN = 256,
	CLOSE = 512
};

/* The kind of a byte; 0: none of them. */
static int
kind_of(char c) {
	switch (c) {
	case '.':
		return DOT;
	case '_':
		return UNDER;
	case '-':
		return MINUS;
	case ':':
		return COLON;
	case '+':
		return PLUS;
	case '[':
		return OPEN;
	case ']':
		return CLOSE;
	default:
		return c >= 'a' && c <= 'z'   ? LOWER
		       : c >= 'A' && c <= 'Z' ? UPPER
		       : c >= '0' && c <= '9' ? DIGIT
					      : 0;
	}
}

/* Are bytes S .. S+N not empty and all of SET, the first one of FIRST? */
static bool
is_made_of(const char *s, size_t n, int first, int set) {
	if (n == 0 || !(kind_of(s[0]) & first))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(kind_of(s[i]) & set))
			return false;
	return true;
}

/* Is one of these bytes of the set? */
static bool
holds(const char *s, size_t n, int set) {
	for (size_t i = 0; i < n; i++)
		if (kind_of(s[i]) & set)
			return true;
	return false;
}

/* Is the part before the first '/' a registry, and no piece of the repository's name? */
static bool
is_registry(const char *s, size_t n) {
	return holds(s, n, DOT | COLON | UPPER) || (n == 9 && memcmp(s, "localhost", 9) == 0);
}

/* What is wrong with S .. S+N as the name of a repository, or NULL. */
static const char *
repository_fault(const char *s, size_t n) {
	for (size_t off = 0; off <= n;) {
		size_t len = strcspn(s + off, "/");
		if (off + len > n)
			len = n - off;
		if (holds(s + off, len, UPPER))
			return "a repository's name in lower case";
		if (!is_made_of(s + off, len, LOWER | DIGIT, LOWER | DIGIT | DOT | UNDER | MINUS) ||
			!(kind_of(s[off + len - 1]) & (LOWER | DIGIT)))
			return "an image such as nginx:1.27";
		off += len + 1;
	}
	return NULL;
}

/* What is wanted instead of the image reference, or NULL: it is good. */
static const char *
image_fault(const char *s) {
	size_t end = strcspn(s, "@"), slash = strcspn(s, "/"), start = 0, name_end;

	if (s[end] == '@' && !is_made_of(s + end + 1, strlen(s + end + 1), LOWER | UPPER | DIGIT,
				     LOWER | UPPER | DIGIT | COLON | PLUS | DOT | UNDER | MINUS))
		return "a digest such as sha256:... after '@'";
	if (slash < end && is_registry(s, slash)) {
		if (!is_made_of(s, slash, LOWER | UPPER | DIGIT | OPEN,
			    LOWER | UPPER | DIGIT | DOT | UNDER | MINUS | COLON | OPEN | CLOSE))
			return "a registry such as registry.example:5000";
		start = slash + 1;
	}
	for (name_end = end; name_end > start && s[name_end - 1] != '/' && s[name_end - 1] != ':';)
		name_end--;
	if (name_end == start || s[name_end - 1] == '/')
		return repository_fault(s + start, end - start);
	if (!is_made_of(s + name_end, end - name_end, LOWER | UPPER | DIGIT | UNDER,
		    LOWER | UPPER | DIGIT | UNDER | DOT | MINUS))
		return "a tag of letters, digits, '_', '.' and '-'";
	return repository_fault(s + start, name_end - 1 - start);
}

bool
shape_image(const struct shaping *sh, struct node **slot) {
	if (!say_string(sh, *slot))
		return false;
	const char *text = node_text(*slot);
	const char *wanted = *text == '\0' ? NULL : image_fault(text);
	if (wanted == NULL)
		return true;
	return say_unfit(sh, (*slot)->at, "bad-image", wanted, say_node(sh->ctx, *slot));
}

bool
shape_name(const struct shaping *sh, struct node **slot) {
	if (!say_string(sh, *slot))
		return false;
	const char *text = node_text(*slot);
	size_t n = strlen(text), least = sh->key->min > 0 ? (size_t)sh->key->min : 2;
	if (n == 0 || (n >= least && n <= 255 &&
			      is_made_of(text, n, LOWER | UPPER | DIGIT,
				      LOWER | UPPER | DIGIT | UNDER | DOT | MINUS)))
		return true;
	return say_unfit(sh, (*slot)->at, "bad-name",
		arena_printf(sh->ctx->mem,
			"%sletters, digits, '_', '.' and '-', a letter or digit first",
			least > 1 ? "two or more " : ""),
		say_node(sh->ctx, *slot));
}

/* Put the absolute path into the slot. */
static void
path_put(const struct shaping *sh, struct node **slot) {
	struct word word = node_word(*slot);

	slot_put(slot, node_from_word(sh->ctx->mem, canon_path(sh->ctx, sh->canon, &word)));
}

bool
shape_path(const struct shaping *sh, struct node **slot) {
	if (!say_string(sh, *slot))
		return false;
	path_put(sh, slot);
	return true;
}

bool
shape_context(const struct shaping *sh, struct node **slot) {
	static const char *const remote[] = {"https:", "http:", "git:", "ssh:", "git@",
		"github.com/", "service:", "docker-image:", "oci-layout:"};

	if (!say_string(sh, *slot))
		return false;
	const char *text = node_text(*slot);
	for (size_t i = 0; i < countof(remote); i++) {
		if (str_starts(text, remote[i]))
			return true;
	}
	if (strstr(text, "://") == NULL)
		path_put(sh, slot);
	return true;
}
