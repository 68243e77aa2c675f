/* plugin.c - stackplan as a plugin of the docker command, where it is called `docker stackplan ...`.
 *
 * docker runs the program under the name docker-stackplan with the whole of its own command line: its options first, then our name,
 * then what is ours. It listens on a socket whose address is in the environment, and closes it when we shall end. Starts at
 * plugin_begin(). A handler can reach nothing but what is static: the socket below. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/quote.h>
#include <stackplan/sig.h>
#include <stackplan/str.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli_int.h"

static const struct pos nowhere = {0};

#define SOCKET_VARIABLE "DOCKER_CLI_PLUGIN_SOCKET"
#define CALL_VARIABLE "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"
#define TRACE_VARIABLE "OTEL_RESOURCE_ATTRIBUTES"

/* The options of docker itself. */
static const struct docker_option {
	const char *name;
	char letter;
	bool takes_value;
	bool is_ours; /* stackplan has it too, and knows what it means */
} docker_options[] = {
	{"config", '\0', true, false},
	{"context", 'c', true, true},
	{"debug", 'D', false, false},
	{"host", 'H', true, true},
	{"log-level", 'l', true, false},
	{"tls", '\0', false, false},
	{"tlscacert", '\0', true, false},
	{"tlscert", '\0', true, false},
	{"tlskey", '\0', true, false},
	{"tlsverify", '\0', false, false},
};

/* ---- the words ---- */

/* Reading docker's part of the line. */
struct reading {
	struct ctx *ctx;
	struct plugin *out;
	char **next; /* the word after the present one */
	size_t n;    /* words in out->argv */
};

/* Keep an option: for ourselves, or for the commands that we run. VALUE is NULL where it is part of the word, or there is none. */
static void
keep(struct reading *r, const struct docker_option *o, const char *word, const char *value) {
	struct arena *mem = r->ctx->mem;
	if (o->is_ours) {
		r->out->argv[r->n++] = arena_strdup(mem, word);
		if (value)
			r->out->argv[r->n++] = arena_strdup(mem, value);
		return;
	}
	words_push(mem, &r->out->words, arena_strdup(mem, word), nowhere);
	if (value)
		words_push(mem, &r->out->words, arena_strdup(mem, value), nowhere);
}

/* The value of an option that takes one and stands without it; false when there is none. */
static bool
take_value(struct reading *r, const struct docker_option *o, const char *word) {
	if (!*r->next)
		return false;
	keep(r, o, word, *r->next++);
	return true;
}

/* "--name", "--name=value", "--name value" */
static bool
read_long(struct reading *r, const char *word) {
	size_t n = strcspn(word + 2, "=");
	for (size_t i = 0; i < countof(docker_options); i++) {
		const struct docker_option *o = &docker_options[i];
		if (strlen(o->name) != n || strncmp(o->name, word + 2, n) != 0)
			continue;
		if (o->takes_value && !word[2 + n])
			return take_value(r, o, word);
		keep(r, o, word, NULL);
		return true;
	}
	return false;
}

/* "-D", "-c value", "-cvalue", "-c=value", "-Dc value" */
static bool
read_short(struct reading *r, const char *word) {
	for (const char *p = word + 1; *p; p++) {
		size_t i = 0;
		while (i < countof(docker_options) && docker_options[i].letter != *p)
			i++;
		if (i == countof(docker_options))
			return false;
		const struct docker_option *o = &docker_options[i];
		const char *name = arena_printf(r->ctx->mem, "--%s", o->name);
		if (!o->takes_value) {
			keep(r, o, name, NULL);
			continue;
		}
		if (!p[1])
			return take_value(r, o, name);
		keep(r, o, name, p + 1 + (p[1] == '='));
		return true;
	}
	return true;
}

/* Take what stands before our name, which is NAME, and put what is ours into out->argv. Without our name nothing is docker's. */
static bool
read_words(struct reading *r, char **argv, const char *name) {
	const char *before = NULL; /* `docker help stackplan`, `docker __complete stackplan` */
	r->next = argv + 1;
	while (*r->next && !str_eq(*r->next, name)) {
		const char *word = *r->next++;
		bool ok = str_starts(word, "--") ? read_long(r, word)
			  : word[0] == '-'       ? read_short(r, word)
			  : before               ? false
				   : str_eq(word, "help") || str_starts(word, "__complete");
		if (!ok)
			return false;
		if (word[0] != '-')
			before = str_eq(word, "help") ? "help" : "__complete";
	}
	if (!*r->next)
		return false;
	if (before)
		r->out->argv[r->n++] = arena_strdup(r->ctx->mem, before);
	while (*++r->next)
		r->out->argv[r->n++] = *r->next;
	return true;
}

/* How hints call us: "docker --config x stackplan". */
static const char *
spell_call(struct ctx *ctx, const struct words *words, const char *name) {
	struct buf b = {0};
	buf_adds(&b, "docker");
	for (size_t i = 0; i < words->n; i++) {
		buf_addc(&b, ' ');
		quote_text(&b, QUOTE_SH, words->v[i].s);
	}
	buf_printf(&b, " %s", name);
	return arena_take_buf(ctx->mem, &b);
}

