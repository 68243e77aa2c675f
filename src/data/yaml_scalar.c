/* yaml_scalar.c - what a plain scalar is: null, boolean, number, timestamp or text.
 *
 * The rules are those of Compose's own reader: YAML 1.2's core types with some of 1.1's, such as
 * octal numbers with a leading zero and '_' between digits, but without yes, no and 12:30. */
#include "data_int.h"

#include <math.h>
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <string.h>

/* Is the text of N bytes one of the blank-separated words? */
static bool
is_word(const char *text, size_t n, const char *words) {
	char copy[8];

	if (n >= sizeof(copy) || memchr(text, ' ', n) != NULL)
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	return str_in(words, copy);
}

/* The value of a digit in bases up to 16; 99 for anything else. */
static unsigned
digit(char c) {
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 99;
}

/* The position of the first byte from I on that is no '_'. */
static size_t
next_from(const char *text, size_t n, size_t i) {
	while (i < n && text[i] == '_')
		i++;
	return i;
}

/* The base that the digits from *i on are written in; *i moves over the prefix. */
static unsigned
base_of(const char *text, size_t n, size_t *i) {
	size_t second;

	if (*i >= n || text[*i] != '0')
		return 10;
	second = next_from(text, n, *i + 1);
	if (second >= n)
		return 10;
	*i = next_from(text, n, second + 1);
	switch (text[second]) {
	case 'x':
	case 'X':
		return 16;
	case 'o':
	case 'O':
		return 8;
	case 'b':
	case 'B':
		return 2;
	default:
		*i = second;
		return 8;
	}
}

/* The digits from I on, all of them, as a number. */
static bool
read_digits(const char *text, size_t n, size_t i, unsigned base, uint64_t *out) {
	uint64_t value = 0;

	if (i >= n)
		return false;
	for (; i < n; i = next_from(text, n, i + 1)) {
		unsigned d = digit(text[i]);
		if (d >= base || value > (UINT64_MAX - d) / base)
			return false;
		value = value * base + d;
	}
	*out = value;
	return true;
}

bool
scalar_int(const char *text, size_t n, bool *negative, uint64_t *magnitude) {
	bool has_sign = n > 0 && (text[0] == '-' || text[0] == '+');
	size_t i = next_from(text, n, has_sign ? 1 : 0);
	unsigned base = base_of(text, n, &i);

	if (!read_digits(text, n, i, base, magnitude))
		return false;
	*negative = has_sign && text[0] == '-';
	if (*negative)
		return *magnitude <= (uint64_t)INT64_MAX + 1;
	return !has_sign || *magnitude <= INT64_MAX;
}

/* Append the decimal digits from *i on; how many there were. */
static size_t
take_digits(struct buf *b, const char *text, size_t n, size_t *i) {
	size_t count = 0;

	while (*i < n && text[*i] >= '0' && text[*i] <= '9') {
		buf_addc(b, text[*i]);
		*i = next_from(text, n, *i + 1);
		count++;
	}
	return count;
}

/* Write a decimal number of YAML in the plain form that str_number reads, with digits on both
 * sides of the point; false when it is none. */
static bool
plain_form(struct buf *b, const char *text, size_t n) {
	size_t i = 0, whole, part = 0;

	if (i < n && (text[i] == '-' || text[i] == '+')) {
		if (text[i] == '-')
			buf_addc(b, '-');
		i = next_from(text, n, i + 1);
	}
	if (i < n && text[i] == '.')
		buf_addc(b, '0');
	whole = take_digits(b, text, n, &i);
	if (i < n && text[i] == '.') {
		buf_addc(b, '.');
		i = next_from(text, n, i + 1);
		part = take_digits(b, text, n, &i);
		if (part == 0)
			buf_addc(b, '0');
	}
	if (whole == 0 && part == 0)
		return false;
	if (i < n && (text[i] == 'e' || text[i] == 'E')) {
		buf_addc(b, 'e');
		i = next_from(text, n, i + 1);
		if (i < n && (text[i] == '-' || text[i] == '+')) {
			buf_addc(b, text[i]);
			i = next_from(text, n, i + 1);
		}
		if (take_digits(b, text, n, &i) == 0)
			return false;
	}
	return i == n;
}

/* A finite decimal number. */
static bool
read_decimal(const char *text, size_t n, double *out) {
	struct buf b = {0};
	bool good = plain_form(&b, text, n) && str_number(buf_str(&b), out) && isfinite(*out);

	buf_free(&b);
	return good;
}

#define INF_WORDS ".inf .Inf .INF +.inf +.Inf +.INF"
#define MINUS_INF_WORDS "-.inf -.Inf -.INF"
#define NAN_WORDS ".nan .NaN .NAN"

bool
scalar_float(const char *text, double *out) {
	size_t n = strlen(text);

	if (is_word(text, n, INF_WORDS))
		*out = (double)INFINITY;
	else if (is_word(text, n, MINUS_INF_WORDS))
		*out = -(double)INFINITY;
	else if (is_word(text, n, NAN_WORDS))
		*out = (double)NAN;
	else
		return read_decimal(text, n, out);
	return true;
}

/* The type of a scalar that begins like a number. */
static enum node_type
number_type(const char *text, size_t n, unsigned *flags) {
	struct stamp stamp;
	bool negative;
	uint64_t magnitude;
	double value;

	if (is_word(text, n, INF_WORDS) || is_word(text, n, MINUS_INF_WORDS) ||
		is_word(text, n, NAN_WORDS))
		return NODE_FLOAT;
	if (text[0] == '.')
		return memchr(text, '_', n) == NULL && read_decimal(text, n, &value) ? NODE_FLOAT
										     : NODE_STR;
	if (scalar_time(text, n, &stamp)) {
		*flags |= NODE_TIME;
		return NODE_STR;
	}
	if (scalar_int(text, n, &negative, &magnitude))
		return NODE_INT;
	return read_decimal(text, n, &value) ? NODE_FLOAT : NODE_STR;
}

enum node_type
scalar_type(const char *text, size_t n, unsigned *flags) {
	if (n == 0)
		return NODE_NULL;
	switch (text[0]) {
	case '~':
	case 'n':
	case 'N':
		return is_word(text, n, "~ null Null NULL") ? NODE_NULL : NODE_STR;
	case 't':
	case 'T':
	case 'f':
	case 'F':
		return is_word(text, n, "true True TRUE false False FALSE") ? NODE_BOOL : NODE_STR;
	case '.':
	case '+':
	case '-':
		return number_type(text, n, flags);
	default:
		return text[0] >= '0' && text[0] <= '9' ? number_type(text, n, flags) : NODE_STR;
	}
}
