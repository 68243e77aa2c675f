/* scalar_time.c - the plain scalars that Compose takes for timestamps, and how it prints them.
 *
 * Four forms: a date, a date and a time after a blank, and the two with 'T' or 't' and a zone.
 * Months, days, hours, minutes and seconds may have one digit or two. */
#include "data_int.h"

#include <stackplan/arena.h>

struct scan {
	const char *s;
	size_t n, i;
};

/* Take C if it is next. */
static bool
take(struct scan *in, char c) {
	if (in->i >= in->n || in->s[in->i] != c)
		return false;
	in->i++;
	return true;
}

/* Is the byte OFF places ahead a digit? */
static bool
is_digit(const struct scan *in, size_t off) {
	return in->i + off < in->n && in->s[in->i + off] >= '0' && in->s[in->i + off] <= '9';
}

/* Take LEAST to MOST digits as a number within lo .. hi. */
static bool
take_number(struct scan *in, int least, int most, int lo, int hi, int *out) {
	int count = 0, value = 0;

	for (; count < most && is_digit(in, 0); count++)
		value = value * 10 + (in->s[in->i++] - '0');
	*out = value;
	return count >= least && value >= lo && value <= hi;
}

/* How many days the month has. */
static int
days_in(int year, int month) {
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/* Take a fraction of a second if one is next; digits behind the ninth are dropped. */
static void
take_fraction(struct scan *in, struct stamp *t) {
	long unit = 100000000;

	if (in->i >= in->n || (in->s[in->i] != '.' && in->s[in->i] != ',') || !is_digit(in, 1))
		return;
	for (in->i++; is_digit(in, 0); in->i++, unit /= 10)
		t->nanosecond += (in->s[in->i] - '0') * unit;
}

/* Take "Z" or an offset such as "+02:00". */
static bool
take_zone(struct scan *in, struct stamp *t) {
	int hours, minutes;
	bool is_west = in->i < in->n && in->s[in->i] == '-';

	if (take(in, 'Z'))
		return true;
	if (!take(in, '+') && !take(in, '-'))
		return false;
	if (!take_number(in, 2, 2, 0, 24, &hours) || !take(in, ':') ||
		!take_number(in, 2, 2, 0, 60, &minutes))
		return false;
	t->zone_minutes = (is_west ? -1 : 1) * (hours * 60 + minutes);
	return true;
}

bool
scalar_time(const char *text, size_t n, struct stamp *out) {
	struct scan in = {text, n, 0};
	struct stamp t = {0};
	bool has_zone;

	if (!take_number(&in, 4, 4, 0, 9999, &t.year) || !take(&in, '-') ||
		!take_number(&in, 1, 2, 1, 12, &t.month) || !take(&in, '-') ||
		!take_number(&in, 1, 2, 1, days_in(t.year, t.month), &t.day))
		return false;
	*out = t;
	if (in.i == n)
		return true;
	has_zone = take(&in, 'T') || take(&in, 't');
	if (!has_zone && !take(&in, ' '))
		return false;
	if (!take_number(&in, 1, 2, 0, 23, &t.hour) || !take(&in, ':') ||
		!take_number(&in, 1, 2, 0, 59, &t.minute) || !take(&in, ':') ||
		!take_number(&in, 1, 2, 0, 59, &t.second))
		return false;
	take_fraction(&in, &t);
	if (has_zone && !take_zone(&in, &t))
		return false;
	*out = t;
	return in.i == n;
}

char *
stamp_text(struct arena *mem, const struct stamp *t) {
	char part[16] = "", zone[16] = "UTC";
	int minutes = t->zone_minutes < 0 ? -t->zone_minutes : t->zone_minutes;
	char sign = t->zone_minutes < 0 ? '-' : '+';

	if (t->nanosecond != 0) {
		int n = snprintf(part, sizeof(part), ".%09ld", t->nanosecond);
		while (n > 0 && part[n - 1] == '0')
			part[--n] = '\0';
	}
	if (minutes != 0)
		snprintf(zone, sizeof(zone), "%c%02d%02d", sign, minutes / 60, minutes % 60);
	return arena_printf(mem, "%04d-%02d-%02d %02d:%02d:%02d%s %c%02d%02d %s", t->year, t->month,
		t->day, t->hour, t->minute, t->second, part, sign, minutes / 60, minutes % 60,
		zone);
}
