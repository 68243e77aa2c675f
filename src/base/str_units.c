/* str_units.c - what people write for amounts: numbers, sizes, durations, yes and no.
 * Nothing here depends on the locale; nothing is accepted that has something left over. */
#include "base_int.h"
#include <locale.h>
#include <math.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How many decimal digits stand at the beginning of the text. */
static size_t
count_digits(const char *text) {
	return strspn(text, "0123456789");
}

/* The part of the text that is an unsigned decimal fraction ("12", "0.5", ".5", "5."), in bytes;
 * 0 if there is none. */
static size_t
count_decimal(const char *text) {
	size_t whole = count_digits(text);
	if (text[whole] != '.')
		return whole;
	size_t part = count_digits(text + whole + 1);
	return whole + part == 0 ? 0 : whole + 1 + part;
}

/* strtod for text of N bytes that is known to be a number with a point. */
static double
read_double(const char *text, size_t n) {
	struct buf copy = {0};
	const char *point = memchr(text, '.', n);
	size_t before = point != NULL ? (size_t)(point - text) : n;
	buf_add(&copy, text, before);
	if (point != NULL) {
		buf_adds(&copy, localeconv()->decimal_point);
		buf_add(&copy, point + 1, n - before - 1);
	}
	double value = strtod(buf_str(&copy), NULL);
	buf_free(&copy);
	return value;
}

bool
str_number(const char *text, double *out) {
	const char *s = text;
	if (*s == '-' || *s == '+')
		s++;
	size_t n = count_decimal(s);
	if (n == 0)
		return false;
	s += n;
	if (*s == 'e' || *s == 'E') {
		s++;
		if (*s == '-' || *s == '+')
			s++;
		n = count_digits(s);
		if (n == 0)
			return false;
		s += n;
	}
	if (*s != '\0')
		return false;
	double value = read_double(text, (size_t)(s - text));
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}

/* The decimal digits of a finite VALUE, as few as read back equal, without zeros at the end; and
 * the exponent of the first one. */
static void
shortest_digits(double value, char digits[static 20], int *exponent) {
	char text[64];
	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	size_t n = 0;
	const char *s = text;
	for (; *s != 'e'; s++) /* what is neither is the locale's point */
		if (*s >= '0' && *s <= '9' && n < 19)
			digits[n++] = *s;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	*exponent = (int)strtol(s + 1, NULL, 10);
}

char *
str_from_double(struct arena *mem, double value) {
	if (isnan(value))
		return arena_strdup(mem, "NaN");
	if (isinf(value))
		return arena_strdup(mem, value > 0 ? "+Inf" : "-Inf");
	char digits[20] = "";
	int exponent = 0;
	shortest_digits(fabs(value), digits, &exponent);
	struct buf b = {0};
	if (signbit(value))
		buf_addc(&b, '-');
	int n = (int)strlen(digits);
	if (exponent < -4 || exponent >= 6) {
		buf_addc(&b, digits[0]);
		if (n > 1)
			buf_printf(&b, ".%s", digits + 1);
		buf_printf(&b, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
	} else if (exponent < 0) {
		buf_printf(&b, "0.%.*s%s", -exponent - 1, "000", digits);
	} else {
		for (int i = 0; i <= exponent; i++)
			buf_addc(&b, i < n ? digits[i] : '0');
		if (n > exponent + 1)
			buf_printf(&b, ".%s", digits + exponent + 1);
	}
	return arena_take_buf(mem, &b);
}

/* Add N digits at TEXT, times UNIT, to *SUM; false where that leaves int64_t. */
static bool
add_product(const char *text, size_t n, uint64_t unit, uint64_t *sum) {
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = (unsigned)(text[i] - '0');
		if (value > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > (uint64_t)INT64_MAX / unit || value * unit > (uint64_t)INT64_MAX - *sum)
		return false;
	*sum += value * unit;
	return true;
}

/* The power of 1024 that a unit stands for: "", b, k, kb, kib ...; 0 if it is none. */
static uint64_t
size_unit(const char *unit) {
	static const char letters[] = "kmgtp";
	uint64_t factor = 1;
	char first = unit[0] >= 'A' && unit[0] <= 'Z' ? (char)(unit[0] - 'A' + 'a') : unit[0];
	const char *letter = first != '\0' ? strchr(letters, first) : NULL;
	if (letter != NULL) {
		factor <<= 10 * (letter - letters + 1);
		unit++;
		if (strcasecmp(unit, "ib") == 0)
			return factor;
	}
	return *unit == '\0' || strcasecmp(unit, "b") == 0 ? factor : 0;
}

bool
str_size(const char *text, bool may_be_minus_one, uint64_t *out) {
	if (may_be_minus_one && str_eq(text, "-1")) {
		*out = UINT64_MAX;
		return true;
	}
	size_t whole = count_digits(text), n = count_decimal(text);
	const char *unit_text = text + n + strspn(text + n, " ");
	uint64_t unit = size_unit(unit_text), bytes = 0;
	if (n == 0 || unit == 0 || (*unit_text == '\0' && unit_text != text + n))
		return false;
	if (!add_product(text, whole, unit, &bytes))
		return false;
	if (n > whole + 1) {
		if (unit == 1)
			return false; /* half a byte */
		/* Exact, for the unit is a power of two: only what is less than a byte is lost. */
		uint64_t more = (uint64_t)(read_double(text + whole, n - whole) * (double)unit);
		if (more > (uint64_t)INT64_MAX - bytes)
			return false;
		bytes += more;
	}
	*out = bytes;
	return true;
}

static const uint64_t second_ns = 1000000000;

/* Read the unit at *TEXT and step over it; 0 if it is none. */
static uint64_t
duration_unit(const char **text) {
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		/* longer names before those they begin with */
		{"ns", 1},
		{"us", 1000},
		{"\xc2\xb5s", 1000}, /* MICRO SIGN */
		{"\xce\xbcs", 1000}, /* GREEK SMALL LETTER MU */
		{"ms", 1000000},
		{"s", 1000000000},
		{"m", 60000000000},
		{"h", 3600000000000},
		{"d", 86400000000000},
		{"w", 604800000000000},
	};
	for (size_t i = 0; i < countof(units); i++) {
		if (!str_starts(*text, units[i].name))
			continue;
		*text += strlen(units[i].name);
		return units[i].ns;
	}
	return 0;
}

