/* quote_sh.c - words of a POSIX shell, with references in the place of values that came from
 * outside.
 *
 * Starts at quote_word(). A word without references is bare, in double quotes where nothing in it
 * means anything to a shell there, or in single quotes; one with references is in double quotes. What is written is read back byte for
 * byte by dash, bash and busybox, and survives being pasted into an interactive bash or zsh: that
 * is why '!' leaves the double quotes and a leading '=' is quoted. */
#include <stackplan/buf.h>
#include <stackplan/path.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* The characters that a shell takes as they stand in the middle of an argument, by their codes: letters, digits and
 * %+,-./:=@_ have a 'y'. */
static const char bare[256] = "................................"
			      ".....y.....yyyyyyyyyyyyyyyy..y.."
			      "yyyyyyyyyyyyyyyyyyyyyyyyyyy....y"
			      ".yyyyyyyyyyyyyyyyyyyyyyyyyy.....";

size_t
quote_bare(const char *text) {
	size_t n = 0;
	while (bare[(unsigned char)text[n]] == 'y') {
		n++;
	}
	return n;
}

/* TEXT in single quotes, a single quote itself as '\''. */
static void
put_single(struct buf *out, const char *text) {
	buf_addc(out, '\'');
	for (const char *s = text; *s != '\0'; s++) {
		if (*s == '\'') {
			buf_adds(out, "'\\''");
		} else {
			buf_addc(out, *s);
		}
	}
	buf_addc(out, '\'');
}

/* Is TEXT of the kind that people put between double quotes: words, nothing that a shell looks at there, and no pattern
 * or template characters? */
static bool
is_plain_in_double(const char *text) {
	return text[0] != '\0' && strpbrk(text, "\\\"$`!{}[]()*?^#\n") == NULL;
}

/* A character that is not bare inside double quotes. */
static void
put_double_char(struct buf *out, char c) {
	if (c == '!') {
		buf_adds(out, "\"'!'\"");
		return;
	}
	if (c == '\\' || c == '"' || c == '$' || c == '`') {
		buf_addc(out, '\\');
	}
	buf_addc(out, c);
}

/* N bytes of TEXT inside double quotes. */
static void
put_double(struct buf *out, const char *text, size_t n) {
	for (size_t i = 0; i < n;) {
		size_t run = quote_bare(text + i);
		run = run < n - i ? run : n - i;
		buf_add(out, text + i, run);
		i += run;
		if (i < n) {
			put_double_char(out, text[i++]);
		}
	}
}

/* Is the span's value itself no longer written, but "${NAME:?...}"? */
static bool
is_kept_back(const struct word *word, const struct span *span, const struct quote_refs *refs) {
	if (refs->values) {
		return false;
	}
	if (refs->all_outside || (span->ref->name != NULL && str_is_secret_name(span->ref->name))) {
		return true;
	}
	struct buf value = {0};
	buf_add(&value, word->s + span->off, span->len);
	bool has_password = str_has_url_password(buf_str(&value));
	buf_free(&value);
	return has_password;
}

/* Is the span written as a reference? */
static bool
is_reference(const struct word *word, const struct span *span, const struct quote_refs *refs) {
	switch (span->ref->from) {
	case REF_OUTPUT:
		return true;
	case REF_FOLDER:
		return refs->folder != NULL;
	case REF_ENVIRON:
	case REF_DOTENV:
	case REF_ENVFILE:
		return is_kept_back(word, span, refs);
	}
	return false;
}

/* The variable's name, with '_' for what no shell variable may have in its name. */
static void
put_name(struct buf *out, const char *name) {
	if (name == NULL || name[0] == '\0') {
		name = "unnamed";
	}
	for (const char *s = name; *s != '\0'; s++) {
		bool is_digit = *s >= '0' && *s <= '9';
		buf_addc(out, str_is_shell_char(*s) && !(is_digit && s == name) ? *s : '_');
	}
}

/* Would the literal text after "$name" be read as more of the reference, here or in zsh? */
static bool
needs_braces(const char *next) {
	if (*next == ':') {
		return next[1] != '/';
	}
	return str_is_shell_char(*next) || *next == '[' || (unsigned char)*next >= 0x80;
}

