/* str_secret.c - which variables hold secrets, by their name or by what is in them, and which
 * would steer the docker command itself.
 * A name is split into words at '_', '-', '.' and at camel case; the tables are about words.
 * Both errors hurt: a secret that is missed is printed, a plain value that is hidden makes the
 * plan harder to read. In doubt it is a secret. */
#include "base_int.h"
#include <stackplan/str.h>
#include <string.h>
#include <strings.h>

/* Is the name in this table? The tables are sorted. */
#define STR_AMONG(table, name) str_among((table), countof(table), (name))

enum { NWORDS = 16, WORD_SIZE = 32 };

/* The words of a name in capitals, without digits at their end. */
struct name {
	char word[NWORDS][WORD_SIZE];
	size_t n;
};

/* These make a secret of the name wherever they stand in it. */
static const char *const anywhere[] = {"ACCESSKEY", "APIKEY", "APIKEYS", "CREDENTIAL",
	"CREDENTIALS", "CREDS", "ENCRYPTIONKEY", "PASSCODE", "PASSPHRASE", "PASSPHRASES", "PASSWD",
	"PASSWDS", "PASSWORD", "PASSWORDS", "PRIVATEKEY", "PWD", "SECRET", "SECRETKEY", "SECRETS",
	"SSHPASS", "TOKEN", "TOKENS"};

/* These do so as the last word only: PASS_THROUGH and KEY_FORMAT are no secrets. */
static const char *const at_end[] = {"AUTH", "DBPASS", "JWT", "KEY", "KEYS", "PASS", "PAT",
	"PEPPER", "ROOTPASS", "SALT", "USERPASS"};