bool
str_duration(const char *text, int64_t *out_ns) {
	uint64_t sum = 0;
	if (*text == '\0')
		return false;
	if (str_eq(text, "0")) {
		*out_ns = 0;
		return true;
	}
	while (*text != '\0') {
		const char *number = text;
		size_t whole = count_digits(number), n = count_decimal(number);
		text += n;
		uint64_t unit = n != 0 ? duration_unit(&text) : 0;
		if (unit == 0 || !add_product(number, whole, unit, &sum))
			return false;
		if (n > whole + 1) {
			double part = read_double(number + whole, n - whole);
			/* The tenth of a nanosecond keeps 0.3s from being 299999999ns. */
			uint64_t more = (uint64_t)(part * (double)unit + 0.1);
			if (more > (uint64_t)INT64_MAX - sum)
				return false;
			sum += more;
		}
	}
	*out_ns = (int64_t)sum;
	return true;
}

/* Append NS as a decimal fraction of UNIT, without zeros at the end. */
static void
add_fraction(struct buf *b, uint64_t ns, uint64_t unit) {
	buf_printf(b, "%llu", (unsigned long long)(ns / unit));
	uint64_t rest = ns % unit;
	if (rest != 0)
		buf_addc(b, '.');
	for (uint64_t place = unit / 10; place > 0 && rest != 0; place /= 10) {
		/* cppcheck-suppress zerodivcond ; the loop runs only while place > 0 */
		buf_addc(b, (char)('0' + rest / place));
		rest %= place;
	}
}

char *
str_from_duration(struct arena *mem, int64_t ns) {
	struct buf b = {0};
	uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	if (ns < 0)
		buf_addc(&b, '-');
	if (left == 0) {
		buf_adds(&b, "0s");
	} else if (left < 1000) {
		buf_printf(&b, "%dns", (int)left);
	} else if (left < second_ns) {
		bool is_micro = left < 1000000;
		add_fraction(&b, left, is_micro ? 1000 : 1000000);
		buf_adds(&b, is_micro ? "\xc2\xb5s" : "ms");
	} else {
		uint64_t minutes = left / (60 * second_ns);
		if (minutes >= 60)
			buf_printf(&b, "%lluh", (unsigned long long)(minutes / 60));
		if (minutes != 0)
			buf_printf(&b, "%dm", (int)(minutes % 60));
		add_fraction(&b, left % (60 * second_ns), second_ns);
		buf_addc(&b, 's');
	}
	return arena_take_buf(mem, &b);
}

bool
str_bool(const char *text, bool *out) {
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{"true", true},
		{"false", false},
		{"yes", true},
		{"no", false},
		{"y", true},
		{"n", false},
		{"on", true},
		{"off", false},
	};
	for (size_t i = 0; i < countof(words); i++) {
		if (strcasecmp(text, words[i].word) != 0)
			continue;
		*out = words[i].value;
		return true;
	}
	return false;
}
