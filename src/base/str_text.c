/* str_text.c - UTF-8 for a terminal: what is valid, what is safe to show, how wide it is.
 * The tables are small and good enough for aligning; a wrong width costs a crooked caret. */
#include "base_int.h"
#include <stackplan/buf.h>
#include <stackplan/str.h>

size_t
utf8_decode(const char *s, size_t len, uint32_t *code) {
	const unsigned char *u = (const unsigned char *)s;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (u[0] < 0x80) {
		*code = u[0];
		return 1;
	}
	size_t n = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	if (u[0] < 0xc2 || u[0] > 0xf4 || n > len)
		return 0;
	uint32_t value = u[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (u[i] & 0x3f);
	}
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return n;
}

struct range {
	uint32_t first, last;
};

/* Is the code point in one of the sorted ranges? */
static bool
is_in(uint32_t code, const struct range *ranges, size_t n) {
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (code > ranges[mid].last)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && code >= ranges[lo].first;
}

/* Marks that stand on the character before them, and characters that show nothing. */
static const struct range no_cell[] = {
	{0x0300, 0x036f},
	{0x0483, 0x0489},
	{0x0591, 0x05bd},
	{0x05bf, 0x05bf},
	{0x05c1, 0x05c2},
	{0x05c4, 0x05c5},
	{0x0610, 0x061a},
	{0x064b, 0x065f},
	{0x0670, 0x0670},
	{0x06d6, 0x06dc},
	{0x06df, 0x06e4},
	{0x06e7, 0x06e8},
	{0x06ea, 0x06ed},
	{0x0730, 0x074a},
	{0x0900, 0x0902},
	{0x093a, 0x093a},
	{0x093c, 0x093c},
	{0x0941, 0x0948},
	{0x094d, 0x094d},
	{0x0951, 0x0957},
	{0x0e31, 0x0e31},
	{0x0e34, 0x0e3a},
	{0x0e47, 0x0e4e},
	{0x1160, 0x11ff},
	{0x1ab0, 0x1aff},
	{0x1dc0, 0x1dff},
	{0x200b, 0x200d},
	{0x2060, 0x2064},
	{0x20d0, 0x20ff},
	{0x302a, 0x302d},
	{0x3099, 0x309a},
	{0xfe00, 0xfe0f},
	{0xfe20, 0xfe2f},
	{0xfeff, 0xfeff},
	{0xe0100, 0xe01ef},
};