/* "$name", with braces if the literal text that follows makes them necessary. */
static void
put_variable(struct buf *out, const char *name, const char *next) {
	bool has_braces = needs_braces(next);
	buf_adds(out, has_braces ? "${" : "$");
	put_name(out, name);
	buf_adds(out, has_braces ? "}" : "");
}

/* The shell text that stands for the project folder; a variable at its end may need braces. */
static void
put_folder(struct buf *out, const char *folder, const char *next) {
	size_t n = strlen(folder);
	while (n > 0 && str_is_shell_char(folder[n - 1])) {
		n--;
	}
	if (n > 0 && folder[n - 1] == '$' && folder[n] != '\0') {
		buf_add(out, folder, n - 1);
		put_variable(out, folder + n, next);
	} else {
		buf_adds(out, folder);
	}
}

bool
quote_refers(const struct word *word, size_t i, const struct quote_refs *refs) {
	return is_reference(word, &word->span[i], refs);
}

void
quote_wish(struct buf *out, const struct ref *ref) {
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789._-";
	const char *name = ref->file != NULL ? path_basename(ref->file) : "";

	buf_adds(out, "set it in the environment");
	if (name[0] != '\0' && strspn(name, safe) == strlen(name)) {
		buf_adds(out, ", as in ");
		buf_adds(out, name);
	}
}

/* One reference. NEXT is the literal text after it, "" when another reference or the end of the
 * word follows. A value that is empty now may be empty then. */
static void
put_reference(
	struct buf *out, const struct span *span, const char *next, const struct quote_refs *refs) {
	if (span->ref->from == REF_OUTPUT) {
		put_variable(out, span->ref->name, next);
	} else if (span->ref->from == REF_FOLDER) {
		put_folder(out, refs->folder, next);
	} else {
		buf_adds(out, "${");
		put_name(out, ref_shell_name(span->ref));
		buf_adds(out, span->len > 0 ? ":?" : "?");
		quote_wish(out, span->ref);
		buf_addc(out, '}');
	}
}

/* The index of the first span from I on that is written as a reference; nspan if there is none. */
static size_t
next_reference(const struct word *word, size_t i, const struct quote_refs *refs) {
	while (i < word->nspan && !is_reference(word, &word->span[i], refs)) {
		i++;
	}
	return i;
}

/* The word in double quotes: literal text and references by turns, the first of them the span I. */
static void
put_references(struct buf *out, const struct word *word, size_t i, const struct quote_refs *refs) {
	size_t at = 0;
	buf_addc(out, '"');
	while (i < word->nspan) {
		const struct span *span = &word->span[i];
		put_double(out, word->s + at, span->off - at);
		at = span->off + span->len;
		i = next_reference(word, i + 1, refs);
		bool is_joined = i < word->nspan && word->span[i].off == at;
		put_reference(out, span, is_joined ? "" : word->s + at, refs);
	}
	put_double(out, word->s + at, strlen(word->s + at));
	buf_addc(out, '"');
}

void
quote_word(struct buf *out, const struct word *word, const struct quote_refs *refs) {
	if (word_is_many(word)) { /* whoever writes it sees to the splitting */
		buf_addc(out, '$');
		put_name(out, word->span[0].ref->name);
		return;
	}
	size_t i = word->nspan > 0 ? next_reference(word, 0, refs) : 0;
	if (i < word->nspan) {
		put_references(out, word, i, refs);
		return;
	}
	size_t n = quote_bare(word->s);
	if (word->s[n] == '\0' && n > 0 && word->s[0] != '=') {
		buf_add(out, word->s, n);
	} else if (is_plain_in_double(word->s)) {
		buf_addc(out, '"');
		buf_adds(out, word->s);
		buf_addc(out, '"');
	} else {
		put_single(out, word->s);
	}
}

void
quote_value(struct buf *out, const struct word *word, const struct quote_refs *refs) {
	if (word->s[0] != '\0' || next_reference(word, 0, refs) < word->nspan) {
		quote_word(out, word, refs);
	}
}
