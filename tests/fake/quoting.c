/* quoting.c - random values through stackplan to a docker that writes down what it gets, byte for byte.
 *
 *   quoting make SEED STACK FOLDER   write compose.yaml, and the variables from outside into "environ"
 *   quoting run FOLDER PROGRAM ...   run a program with these variables
 *   quoting check SEED STACK RECORDS hold what the docker wrote down against the values, which are made anew from the seed
 *   docker ...                       called by this name it is that docker; $RECORDS names the folder, or $WORDS a file that the
 *                                    words are appended to, a line each, as YAML writes them between double quotes
 *
 * A value is any bytes but NUL; what the spec itself holds is UTF-8, the rest comes from variables. Read the kinds of values
 * first, then write_service() and check_service(), which walk them in the same order. Made and run by quoting.sh and names.sh. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

enum {
	SERVICES = 8,
	LONGEST = 60,
	/* of each kind in a service */
	ENV_PLAIN = 400,
	ENV_SECRET = 100, /* the spec's own, with names that keep them out of argv */
	ENV_OUTSIDE = 300,
	COMMAND = 400,
	LABELS = 250,
	MOUNTS = 100, /* two values each */
	SECRETS = 10,
	VALUES = ENV_PLAIN + ENV_SECRET + ENV_OUTSIDE + COMMAND + LABELS + 2 * MOUNTS + SECRETS,
};

/* ---- random values ---- */

static uint64_t state;

static unsigned
random_below(unsigned n) {
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state * 0x2545F4914F6CDD1DULL) >> 33) % n;
}

struct value {
	char s[4 * LONGEST + 32];
	bool outside;
};

static void
add(struct value *v, const char *s) {
	if (strlen(v->s) + strlen(s) < sizeof(v->s))
		strcat(v->s, s);
}

/* A code point in UTF-8. */
static void
add_code_point(struct value *v, unsigned c) {
	char s[5] = {0};

	if (c < 0x80) {
		s[0] = (char)c;
	} else if (c < 0x800) {
		s[0] = (char)(0xC0 | c >> 6);
		s[1] = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		s[0] = (char)(0xE0 | c >> 12);
		s[1] = (char)(0x80 | (c >> 6 & 0x3F));
		s[2] = (char)(0x80 | (c & 0x3F));
	} else {
		s[0] = (char)(0xF0 | c >> 18);
		s[1] = (char)(0x80 | (c >> 12 & 0x3F));
		s[2] = (char)(0x80 | (c >> 6 & 0x3F));
		s[3] = (char)(0x80 | (c & 0x3F));
	}
	add(v, s);
}

/* Any code point but NUL and the halves of pairs. */
static unsigned
any_code_point(void) {
	static const unsigned below[] = {0x80, 0x800, 0x10000, 0x110000};
	unsigned c = 1 + random_below(below[random_below(4)] - 1);

	return c >= 0xD800 && c < 0xE000 ? 0x2028 : c;
}

/* What shells, YAML, CSV and docker look at. */
static void
add_piece(struct value *v) {
	static const char special[] = "'\"\\$`!#&*()[]{}<>|;~?=,:%@^ \t\n\r-./+_";
	static const char *const piece[] = {"$(touch x)", "`touch x`", "${HOME}", "$HOME", "'",
		"''", "\"\"", "\\\n", "\r\n", "\n\n", "--", "-e", "=", "EOF\n", "STACKPLAN_ENV\n",
		"{{.Id}}", "%s\\n", "\\0", "!!", "$$", "${", "}", "\xEF\xBB\xBF", "\xC2\x85",
		"\xE2\x80\xA8", "<<<", "&&", " #"};
	char one[2] = {0};
	unsigned kind = random_below(10);

	if (kind < 4) {
		one[0] = special[random_below(sizeof(special) - 1)];
		add(v, one);
	} else if (kind < 5) {
		add(v, piece[random_below(sizeof(piece) / sizeof(*piece))]);
	} else if (kind < 8) {
		one[0] = (char)('A' + random_below(58));
		add(v, one);
	} else if (v->outside) {
		one[0] = (char)(1 + random_below(255));
		add(v, one);
	} else {
		add_code_point(v, any_code_point());
	}
}

/* A value; from outside it may be no UTF-8. */
static struct value
random_value(bool outside) {
	struct value v = {.outside = outside};

	for (unsigned n = random_below(8) ? random_below(30) : random_below(LONGEST); n > 0; n--)
		add_piece(&v);
	return v;
}