/* ---- the environment ---- */

/* What docker has put in for us is nothing for its commands, nor for the spec: of the attributes for tracing, those that name our
 * call are taken out. */
static void
clean_environment(struct ctx *ctx) {
	const char *trace = getenv(TRACE_VARIABLE);
	struct buf kept = {0};
	unsetenv(SOCKET_VARIABLE);
	unsetenv(CALL_VARIABLE);
	for (const char *p = trace; p && *p; p += strcspn(p, ","), p += *p == ',') {
		if (str_starts(p, "docker.cli."))
			continue;
		if (kept.n)
			buf_addc(&kept, ',');
		buf_add(&kept, p, strcspn(p, ","));
	}
	const char *text = arena_take_buf(ctx->mem, &kept);
	if (trace && *text)
		setenv(TRACE_VARIABLE, text, 1);
	else
		unsetenv(TRACE_VARIABLE);
}

/* ---- the end that docker asks for ---- */

static int socket_fd = -1;

/* docker knows no death by a signal: it would tell 255. Where nothing needs to be said, this is all. */
static void
leave_at_once(int sig) {
	_exit(128 + sig);
}

/* Something happened on the socket: at its end we shall end, as by the first interrupt. */
static void
hear(int sig) {
	int error = errno;
	char bytes[64];
	ssize_t n;
	(void)sig;
	do
		n = recv(socket_fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0 || (n < 0 && errno == EINTR));
	if (socket_fd >= 0 && (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))) {
		close(socket_fd);
		socket_fd = -1;
		/* one who interrupts docker on a terminal has interrupted us, too: that is no second time */
		if (!sig_cancelled())
			raise(SIGTERM);
	}
	errno = error;
}

/* Connect to the address: a path, or "@name" for one that is in no folder. -1 if that can't be. */
static int
connect_to(const char *address) {
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(address);
	if (n == 0 || n >= sizeof(to.sun_path))
		return -1;
	memcpy(to.sun_path, address, n);
	if (address[0] == '@')
		to.sun_path[0] = '\0';
	else
		n++;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
		connect(fd, (const struct sockaddr *)&to,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Set what a signal does, unless it was ignored when we came. */
static void
handle(int sig, void (*handler)(int)) {
	struct sigaction action = {.sa_flags = SA_RESTART}, before;
	sigset_t only;
	sigemptyset(&only);
	sigaddset(&only, sig);
	sigemptyset(&action.sa_mask);
	action.sa_handler = handler;
	if (sigaction(sig, NULL, &before) == 0 && before.sa_handler == SIG_IGN && sig != SIGTERM &&
		sig != SIGIO)
		return;
	sigaction(sig, &action, NULL);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
}

/* Have the kernel call hear() when the socket is closed. An older docker has none. */
static void
listen_to_docker(void) {
	const char *address = getenv(SOCKET_VARIABLE);
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < countof(ends); i++)
		handle(ends[i], leave_at_once);
	socket_fd = address ? connect_to(address) : -1;
	if (socket_fd < 0)
		return;
	handle(SIGIO, hear);
	int flags = fcntl(socket_fd, F_GETFL);
	if (fcntl(socket_fd, F_SETOWN, getpid()) == 0)
		fcntl(socket_fd, F_SETFL, flags | O_ASYNC | O_NONBLOCK);
	raise(SIGIO); /* it may have been closed before the kernel was told */
}

/* ---- all of it ---- */

/* What docker wants to know of its plugins. */
static const char metadata[] =
	"{\"SchemaVersion\": \"0.1.0\", \"Vendor\": \"The stackplan authors\", "
	"\"Version\": \"" STACKPLAN_VERSION "\", \"ShortDescription\": "
	"\"Show, run and export a Compose file as plain docker commands\"}\n";

bool
plugin_begin(struct ctx *ctx, struct plugin *out, int argc, char **argv) {
	const char *base = argc > 0 ? argv[0] : "stackplan";
	const char *slash = strrchr(base, '/');
	static char *no_words[] = {NULL};
	*out = (struct plugin){.call = "stackplan", .argv = argc > 0 ? argv + 1 : no_words};
	base = slash ? slash + 1 : base;
	if (!str_starts(base, "docker-"))
		return true;
	const char *name = base + strlen("docker-");
	if (argc > 1 && str_eq(argv[1], "docker-cli-plugin-metadata")) {
		out->metadata = metadata;
		out->argv = no_words;
		return true;
	}
	out->argv = arena_array(ctx->mem, 2 * (size_t)argc + 1, sizeof(*out->argv));
	struct reading r = {.ctx = ctx, .out = out};
	out->called = read_words(&r, argv, name);
	if (!out->called) {
		diag(ctx, SEV_ERROR, nowhere, "usage",
			"'%s' is a plugin of docker, which calls it as 'docker %s': call "
			"'stackplan' by that name",
			base, name);
		return false;
	}
	out->call = spell_call(ctx, &out->words, name);
	listen_to_docker();
	clean_environment(ctx);
	return true;
}
