/* str.h - reading small texts strictly: numbers, sizes, durations, names. */
#ifndef STACKPLAN_STR_H
#define STACKPLAN_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;
struct buf;

#define countof(a) (sizeof(a) / sizeof(*(a)))

#ifdef __clang_analyzer__ /* it would take both sides of each test in here for possible */
bool str_eq(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
#else
/* Most texts that are compared differ in their first character already. */
static inline bool
str_eq(const char *a, const char *b) {
	return a[0] == b[0] && strcmp(a, b) == 0;
}

static inline bool
str_starts(const char *text, const char *prefix) {
	return (text[0] == prefix[0] || prefix[0] == '\0') &&
	       strncmp(text, prefix, strlen(prefix)) == 0;
}
#endif

bool str_ends(const char *, const char *suffix);

/* Is NAME one of the blank-separated words of LIST? LIST may be NULL (then no). */
bool str_in(const char *list, const char *name);

/* Is NAME one of N names, which are sorted? */
bool str_among(const char *const *sorted, size_t n, const char *name);

/* The whole of TEXT as a decimal integer, optional leading '-', no blanks, no '+', no leading
 * zeros; false if it is none or lies outside lo..hi. Says nothing itself, as all here. */
bool str_int(const char *text, int64_t lo, int64_t hi, int64_t *out);

/* Any decimal number "12", "0.5", "-1.5", "1e3" whatever the locale. */
bool str_number(const char *text, double *out);

/* The shortest decimal text that reads back as VALUE, as Go's %v prints it (1e+06, 1e-05, 0.5). */
char *str_from_double(struct arena *, double value);

/* A size such as "512m", "1.5g", "64MiB", "10 MB", "100": powers of 1024, in bytes. "-1" gives
 * UINT64_MAX only when MAY_BE_MINUS_ONE. More than INT64_MAX is no size, nor is half a byte. */
bool str_size(const char *text, bool may_be_minus_one, uint64_t *out);

/* A duration such as "1h30m", "500ms", "1.5s", "1d", "2w", in nanoseconds. "0" is a duration, other
 * numbers without a unit are none. Negative ones are none. */
bool str_duration(const char *text, int64_t *out_ns);

/* A duration as Go prints it ("1m30s", "500ms", "1h0m0s" as "1h0m0s", 0 as "0s"). */
char *str_from_duration(struct arena *, int64_t ns);

/* A truth value by YAML 1.2 and Compose's lenience: true false yes no y n on off in any letter
 * case; "1" and "0" are none. */
bool str_bool(const char *text, bool *out);

/* The name in the NULL-terminated array that WORD was probably meant to be, by edit distance
 * (transpositions count one) of at most a third of its length; NULL if none is near. */
const char *str_nearest(const char *word, const char *const *names, size_t n);

/* Append TEXT so that a terminal shows it and obeys none of it: C0 (but not "\n" and "\t" when
 * KEEP_LINES), DEL, C1, line separators, marks that turn the direction of writing, and invalid
 * UTF-8: each of their bytes as \xNN. */
void str_safe(struct buf *, const char *text, size_t len, bool keep_lines);

/* Display cells of the first LEN bytes of UTF-8 TEXT (East Asian wide ones count two, combining
 * none). What str_safe would write as \xNN counts as four a byte. */
size_t str_width(const char *text, size_t len);

/* Is the text valid UTF-8? *BAD gets the offset of the first wrong byte. */
bool str_is_utf8(const char *text, size_t len, size_t *bad);

/* Does a variable of this name hold a secret, by its name? PASSWORD, PASSWD, PASSPHRASE, SECRET, TOKEN, KEY, CREDENTIAL,
 * ... as words of the name (split at '_', '-', '.', and camel case), see the table in str_secret.c. */
bool str_is_secret_name(const char *name);

/* Does the text hold a URL with a password in its user part ("postgres://app:pw@db/app")? */
bool str_has_url_password(const char *text);

/* May C continue the name of a variable of a POSIX shell? */
bool str_is_shell_char(char c);
/* Can such a variable have this name? */
bool str_is_shell_name(const char *name);

/* Would the docker CLI itself (or the loader that starts it) read an environment variable of this
 * name: DOCKER_*, BUILDKIT_*, PATH, HOME, *_PROXY, LD_*, GO*, SSH_*, XDG_*, TERM ...? */
bool str_is_reserved_env(const char *name);

#endif