/* An absolute path of two parts that stays as it is when it is cleaned, and that a field of CSV can hold. */
static struct value
random_path(bool outside) {
	struct value v = random_value(outside), path = {.s = "/p", .outside = outside};

	for (char *c = v.s; *c; c++)
		if (*c == '/' || (c[0] == '\r' && c[1] == '\n'))
			*c = '_';
	add(&path, v.s);
	add(&path, "/q");
	return path;
}

/* ---- the spec ---- */

static FILE *spec, *outside_file;
static unsigned noutside;

/* The code point that stands at *S, which then is behind it. */
static unsigned
next_code_point(const char **s) {
	const unsigned char *u = (const unsigned char *)*s;
	unsigned n = u[0] < 0x80 ? 1 : u[0] < 0xE0 ? 2 : u[0] < 0xF0 ? 3 : 4;
	unsigned c = n == 1 ? u[0] : u[0] & (0xFFU >> (n + 1));

	for (unsigned i = 1; i < n; i++)
		c = c << 6 | (u[i] & 0x3FU);
	*s += n;
	return c;
}

/* A value as a scalar of YAML: in double quotes, or as the variable that brings it. SECRET: by a name that says so. */
static void
put_value(const struct value *v, bool secret) {
	if (v->outside) {
		const char *name = secret ? "X_TOKEN_" : "X_";
		fprintf(outside_file, "%s%u=%s%c", name, noutside, v->s, 0);
		fprintf(spec, "\"${%s%u}\"", name, noutside++);
		return;
	}
	fputc('"', spec);
	for (const char *s = v->s; *s;) {
		unsigned c = next_code_point(&s);
		if (c == '$')
			fputs("$$", spec);
		else if (c == '"' || c == '\\')
			fprintf(spec, "\\%c", (char)c);
		else if (c >= ' ' && c < 0x7F)
			fputc((int)c, spec);
		else if (c < 0x100)
			fprintf(spec, "\\x%02x", c);
		else if (c < 0x10000)
			fprintf(spec, "\\u%04x", c);
		else
			fprintf(spec, "\\U%08x", c);
	}
	fputc('"', spec);
}

/* One service, called by its number. */
static void
write_service(unsigned service) {
	struct value v, w;

	fprintf(spec, "  s%u:\n    image: img\n    network_mode: none\n    environment:\n",
		service);
	for (unsigned i = 0; i < ENV_PLAIN + ENV_SECRET + ENV_OUTSIDE; i++) {
		bool secret = i >= ENV_PLAIN && i < ENV_PLAIN + ENV_SECRET;
		v = random_value(i >= ENV_PLAIN + ENV_SECRET);
		fprintf(spec, "      %s%u: ", secret ? "PASSWORD_" : "V", i);
		put_value(&v, i % 2);
		fputc('\n', spec);
	}
	fprintf(spec, "    command:\n");
	for (unsigned i = 0; i < COMMAND; i++) {
		v = random_value(i % 4 == 3);
		fprintf(spec, "      - ");
		put_value(&v, i % 8 == 7);
		fputc('\n', spec);
	}
	fprintf(spec, "    labels:\n");
	for (unsigned i = 0; i < LABELS; i++) {
		v = random_value(i % 4 == 3);
		fprintf(spec, "      L%u: ", i);
		put_value(&v, i % 8 == 7);
		fputc('\n', spec);
	}
	fprintf(spec, "    volumes:\n");
	for (unsigned i = 0; i < MOUNTS; i++) {
		v = random_path(i % 2);
		w = random_path(i % 4 > 1);
		fprintf(spec, "      - {type: bind, source: ");
		put_value(&v, false);
		fprintf(spec, ", target: ");
		snprintf(w.s + strlen(w.s), 8, "%u", i);
		put_value(&w, false);
		fprintf(spec, "}\n");
	}
	if (service % 2)
		fprintf(spec, "    secrets:\n");
	for (unsigned i = 0; service % 2 && i < SECRETS; i++)
		fprintf(spec, "      - x%u_%u\n", service, i);
}

/* The variables that secrets are read from. */
static void
write_secrets(unsigned service) {
	for (unsigned i = 0; service % 2 && i < SECRETS; i++) {
		struct value v = random_value(true);
		fprintf(outside_file, "GRANT_%u_%u=%s%c", service, i, v.s, 0);
		fprintf(spec, "  x%u_%u: {environment: GRANT_%u_%u}\n", service, i, service, i);
	}
}

