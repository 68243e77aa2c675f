/* quote.c - the styles: text written so that HTML, Markdown, DOT, Mermaid, JSON or roff show it as
 * it is.
 *
 * Each style is a function over one text; the table at the end names them. The shell's words,
 * which may hold references, are in quote_sh.c. Texts are bytes: invalid UTF-8 passes through, but
 * for JSON, which has no way to write it. */
#include <stackplan/buf.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* Letters and digits of ASCII, whatever the locale. */
static bool
is_alnum(char c) {
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Is C a space or a tab? */
static bool
is_blank(char c) {
	return c == ' ' || c == '\t';
}

/* Would a shell that meets TEXT as the first word read a reserved word or an assignment? */
static bool
is_shell_syntax(const char *text) {
	size_t n = 0;
	while (is_alnum(text[n]) || text[n] == '_') {
		n++;
	}
	if (n > 0 && text[n] == '=' && !(text[0] >= '0' && text[0] <= '9')) {
		return true;
	}
	return str_in(
		"if then else elif fi do done case esac while until for in function select time "
		"coproc",
		text);
}

/* One shell word that may stand anywhere, also first in a command. */
static void
put_sh(struct buf *out, const char *text) {
	if (is_shell_syntax(text) && strchr(text, '\'') == NULL) {
		buf_printf(out, "'%s'", text);
	} else {
		quote_word(out, &(struct word){.s = text}, &(struct quote_refs){.values = true});
	}
}

/* The five characters that markup and attribute values give a meaning. */
static void
put_html(struct buf *out, const char *text) {
	for (const char *s = text; *s != '\0'; s++) {
		switch (*s) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		case '\'':
			buf_adds(out, "&#39;");
			break;
		default:
			buf_addc(out, *s);
		}
	}
}

/* Does TEXT begin like an item of a numbered list? The offset of its '.' or ')', else 0. */
static size_t
list_mark(const char *text) {
	size_t n = strspn(text, "0123456789");
	bool has_mark = n > 0 && n < 10 && (text[n] == '.' || text[n] == ')');
	return has_mark && (text[n + 1] == '\0' || is_blank(text[n + 1])) ? n : 0;
}

/* Is the '_' at S within a word, where it is never emphasis? */
static bool
is_inner_underscore(const char *text, const char *s) {
	return *s == '_' && s > text && is_alnum(s[-1]) && is_alnum(s[1]);
}

/* Would Markdown see more in the character at S than itself? */
static bool
is_markdown(const char *text, const char *s) {
	bool is_first = s == text;
	switch (*s) {
	case '_':
		return !is_inner_underscore(text, s);
	case '&':
		return s[1] == '\0' || s[1] == '#' || is_alnum(s[1]);
	case '#':
		return is_first || is_blank(s[-1]) || s[-1] == '#';
	case '>':
	case '=':
		return is_first;
	case '-':
	case '+':
		return is_first && (s[1] == '\0' || s[1] == *s || is_blank(s[1]));
	default:
		return strchr("\\`*[]<|~$", *s) != NULL;
	}
}

/* Running text of CommonMark, or a cell of a table: backslashes, and character references for
 * blanks at the ends and for line ends, which would be structure. */
static void
put_markdown(struct buf *out, const char *text) {
	size_t mark = list_mark(text);
	for (const char *s = text; *s != '\0'; s++) {
		bool is_end = s == text || s[1] == '\0';
		if (*s == '\n' || *s == '\r' || (is_blank(*s) && is_end)) {
			buf_printf(out, "&#%d;", *s);
			continue;
		}
		if (is_markdown(text, s) || (mark > 0 && s == text + mark)) {
			buf_addc(out, '\\');
		}
		buf_addc(out, *s);
	}
}

/* The end of a line at S, in any of its three spellings; steps S to its last byte. */
static bool
is_line_end(const char **s) {
	if (**s == '\r' && (*s)[1] == '\n') {
		(*s)++;
	}
	return **s == '\n' || **s == '\r';
}

/* Inside a double-quoted string of DOT that is shown as a label, where entities are read too. */
static void
put_dot(struct buf *out, const char *text) {
	for (const char *s = text; *s != '\0'; s++) {
		if (is_line_end(&s)) {
			buf_adds(out, "\\n");
		} else if (*s == '&') {
			buf_adds(out, "&amp;");
		} else {
			if (*s == '"' || *s == '\\') {
				buf_addc(out, '\\');
			}
			buf_addc(out, *s);
		}
	}
}