/* East Asian wide and full-width characters, and emoji that terminals show as pictures. */
static const struct range two_cells[] = {
	{0x1100, 0x115f},
	{0x231a, 0x231b},
	{0x2329, 0x232a},
	{0x23e9, 0x23ec},
	{0x23f0, 0x23f0},
	{0x23f3, 0x23f3},
	{0x25fd, 0x25fe},
	{0x2614, 0x2615},
	{0x2648, 0x2653},
	{0x267f, 0x267f},
	{0x2693, 0x2693},
	{0x26a1, 0x26a1},
	{0x26aa, 0x26ab},
	{0x26bd, 0x26be},
	{0x26c4, 0x26c5},
	{0x26ce, 0x26ce},
	{0x26d4, 0x26d4},
	{0x26ea, 0x26ea},
	{0x26f2, 0x26f3},
	{0x26f5, 0x26f5},
	{0x26fa, 0x26fa},
	{0x26fd, 0x26fd},
	{0x2705, 0x2705},
	{0x270a, 0x270b},
	{0x2728, 0x2728},
	{0x274c, 0x274c},
	{0x274e, 0x274e},
	{0x2753, 0x2755},
	{0x2757, 0x2757},
	{0x2795, 0x2797},
	{0x27b0, 0x27b0},
	{0x27bf, 0x27bf},
	{0x2b1b, 0x2b1c},
	{0x2b50, 0x2b50},
	{0x2b55, 0x2b55},
	{0x2e80, 0x303e},
	{0x3041, 0x4dbf},
	{0x4e00, 0xa4cf},
	{0xa960, 0xa97c},
	{0xac00, 0xd7a3},
	{0xf900, 0xfaff},
	{0xfe10, 0xfe19},
	{0xfe30, 0xfe6f},
	{0xff01, 0xff60},
	{0xffe0, 0xffe6},
	{0x16fe0, 0x18cff},
	{0x1b000, 0x1b2fb},
	{0x1f004, 0x1f004},
	{0x1f0cf, 0x1f0cf},
	{0x1f18e, 0x1f18e},
	{0x1f191, 0x1f19a},
	{0x1f200, 0x1f320},
	{0x1f32d, 0x1f335},
	{0x1f337, 0x1f37c},
	{0x1f37e, 0x1f393},
	{0x1f3a0, 0x1f3ca},
	{0x1f3cf, 0x1f3d3},
	{0x1f3e0, 0x1f3f0},
	{0x1f3f4, 0x1f3f4},
	{0x1f3f8, 0x1f43e},
	{0x1f440, 0x1f440},
	{0x1f442, 0x1f4fc},
	{0x1f4ff, 0x1f53d},
	{0x1f54b, 0x1f54e},
	{0x1f550, 0x1f567},
	{0x1f57a, 0x1f57a},
	{0x1f595, 0x1f596},
	{0x1f5a4, 0x1f5a4},
	{0x1f5fb, 0x1f64f},
	{0x1f680, 0x1f6c5},
	{0x1f6cc, 0x1f6cc},
	{0x1f6d0, 0x1f6d2},
	{0x1f6d5, 0x1f6df},
	{0x1f6eb, 0x1f6ec},
	{0x1f6f4, 0x1f6fc},
	{0x1f7e0, 0x1f7eb},
	{0x1f90c, 0x1f9ff},
	{0x1fa70, 0x1faff},
	{0x20000, 0x2fffd},
	{0x30000, 0x3fffd},
};

unsigned
code_width(uint32_t code) {
	if (code < 0x300)
		return 1;
	if (is_in(code, no_cell, countof(no_cell)))
		return 0;
	return is_in(code, two_cells, countof(two_cells)) ? 2 : 1;
}

bool
code_is_control(uint32_t code) {
	if (code < 0x20 || (code >= 0x7f && code < 0xa0))
		return true;
	return code == 0x061c || (code >= 0x200e && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* The first character of the text: how many bytes, and whether they can be shown as they are. */
static size_t
next_char(const char *text, size_t len, uint32_t *code, bool *is_shown) {
	size_t n = utf8_decode(text, len, code);
	*is_shown = n != 0 && !code_is_control(*code);
	return n != 0 ? n : 1;
}

void
str_safe(struct buf *b, const char *text, size_t len, bool keep_lines) {
	size_t from = 0; /* what lies between here and i is added in one piece */
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t code;
		bool is_shown;
		n = next_char(text + i, len - i, &code, &is_shown);
		if (is_shown || (keep_lines && (text[i] == '\n' || text[i] == '\t')))
			continue;
		buf_add(b, text + from, i - from);
		for (size_t j = i; j < i + n; j++)
			buf_printf(b, "\\x%02x", (unsigned char)text[j]);
		from = i + n;
	}
	buf_add(b, text + from, len - from);
}

size_t
str_width(const char *text, size_t len) {
	size_t width = 0;
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t code;
		bool is_shown;
		n = 1;
		if (text[i] >= ' ' && text[i] <= '~') {
			width++;
			continue;
		}
		n = next_char(text + i, len - i, &code, &is_shown);
		width += is_shown ? code_width(code) : 4 * n;
	}
	return width;
}

bool
str_is_utf8(const char *text, size_t len, size_t *bad) {
	uint32_t code;
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &code);
		if (n == 0) {
			*bad = i;
			return false;
		}
	}
	return true;
}