/* Begin a stack's values. */
static void
begin(const char *seed, const char *stack) {
	state = strtoull(seed, NULL, 10) * 1000003ULL + strtoull(stack, NULL, 10) +
		0x9E3779B97F4A7C15ULL;
	for (int i = 0; i < 20; i++)
		random_below(2);
}

static int
make(char **argv) {
	begin(argv[0], argv[1]);
	if (chdir(argv[2]) != 0 || !(spec = fopen("compose.yaml", "w")) ||
		!(outside_file = fopen("environ", "w")))
		return perror(argv[2]), 2;
	fprintf(spec, "name: quoting\nservices:\n");
	for (unsigned i = 0; i < SERVICES; i++)
		write_service(i);
	fprintf(spec, "secrets:\n");
	for (unsigned i = 0; i < SERVICES; i++)
		write_secrets(i);
	return fclose(spec) != 0 || fclose(outside_file) != 0 ? 2 : 0;
}

/* ---- files ---- */

struct file {
	char *s;
	size_t n, at;
};

static bool
read_file(int fd, struct file *f) {
	size_t cap = 1 << 20;
	ssize_t n;

	*f = (struct file){.s = malloc(cap + 1)};
	while (f->s && fd >= 0 && (n = read(fd, f->s + f->n, cap - f->n)) > 0) {
		f->n += (size_t)n;
		if (f->n == cap && !(f->s = realloc(f->s, (cap *= 2) + 1)))
			return false;
	}
	if (f->s)
		f->s[f->n] = '\0';
	return f->s && fd >= 0;
}

static int
run(char **argv) {
	char path[4096];
	struct file f;

	snprintf(path, sizeof(path), "%s/environ", argv[0]);
	if (!read_file(open(path, O_RDONLY | O_CLOEXEC), &f))
		return perror(path), 2;
	for (char *s = f.s; s < f.s + f.n; s += strlen(s) + 1)
		putenv(s);
	execvp(argv[1], argv + 1);
	return perror(argv[1]), 127;
}

/* ---- the docker ---- */

static void
put_bytes(FILE *out, const char *s, size_t n) {
	uint64_t len = n;

	fwrite(&len, sizeof(len), 1, out);
	fwrite(s, 1, n, out);
}

static void
put_texts(FILE *out, char **v) {
	uint64_t n = 0;

	while (v[n])
		n++;
	fwrite(&n, sizeof(n), 1, out);
	for (uint64_t i = 0; i < n; i++)
		put_bytes(out, v[i], strlen(v[i]));
}

/* Write down the words, the variables, and what stands on standard input. */
static int
write_down(const char *name, char **argv) {
	char path[4096];
	struct file in = {0};
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.%s", getenv("RECORDS"), argv[1], name);
	if (!(out = fopen(path, "wx")))
		return perror(path), 1;
	put_texts(out, argv);
	put_texts(out, environ);
	read_file(0, &in);
	put_bytes(out, in.s ? in.s : "", in.n);
	return fclose(out) != 0;
}

/* Append the words as lines, and an empty one. */
static void
write_words(const char *path, char **argv) {
	FILE *out = fopen(path, "a");

	for (int i = 1; out && argv[i]; i++) {
		for (const char *s = argv[i]; *s; s++) {
			if (*s == '\n' || *s == '\t')
				fputs(*s == '\n' ? "\\n" : "\\t", out);
			else
				fprintf(out, strchr("\\\"", *s) ? "\\%c" : "%c", *s);
		}
		fputc('\n', out);
	}
	if (out && (fputc('\n', out), fclose(out) != 0))
		perror(path);
}

/* The answer to a list: nothing is there, and of what is asked about by name that is said. */
static int
fake_list(int argc, char **argv) {
	const char *kind = strcmp(argv[1], "inspect") == 0 ? "object" : argv[1];

	if (strcmp(kind, "image") != 0 && strcmp(kind, "container") != 0 &&
		strcmp(kind, "object") != 0)
		return 0;
	for (int i = strcmp(kind, "object") == 0 ? 4 : 5; i < argc; i++)
		fprintf(stderr, "Error: No such %s: %s\n", kind, argv[i]);
	return 1;
}