/* Does the character at S mean only itself in a Mermaid label? Its labels are Markdown, may hold
 * directives, and links of any kind are refused. */
static bool
is_mermaid_plain(const char *text, const char *s) {
	if (is_alnum(*s) || *s == ' ' || (unsigned char)*s >= 0x80) {
		return true;
	}
	switch (*s) {
	case '_':
		return is_inner_underscore(text, s);
	case ':':
		return strncmp(s, "://", 3) != 0;
	case '.':
		return s - text < 3 ||
		       (strncmp(s - 3, "www", 3) != 0 && strncmp(s - 3, "WWW", 3) != 0);
	case '-':
	case '+':
	case '=':
		return s > text;
	default:
		return strchr(",/()!?'", *s) != NULL;
	}
}

/* Inside the label of ["..."]: Mermaid's entity codes for all that isn't plain. */
static void
put_mermaid(struct buf *out, const char *text) {
	size_t mark = list_mark(text);
	for (const char *s = text; *s != '\0'; s++) {
		if (is_line_end(&s)) {
			buf_adds(out, "<br/>");
		} else if (*s == '"') {
			buf_adds(out, "#quot;");
		} else if (is_mermaid_plain(text, s) && (mark == 0 || s != text + mark)) {
			buf_addc(out, *s);
		} else if ((unsigned char)*s < ' ' || *s == 0x7f) {
			buf_addc(out, ' ');
		} else {
			buf_printf(out, "#%d;", *s);
		}
	}
}

/* One ASCII character of a JSON string. */
static void
put_json_char(struct buf *out, char c) {
	static const char from[] = "\b\f\n\r\t\"\\", to[] = "bfnrt\"\\";
	const char *at = strchr(from, c);
	if (at != NULL) {
		buf_addc(out, '\\');
		buf_addc(out, to[at - from]);
	} else if ((unsigned char)c < ' ') {
		buf_printf(out, "\\u%04x", (unsigned)c);
	} else {
		buf_addc(out, c);
	}
}

/* Inside a JSON string; a byte that is no UTF-8 becomes U+FFFD. */
static void
put_json(struct buf *out, const char *text) {
	size_t len = strlen(text);
	while (len > 0) {
		size_t good = len;
		if (str_is_utf8(text, len, &good)) {
			good = len;
		}
		for (size_t i = 0; i < good; i++) {
			put_json_char(out, text[i]);
		}
		text += good;
		len -= good;
		if (len > 0) {
			buf_adds(out, "\xef\xbf\xbd");
			text++;
			len--;
		}
	}
}

/* The roff name of a character that roff would read or draw as another; NULL for the rest. */
static const char *
roff_name(char c) {
	switch (c) {
	case '\\':
		return "\\e";
	case '-':
		return "\\-";
	case '\'':
		return "\\(aq";
	case '"':
		return "\\(dq";
	case '`':
		return "\\(ga";
	case '^':
		return "\\(ha";
	case '~':
		return "\\(ti";
	default:
		return NULL;
	}
}

/* Running text of a man page: no line of it is a request, an empty one is vertical space. */
static void
put_roff(struct buf *out, const char *text) {
	bool is_first = true; /* of its line */
	for (const char *s = text; *s != '\0'; s++) {
		const char *name = roff_name(*s);
		if (is_first && s > text && *s == '\n') {
			buf_adds(out, ".sp");
		} else if (is_first && (*s == '.' || is_blank(*s))) {
			buf_adds(out, "\\&");
		}
		is_first = *s == '\n';
		if (name != NULL) {
			buf_adds(out, name);
		} else {
			buf_addc(out, *s);
		}
	}
}

static const struct style {
	const char *name;
	void (*put)(struct buf *, const char *text);
} styles[] = {
	[QUOTE_NONE] = {"none", buf_adds},
	[QUOTE_SH] = {"sh", put_sh},
	[QUOTE_HTML] = {"html", put_html},
	[QUOTE_MARKDOWN] = {"markdown", put_markdown},
	[QUOTE_DOT] = {"dot", put_dot},
	[QUOTE_MERMAID] = {"mermaid", put_mermaid},
	[QUOTE_JSON] = {"json", put_json},
	[QUOTE_ROFF] = {"roff", put_roff},
};

bool
quote_by_name(const char *name, enum quote *out) {
	for (size_t i = 0; i < countof(styles); i++) {
		if (str_eq(styles[i].name, name)) {
			*out = (enum quote)i;
			return true;
		}
	}
	return false;
}

void
quote_text(struct buf *out, enum quote style, const char *text) {
	styles[style].put(out, text);
}