/* These do so as the end of a word: PGPASSWORD, AUTHTOKEN. */
static const char *const word_ends[] = {"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "APIKEY"};

/* A key is secret even inside a name after one of these: API_KEY_PROD, PRIVATE_KEY_PEM. */
static const char *const before_key[] = {
	"API", "ENCRYPTION", "MASTER", "PRIVATE", "SECRET", "SIGNING"};

/* A key is not secret after one of these. */
static const char *const not_before_key[] = {"AUTHORIZED", "CACHE", "FOREIGN", "PARTITION",
	"PRIMARY", "PUB", "PUBLIC", "PUBLISHABLE", "SITE", "SORT"};

/* As the last word these say that the value is about the secret, not the secret: where it is,
 * how long it lives. */
static const char *const about[] = {"ALG", "ALGORITHM", "AUDIENCE", "COUNT", "DIR", "DIRECTORY",
	"DISABLED", "ENABLED", "ENDPOINT", "EXPIRATION", "EXPIRE", "EXPIRES", "EXPIRY", "FILE",
	"FILENAME", "FILES", "FOLDER", "FORMAT", "HOST", "IMAGE", "ISSUER", "LENGTH", "LIFETIME",
	"MAX", "MIN", "NAME", "PATH", "PATHS", "POLICY", "PORT", "REGISTRY", "REQUIRED", "SCOPE",
	"SIZE", "TAG", "TIMEOUT", "TTL", "TYPE", "URI", "URL", "VERSION"};

/* Any of these says that the value is a yes or a no. */
static const char *const switches[] = {
	"ALLOW", "DISABLE", "DISABLED", "ENABLE", "ENABLED", "REQUIRE", "REQUIRED", "SKIP"};

/* The kind of a character, for finding where a word ends. */
enum kind { LOWER, UPPER, DIGIT, OTHER };

/* Which kind a character is of; bytes of UTF-8 count as lower-case letters. */
static enum kind
kind_of(char c) {
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	return c == '\0' || c == '_' || c == '-' || c == '.' || c == ' ' || c == '/' || c == ':'
		       ? OTHER
		       : LOWER;
}

/* Does a new word begin at S, which is not the first character of the name? */
static bool
begins_word(const char *s) {
	if (kind_of(s[0]) != UPPER)
		return false;
	return kind_of(s[-1]) == LOWER || (kind_of(s[-1]) == UPPER && kind_of(s[1]) == LOWER);
}

/* Keep the word at S, without its digits at the end; a word of digits alone is dropped. */
static void
keep_word(struct name *name, const char *s, size_t len) {
	while (len > 0 && kind_of(s[len - 1]) == DIGIT)
		len--;
	if (len == 0)
		return;
	if (name->n == NWORDS) { /* the last words matter most: forget the first */
		memmove(name->word[0], name->word[1], sizeof(name->word) - sizeof(name->word[0]));
		name->n--;
	}
	if (len > WORD_SIZE - 1) {
		s += len - (WORD_SIZE - 1);
		len = WORD_SIZE - 1;
	}
	char *word = name->word[name->n++];
	for (size_t i = 0; i < len; i++)
		word[i] = s[i] >= 'a' && s[i] <= 'z' ? (char)(s[i] - 'a' + 'A') : s[i];
	word[len] = '\0';
}

/* Split the name into words. */
static void
split_name(struct name *name, const char *text) {
	name->n = 0;
	for (size_t i = 0; text[i] != '\0';) {
		size_t start = i;
		while (kind_of(text[i]) != OTHER && (i == start || !begins_word(text + i)))
			i++;
		keep_word(name, text + start, i - start);
		if (text[i] != '\0' && kind_of(text[i]) == OTHER)
			i++;
	}
}

/* The word before the I-th, "" before the first. */
static const char *
word_before(const struct name *name, size_t i) {
	return i > 0 ? name->word[i - 1] : "";
}

/* Is the I-th word one of LIST and does the word before it not take that back? */
static bool
is_secret_word(const struct name *name, size_t i) {
	const char *word = name->word[i], *before = word_before(name, i);
	bool is_key = str_eq(word, "KEY") || str_eq(word, "KEYS");
	if (is_key && STR_AMONG(not_before_key, before))
		return false;
	if (STR_AMONG(anywhere, word) || (is_key && STR_AMONG(before_key, before)))
		return true;
	if (i + 1 == name->n && STR_AMONG(at_end, word))
		return !(str_eq(word, "AUTH") && str_in("NO USE WITH FORCE", name->word[0]));
	if ((str_eq(word, "COOKIE") && str_eq(before, "ERLANG")) ||
		(str_eq(word, "STRING") && str_eq(before, "CONNECTION")))
		return true;
	for (size_t j = 0; j < countof(word_ends); j++)
		if (str_ends(word, word_ends[j]))
			return true;
	return str_ends(word, "TOKEN");
}

/* Does the name say that the value is only about a secret? */
static bool
is_about_secret(const struct name *name) {
	const char *last = name->word[name->n - 1], *before = word_before(name, name->n - 1);
	if (STR_AMONG(about, last))
		return true;
	/* The ID of a key may be known; a "secret ID" is a secret all the same. */
	if ((str_eq(last, "ID") || str_eq(last, "IDS")) && str_in("KEY KEYS TOKEN", before))
		return true;
	for (size_t i = 0; i < name->n; i++) {
		if (STR_AMONG(switches, name->word[i]))
			return true;
		/* MYSQL_RANDOM_ROOT_PASSWORD=yes asks for one. */
		if (str_eq(name->word[i], "ROOT") && str_eq(word_before(name, i), "RANDOM"))
			return true;
	}
	return false;
}

/* The letters of a word that is in capitals, a bit each. */
#define BIT(c) (1u << ((c) - 'A'))

/* Might one of its words be in a table of those that make a secret? Of each of these words the letters of one row are there: this
 * sorts out most names at once. */
static bool
may_be_secret(const char *text) {
	static const unsigned rows[] = {
		BIT('P') | BIT('A') | BIT('S'), /* PASS..., and all that has it in it */
		BIT('K') | BIT('E') | BIT('Y'),
		BIT('C') | BIT('R') | BIT('E') | BIT('D'),
		BIT('P') | BIT('W') | BIT('D'),
		BIT('S') | BIT('E') | BIT('C') | BIT('R') | BIT('T'),
		BIT('T') | BIT('O') | BIT('K') | BIT('E') | BIT('N'),
		BIT('A') | BIT('U') | BIT('T') | BIT('H'),
		BIT('J') | BIT('W') | BIT('T'),
		BIT('P') | BIT('A') | BIT('T'),
		BIT('P') | BIT('E') | BIT('R'), /* PEPPER */
		BIT('S') | BIT('A') | BIT('L') | BIT('T'),
		BIT('C') | BIT('O') | BIT('K') | BIT('I') | BIT('E'),
		BIT('S') | BIT('T') | BIT('R') | BIT('I') | BIT('N') | BIT('G'),
	};
	unsigned has = 0;

	for (; *text != '\0'; text++) {
		unsigned letter = ((unsigned char)*text | 32u) - 'a';
		has |= letter < 26 ? 1u << letter : 0;
	}
	for (size_t i = 0; i < countof(rows); i++)
		if ((has & rows[i]) == rows[i])
			return true;
	return false;
}

bool
str_is_secret_name(const char *text) {
	struct name name;
	if (!may_be_secret(text))
		return false;
	if (str_eq(text, "PWD") || str_eq(text, "OLDPWD"))
		return false; /* the shell's working directories */
	split_name(&name, text);
	for (size_t i = 0; i < name.n; i++)
		if (is_secret_word(&name, i))
			return !is_about_secret(&name);
	return false;
}

/* Does "user:password@" stand at S, which follows "://"? A password that holds a '/' or '#' as it
 * should not is still seen, unless what follows the colon is a port. */
static bool
has_password(const char *s) {
	size_t n = strcspn(s, " \t\r\n\"'<>");
	const char *colon = memchr(s, ':', strcspn(s, "/?#"));
	if (*s == '[' || colon == NULL || (size_t)(colon - s) >= n)
		return false; /* a bracket opens an address: no user */
	const char *end = s + n, *at = memchr(colon, '@', (size_t)(end - colon));
	if (at == NULL || at == colon + 1)
		return false;
	size_t ndigits = strspn(colon + 1, "0123456789");
	char after = colon[1 + ndigits];
	return !(after == '/' || after == '?' || after == '#') || ndigits == 0;
}

bool
str_has_url_password(const char *text) {
	for (const char *s = strstr(text, "://"); s != NULL; s = strstr(s, "://")) {
		bool has_scheme = s > text && (kind_of(s[-1]) == LOWER || kind_of(s[-1]) == UPPER ||
						      kind_of(s[-1]) == DIGIT);
		s += 3;
		if (has_scheme && has_password(s))
			return true;
	}
	return false;
}

bool
str_is_reserved_env(const char *name) {
	static const char *const prefixes[] = {"DOCKER_", "BUILDKIT_", "BUILDX_", "COMPOSE_", "LD_",
		"GO", "SSH_", "SSL_", "XDG_", "OTEL_", "LC_", "MALLOC_", "GLIBC_", "DBUS_", "RES_"};
	static const char exact[] =
		"PATH HOME TMPDIR TERM USER LOGNAME SHELL LANG LANGUAGE TZ TZDIR PWD COLUMNS LINES "
		"NO_COLOR CLICOLOR CLICOLOR_FORCE HOSTALIASES LOCALDOMAIN RESOLV_HOST_CONF "
		"GCONV_PATH "
		"NLSPATH LOCPATH BASH_ENV ENV IFS NOTIFY_SOCKET KUBECONFIG TERMINFO GPG_TTY";
	for (size_t i = 0; i < countof(prefixes); i++)
		if (str_starts(name, prefixes[i]))
			return true;
	size_t n = strlen(name);
	bool is_proxy = n > 6 && strcasecmp(name + n - 6, "_PROXY") == 0;
	return is_proxy || str_in(exact, name);
}
