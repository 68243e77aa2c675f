/* canon_path.c - a path of the spec made absolute and clean, without losing which bytes came
 * from where.
 *
 * A path is cut into components first: slices of the folder's and the spec's text. Dots are
 * dropped there; what is left is joined again. The project folder at the beginning becomes a
 * span of its own reference. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

struct part {
	const struct word *word;
	size_t off, n;
};

/* The components so far; for a relative path (is_rooted false) ".." may stand at the beginning. */
struct parts {
	struct part *v;
	size_t n;
	bool is_rooted;
};

/* Is the component made of these bytes? */
static bool
part_is(const struct part *part, const char *text) {
	return strlen(text) == part->n && memcmp(part->word->s + part->off, text, part->n) == 0;
}

/* Take in one component: "." goes, ".." takes the last one away. */
static void
add_part(struct parts *parts, struct part part) {
	if (part.n == 0 || part_is(&part, "."))
		return;
	if (part_is(&part, "..")) {
		if (parts->n > 0 && !part_is(&parts->v[parts->n - 1], "..")) {
			parts->n--;
			return;
		}
		if (parts->is_rooted)
			return;
	}
	parts->v[parts->n++] = part;
}

/* Take in all components of WORD from byte OFF on. */
static void
add_parts(struct parts *parts, const struct word *word, size_t off) {
	const char *s = word->s;

	while (s[off] != '\0') {
		size_t n = strcspn(s + off, "/");
		add_part(parts, (struct part){word, off, n});
		off += n + (s[off + n] == '/');
	}
}

/* Room for the components of both texts. */
static void
parts_begin(struct ctx *ctx, struct parts *parts, const struct word *a, const struct word *b) {
	size_t n = 2;

	for (const char *p = a->s; *p != '\0'; p++)
		n += *p == '/';
	for (const char *p = b->s; *p != '\0'; p++)
		n += *p == '/';
	parts->v = arena_array(ctx->mem, n, sizeof(*parts->v));
}

/* How many of the first components are the project folder, none of it from outside; 0: they are
 * not. */
static size_t
folder_parts(const struct parts *parts, const char *folder) {
	size_t i = 0;

	while (*folder != '\0') {
		size_t n = strcspn(folder, "/");
		if (n != 0) {
			if (i == parts->n || parts->v[i].n != n ||
				memcmp(parts->v[i].word->s + parts->v[i].off, folder, n) != 0 ||
				parts->v[i].word->nspan != 0)
				return 0;
			i++;
		}
		folder += n + (folder[n] == '/');
	}
	return i;
}

/* How many components from I on stand in one piece in their text, so that a variable's value
 * stays whole. */
static size_t
run_length(const struct parts *parts, size_t i) {
	size_t n = 1;

	while (i + n < parts->n) {
		const struct part *a = &parts->v[i + n - 1], *b = &parts->v[i + n];
		if (b->word != a->word || b->off != a->off + a->n + 1)
			break;
		n++;
	}
	return n;
}

/* Join the components from I on, each with the '/' before it: the text's own one where there is
 * one. */
static void
join_runs(const struct parts *parts, size_t i, struct text *text) {
	while (i < parts->n) {
		const struct part *first = &parts->v[i];
		i += run_length(parts, i);
		size_t off = first->off, end = parts->v[i - 1].off + parts->v[i - 1].n;
		bool has_slash = text->n > 0 || parts->is_rooted;
		if (has_slash && off > 0 && first->word->s[off - 1] == '/')
			off--;
		else if (has_slash)
			text_add(text, "/");
		text_add_slice(text, first->word, off, end - off);
	}
}

/* Join the components; the first NFOLDER of them are the folder of REF. */
static struct word
join_parts(struct ctx *ctx, const struct parts *parts, size_t nfolder, const struct ref *ref,
	struct pos at) {
	struct text text = {0}, folder = {0};

	for (size_t i = 0; i < nfolder; i++) {
		text_add(&folder, "/");
		text_addn(&folder, parts->v[i].word->s + parts->v[i].off, parts->v[i].n);
	}
	if (nfolder > 0)
		text_add_ref(&text, folder.s, ref);
	text_free(&folder);
	join_runs(parts, nfolder, &text);
	if (parts->n == 0)
		text_add(&text, parts->is_rooted ? "/" : ".");
	return text_take(ctx->mem, &text, at);
}