static int
fake_docker(int argc, char **argv) {
	char name[64];
	const char *verb = argc > 1 ? argv[1] : "", *object = argv[argc - 1];

	if (getenv("WORDS"))
		return write_words(getenv("WORDS"), argv), 0;

	for (int i = 2; i < argc; i++)
		if (strcmp(argv[i], "--format") == 0)
			return fake_list(argc, argv);
	if (strcmp(verb, "cp") == 0) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(object, ":"), object);
		return write_down(name, argv);
	}
	if (strcmp(verb, "run") == 0 || strcmp(verb, "create") == 0) {
		for (int i = 2; i + 1 < argc; i++)
			if (strcmp(argv[i], "--name") == 0) {
				printf("%064d\n", 1);
				return write_down(argv[i + 1], argv);
			}
		return 1;
	}
	if (strcmp(verb, "container") == 0)
		return 1; /* nothing is there yet */
	if (strcmp(verb, "image") == 0)
		puts("sha256:0123456789ab");
	return 0;
}

/* ---- the check ---- */

/* What a command was given. */
struct call {
	char **argv, **env;
	size_t argc, envc;
	struct file file;
	char *in;
	size_t n_in;
};

static size_t passed, failed;

static uint64_t
take_number(struct file *f) {
	uint64_t n = 0;

	if (f->at + sizeof(n) <= f->n)
		memcpy(&n, f->s + f->at, sizeof(n));
	f->at += sizeof(n);
	return n;
}

/* Texts with their NULs. */
static char **
take_texts(struct file *f, size_t *count) {
	*count = take_number(f);
	char **v = calloc(*count + 1, sizeof(char *));

	for (size_t i = 0; v && i < *count; i++) {
		size_t n = take_number(f);
		v[i] = strndup(f->s + f->at, n);
		f->at += n;
	}
	return v;
}

static bool
read_call(const char *folder, const char *verb, unsigned service, struct call *c) {
	char path[4096];
	int fd;

	*c = (struct call){0};
	snprintf(path, sizeof(path), "%s/%s.quoting-s%u-1", folder, verb, service);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (!read_file(fd, &c->file))
		return perror(path), false;
	close(fd);
	c->argv = take_texts(&c->file, &c->argc);
	c->env = take_texts(&c->file, &c->envc);
	c->n_in = take_number(&c->file);
	c->in = c->file.s + c->file.at;
	return true;
}

static void
print_bytes(const char *what, const char *s) {
	fprintf(stderr, "    %s", what);
	for (; s && *s; s++)
		fprintf(stderr,
			(unsigned char)*s < ' ' || (unsigned char)*s > '~' ? "\\x%02x" : "%c",
			(unsigned char)*s);
	fprintf(stderr, s ? "\n" : "nothing\n");
}

/* Hold one value against what came of it. */
static void
expect(const char *what, unsigned service, unsigned i, const char *wanted, const char *got) {
	if (got && strcmp(wanted, got) == 0) {
		passed++;
		return;
	}
	if (failed++ >= 5)
		return;
	fprintf(stderr, "service s%u, %s %u\n", service, what, i);
	print_bytes("wanted ", wanted);
	print_bytes("got    ", got);
}

/* The value of the next option FLAG from *AT on, which then is behind it. */
static const char *
next_option(const struct call *c, const char *flag, size_t *at) {
	for (; *at + 1 < c->argc; ++*at)
		if (strcmp(c->argv[*at], flag) == 0) {
			*at += 2;
			return c->argv[*at - 1];
		}
	return NULL;
}

/* NAME=VALUE of the docker's own environment: the value. */
static const char *
env_value(const struct call *c, const char *name) {
	size_t n = strlen(name);

	for (size_t i = 0; i < c->envc; i++)
		if (strncmp(c->env[i], name, n) == 0 && c->env[i][n] == '=')
			return c->env[i] + n + 1;
	return NULL;
}

/* The value that a container's variable gets by "-e NAME=VALUE", or by "-e NAME" and the environment. */
static const char *
variable(const struct call *c, const char *name, size_t *at) {
	const char *word = next_option(c, "-e", at);
	size_t n = strlen(name);

	if (!word || strncmp(word, name, n) != 0 || (word[n] && word[n] != '='))
		return NULL;
	return word[n] ? word + n + 1 : env_value(c, name);
}

/* The field KEY=VALUE of a record of CSV, into OUT. */
static const char *
csv_field(const char *s, const char *key, char *out) {
	while (*s) {
		bool quoted = *s == '"';
		size_t n = 0;
		for (s += quoted; *s && !(quoted ? s[0] == '"' && s[1] != '"' : *s == ','); s++) {
			s += quoted && *s == '"';
			out[n++] = *s;
		}
		out[n] = '\0';
		s += quoted && *s == '"';
		s += *s == ',';
		if (strncmp(out, key, strlen(key)) == 0 && out[strlen(key)] == '=')
			return out + strlen(key) + 1;
	}
	return NULL;
}

