/* str.c - prefixes, lists of names, strict integers, and the name that was probably meant. */
#include "base_int.h"
#include <stackplan/str.h>
#include <string.h>

bool
str_is_shell_char(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool
str_is_shell_name(const char *name) {
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	while (str_is_shell_char(*name))
		name++;
	return !*name;
}

bool
str_ends(const char *text, const char *suffix) {
	size_t n = strlen(text), nsuffix = strlen(suffix);
	return n >= nsuffix && strcmp(text + n - nsuffix, suffix) == 0;
}

bool
str_in(const char *list, const char *name) {
	size_t n = strlen(name);
	if (list == NULL || n == 0 || strchr(name, ' ') != NULL)
		return false;
	for (const char *s = list; s != NULL; s = strchr(s, ' ')) {
		s += *s == ' ';
		if (*s == *name && strncmp(s, name, n) == 0 && (s[n] == '\0' || s[n] == ' '))
			return true;
	}
	return false;
}

bool
str_among(const char *const *sorted, size_t n, const char *name) {
	size_t from = 0;
	while (from < n) {
		size_t middle = from + (n - from) / 2;
		int order = (unsigned char)name[0] - (unsigned char)sorted[middle][0];
		if (order == 0)
			order = strcmp(name, sorted[middle]);
		if (order == 0)
			return true;
		if (order < 0)
			n = middle;
		else
			from = middle + 1;
	}
	return false;
}

/* Decimal digits without a leading zero as a number; false if they are none or too many. */
static bool
read_digits(const char *text, uint64_t *out) {
	if (*text == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	uint64_t value = 0;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		unsigned digit = (unsigned)(*text - '0');
		if (value > (UINT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool
str_int(const char *text, int64_t lo, int64_t hi, int64_t *out) {
	bool is_negative = *text == '-';
	uint64_t size;
	if (!read_digits(text + is_negative, &size))
		return false;
	if (size > (uint64_t)INT64_MAX + is_negative || (is_negative && size == 0))
		return false;
	/* -size without leaving int64_t on the way */
	int64_t value = is_negative ? -(int64_t)(size - 1) - 1 : (int64_t)size;
	if (value < lo || value > hi)
		return false;
	*out = value;
	return true;
}

/* Names longer than this are nobody's typing error. */
enum { LONGEST = 64 };

/* An ASCII letter in lower case, anything else as it is. */
static char
lower(char c) {
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The least of three. */
static unsigned
least(unsigned a, unsigned b, unsigned c) {
	unsigned d = a < b ? a : b;
	return d < c ? d : c;
}

/* How many letters must be put in, left out, changed or swapped with their neighbour to make B
 * of A. Both are at most LONGEST long. Letter case costs nothing. */
static unsigned
distance(const char *a, size_t na, const char *b, size_t nb) {
	unsigned rows[3][LONGEST + 1]; /* of the usual table only the last three rows are needed */
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	for (size_t j = 0; j <= nb; j++)
		before[j] = last[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);
			row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y));
			bool is_swap =
				i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]);
			if (is_swap && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		unsigned *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[nb];
}

const char *
str_nearest(const char *word, const char *const *names, size_t n) {
	size_t nword = strlen(word);
	unsigned best = (unsigned)(nword / 3) + 1;
	const char *nearest = NULL;
	if (nword > LONGEST)
		return NULL;
	for (size_t i = 0; i < n && names[i] != NULL; i++) {
		size_t len = strlen(names[i]);
		size_t apart = len > nword ? len - nword : nword - len;
		if (len > LONGEST || apart >= best)
			continue;
		unsigned d = distance(word, nword, names[i], len);
		if (d < best && d < len) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}