/* Are the components of S clean already: none empty, none of dots, nothing behind the last? */
static bool
is_clean(const char *s) {
	for (;; s++) {
		if (*s == '/' || *s == '\0')
			return false;
		if (s[0] == '.' && (s[1] == '/' || s[1] == '\0' ||
					   (s[1] == '.' && (s[2] == '/' || s[2] == '\0'))))
			return false;
		s += strcspn(s, "/");
		if (*s == '\0')
			return true;
	}
}

/* The same, but a slash may stand behind the last. */
static bool
is_clean_to_slash(const char *s) {
	size_t n = strlen(s);

	for (const char *p = s; *p != '\0'; p++) {
		size_t len = strcspn(p, "/");
		if (len == 0 || (len <= 2 && strspn(p, ".") >= len))
			return false;
		p += len;
		if (*p == '\0')
			break;
	}
	return n > 0;
}

struct word
word_clean(struct ctx *ctx, const struct word *word) {
	struct parts parts = {.is_rooted = word->s[0] == '/'};

	if (parts.is_rooted && is_clean(word->s + 1))
		return *word;
	parts_begin(ctx, &parts, word, &(struct word){.s = ""});
	add_parts(&parts, word, 0);
	return join_parts(ctx, &parts, 0, NULL, word->at);
}

/* Does the path begin with a drive letter, or is it a Windows share? Those are not ours to
 * change. */
static bool
is_windows_path(const char *s) {
	bool has_drive = ((s[0] | 32) >= 'a' && (s[0] | 32) <= 'z') && s[1] == ':' &&
			 (s[2] == '\\' || s[2] == '/');
	return has_drive || (s[0] == '\\' && s[1] == '\\');
}

/* The user's home as a word whose bytes come from HOME. */
static struct word
home_word(struct ctx *ctx, const char *home, struct pos at) {
	struct ref *ref = arena_make(ctx->mem, struct ref);
	struct text text = {0};

	*ref = (struct ref){.from = REF_ENVIRON, .name = "HOME"};
	text_add_ref(&text, home, ref);
	return text_take(ctx->mem, &text, at);
}

/* Does the text already hold the project folder's span? Then it has been here before. */
static bool
is_done(const struct word *path) {
	return path->nspan > 0 && path->span[0].ref->from == REF_FOLDER;
}

/* An absolute path keeps the slash at its end, as in Compose: engines report the bind mount so. */
static struct word
with_slash(struct ctx *ctx, const struct word *clean, const struct word *path) {
	struct text text = {0};

	if (clean->s[1] == '\0' || path->s[strlen(path->s) - 1] != '/')
		return *clean;
	text_add_word(&text, clean);
	text_add(&text, "/");
	return text_take(ctx->mem, &text, path->at);
}

/* "./a/b" below the project folder: the folder's span, and the rest as it is. */
static struct word
below_folder(struct ctx *ctx, const struct canon *canon, const struct word *path) {
	struct text text = {0};

	text_add_ref(&text, canon->folder, canon->folder_ref);
	text_add_slice(&text, path, 1, strlen(path->s) - 1);
	return text_take(ctx->mem, &text, path->at);
}

/* Is the path one of these, as most are? */
static bool
is_below_folder(const struct canon *canon, const char *path) {
	return canon->folder_ref != NULL && path[0] == '.' && path[1] == '/' &&
	       is_clean(path + 2) && str_eq(canon->folder, canon->project_folder) &&
	       canon->folder[0] == '/' && is_clean(canon->folder + 1);
}

struct word
canon_path(struct ctx *ctx, const struct canon *canon, const struct word *path) {
	struct parts parts = {.is_rooted = true};
	struct word base = {.s = canon->folder, .at = path->at};
	size_t off = 0;

	if (path->s[0] == '\0' || is_windows_path(path->s) || is_done(path))
		return *path;
	if (path->s[0] == '/' && path->s[1] != '\0' && !is_clean_to_slash(path->s + 1))
		return *path; /* absolute ones stay as they are written, as in Compose */
	if (is_below_folder(canon, path->s))
		return below_folder(ctx, canon, path);
	if (path->s[0] == '~' && canon->home != NULL) {
		base = home_word(ctx, canon->home, path->at);
		off = 1;
	} else if (path->s[0] == '/') {
		base.s = "";
	}
	parts_begin(ctx, &parts, &base, path);
	add_parts(&parts, &base, 0);
	add_parts(&parts, path, off);
	size_t nfolder =
		canon->folder_ref != NULL ? folder_parts(&parts, canon->project_folder) : 0;
	struct word clean = join_parts(ctx, &parts, nfolder, canon->folder_ref, path->at);
	return path->s[0] == '/' ? with_slash(ctx, &clean, path) : clean;
}