/* The next mount: "-v SOURCE:TARGET" or "--mount type=bind,src=SOURCE,dst=TARGET". */
static void
expect_mount(const struct call *c, unsigned service, unsigned i, const char *source,
	const char *target, size_t *at) {
	static char one[8192], other[8192];
	const char *word = NULL;
	bool is_long = false;

	for (; !word && *at + 1 < c->argc; ++*at)
		if ((is_long = strcmp(c->argv[*at], "--mount") == 0) ||
			strcmp(c->argv[*at], "-v") == 0)
			word = c->argv[*at + 1];
	if (word && !is_long) {
		snprintf(one, sizeof(one), "%.*s", (int)strcspn(word, ":"), word);
		expect("source of mount", service, i, source, one);
		expect("target of mount", service, i, target,
			strchr(word, ':') ? strchr(word, ':') + 1 : NULL);
		return;
	}
	expect("source of mount", service, i, source, word ? csv_field(word, "src", one) : NULL);
	expect("target of mount", service, i, target, word ? csv_field(word, "dst", other) : NULL);
}

/* The files of a tar, in their order. */
static void
check_secrets(const char *folder, unsigned service) {
	struct call c;
	size_t at = 0;
	char *got = NULL;

	if (service % 2 && !read_call(folder, "cp", service, &c)) {
		failed++;
		return;
	}
	for (unsigned i = 0; service % 2 && i < SECRETS; i++) {
		struct value v = random_value(true);
		size_t n = at + 512 <= c.n_in ? strtoul(c.in + at + 124, NULL, 8) : 0;
		got = at + 512 + n <= c.n_in ? strndup(c.in + at + 512, n) : NULL;
		expect("secret", service, i, v.s, got);
		free(got);
		at += 512 + (n + 511) / 512 * 512;
	}
}

/* The same walk as write_service(). */
static void
check_service(const char *folder, unsigned service) {
	struct value v, w;
	struct call c;
	char name[64];
	size_t at = 0;

	if (!read_call(folder, service % 2 ? "create" : "run", service, &c))
		exit(1);
	for (unsigned i = 0; i < ENV_PLAIN + ENV_SECRET + ENV_OUTSIDE; i++) {
		bool secret = i >= ENV_PLAIN && i < ENV_PLAIN + ENV_SECRET;
		v = random_value(i >= ENV_PLAIN + ENV_SECRET);
		snprintf(name, sizeof(name), "%s%u", secret ? "PASSWORD_" : "V", i);
		expect("variable", service, i, v.s, variable(&c, name, &at));
	}
	for (unsigned i = 0; i < COMMAND; i++) {
		v = random_value(i % 4 == 3);
		expect("word", service, i, v.s,
			c.argc > COMMAND ? c.argv[c.argc - COMMAND + i] : NULL);
	}
	at = 0;
	for (unsigned i = 0; i < LABELS; i++) {
		v = random_value(i % 4 == 3);
		const char *word = next_option(&c, "--label", &at);
		int n = snprintf(name, sizeof(name), "L%u=", i);
		expect("label", service, i, v.s,
			word && strncmp(word, name, (size_t)n) == 0 ? word + n : NULL);
	}
	at = 0;
	for (unsigned i = 0; i < MOUNTS; i++) {
		v = random_path(i % 2);
		w = random_path(i % 4 > 1);
		snprintf(w.s + strlen(w.s), 8, "%u", i);
		expect_mount(&c, service, i, v.s, w.s, &at);
	}
}

static int
check(char **argv) {
	begin(argv[0], argv[1]);
	for (unsigned i = 0; i < SERVICES; i++)
		check_service(argv[2], i);
	for (unsigned i = 0; i < SERVICES; i++)
		check_secrets(argv[2], i);
	printf("%zu %zu\n", passed, failed);
	return failed != 0;
}

int
main(int argc, char **argv) {
	const char *slash = strrchr(argv[0], '/');

	if (strcmp(slash ? slash + 1 : argv[0], "docker") == 0)
		return fake_docker(argc, argv);
	if (argc == 5 && strcmp(argv[1], "make") == 0)
		return make(argv + 2);
	if (argc == 5 && strcmp(argv[1], "check") == 0)
		return check(argv + 2);
	if (argc >= 4 && strcmp(argv[1], "run") == 0)
		return run(argv + 2);
	fputs("usage: quoting make|check SEED STACK FOLDER, quoting run FOLDER PROGRAM ...\n",
		stderr);
	return 64;
}
