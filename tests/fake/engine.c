/* engine.c - a docker that remembers: containers, networks and volumes in one file, changed by the commands that stackplan uses, and
 * spoilt on demand. For tests of what a run leaves behind when one of its commands goes wrong.
 *
 * $FAKE_DIR/state  the objects, a line each
 *           calls  how many commands there have been, its own lock
 *           fault  "K MODE": what becomes of command K (of K and all later ones: "from"); "fired" then has that command
 *           pace   how many ms a command takes at most before it does something, and after that until it says so
 *           log    the commands; pids: the processes
 *           strange  commands and options that it does not know: the test has failed then */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 256, TEXT = 4096 };

/* One object: 'c'ontainer, 'n'etwork, 'v'olume. */
struct object {
	char kind;
	char id[80], name[128], state[16];
	char networks[512]; /* "a,b" */
	char mounts[1024];  /* "name:/where,..." */
	char labels[TEXT];  /* "name=value" and a \037 each */
};

static struct object object[MOST];
static int nobject, code;
static char why[TEXT];
static struct {
	char *s;
	size_t n;
} said;

static void
say(const char *fmt, ...) {
	va_list ap;
	char text[8 * TEXT];
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	said.s = realloc(said.s, said.n + (size_t)n + 1);
	memcpy(said.s + said.n, text, (size_t)n + 1);
	said.n += (size_t)n;
}

static void
complain(const char *fmt, ...) {
	va_list ap;
	size_t n = strlen(why);
	va_start(ap, fmt);
	vsnprintf(why + n, sizeof(why) - n, fmt, ap);
	va_end(ap);
	n = strlen(why);
	snprintf(why + n, sizeof(why) - n, "\n");
	code = 1;
}

/* Append a line to a file of the test. */
static void
note(const char *file, const char *text) {
	FILE *f = fopen(file, "a");
	fprintf(f, "%s\n", text);
	fclose(f);
}

/* ---- the file of objects ---- */

static void
load(void) {
	char line[8 * TEXT];
	FILE *f = fopen("state", "r");
	while (f && nobject < MOST && fgets(line, sizeof(line), f)) {
		struct object *o = &object[nobject++];
		char *field[7], *rest = line;
		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < 7; i++)
			field[i] = strsep(&rest, "\t");
		o->kind = *field[0];
		strcpy(o->id, field[1]);
		strcpy(o->name, field[2]);
		strcpy(o->state, field[3]);
		strcpy(o->networks, field[4]);
		strcpy(o->mounts, field[5]);
		strcpy(o->labels, field[6]);
	}
	if (f)
		fclose(f);
}

static void
save(void) {
	FILE *f = fopen("state.new", "w");
	for (int i = 0; i < nobject; i++) {
		const struct object *o = &object[i];
		if (o->kind)
			fprintf(f, "%c\t%s\t%s\t%s\t%s\t%s\t%s\n", o->kind, o->id, o->name,
				o->state, o->networks, o->mounts, o->labels);
	}
	fclose(f);
	rename("state.new", "state");
}

static struct object *
find(char kind, const char *name) {
	for (int i = 0; i < nobject; i++)
		if (object[i].kind == kind &&
			(strcmp(object[i].name, name) == 0 || strcmp(object[i].id, name) == 0))
			return &object[i];
	return NULL;
}

static struct object *
make(char kind, const char *name, const char *labels) {
	struct object *o = &object[nobject++];
	memset(o, 0, sizeof(*o));
	o->kind = kind;
	snprintf(
		o->id, sizeof(o->id), "%048x%08x%08x", kind, (unsigned)getpid(), (unsigned)nobject);
	strcpy(o->name, name);
	strcpy(o->labels, labels);
	return o;
}

/* The value of a label; "" if it has none. */
static const char *
label(const struct object *o, const char *name, size_t n) {
	static char value[TEXT];
	for (const char *p = o->labels; *p; p = strchr(p, '\037') + 1)
		if (strncmp(p, name, n) == 0 && p[n] == '=') {
			snprintf(value, sizeof(value), "%.*s", (int)strcspn(p + n + 1, "\037"),
				p + n + 1);
			return value;
		}
	return "";
}

/* Does the list "a,b:c,..." have a member that begins so, up to its ':' or ','? */
static bool
lists(const char *list, const char *member) {
	size_t n = strlen(member);
	for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',')
		if (strncmp(p, member, n) == 0 && (p[n] == '\0' || p[n] == ',' || p[n] == ':'))
			return true;
	return false;
}

/* ---- answers ---- */

static void
say_json(const char *text) {
	say("\"");
	for (; *text; text++)
		say(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	say("\"");
}

/* All that `container inspect` says that anybody asks for. */
static void
say_whole(const struct object *o) {
	char list[1024], *rest = list;
	const char *comma = "";
	say("{\"Id\":\"%s\",\"Name\":\"/"
	    "%s\",\"Image\":\"sha256:0123456789ab\",\"State\":{\"Status\":\"%s\"},",
		o->id, o->name, o->state);
	say("\"NetworkSettings\":{\"Networks\":{");
	strcpy(list, o->networks);
	for (char *net; (net = strsep(&rest, ",")) && *net; comma = ",")
		say("%s\"%s\":{\"NetworkID\":\"%s\"}", comma, net,
			find('n', net) ? find('n', net)->id : "");
	say("}},\"Mounts\":[");
	strcpy(list, o->mounts);
	rest = list;
	comma = "";
	for (char *m; (m = strsep(&rest, ",")) && *m; comma = ",") {
		char *dst = strchr(m, ':');
		*dst++ = '\0';
		say("%s{\"Type\":\"volume\",\"Name\":\"%s\",\"Destination\":\"%s\",\"RW\":true}",
			comma, m, dst);
	}
	say("]}");
}

/* One expression of a template. */
static const char *
value(const struct object *o, const char *expr) {
	if (strncmp(expr, "(.Label \"", 9) == 0)
		return label(o, expr + 9, strcspn(expr + 9, "\""));
	if (strcmp(expr, ".ID") == 0 || strcmp(expr, ".Id") == 0)
		return o->id;
	if (strcmp(expr, ".Name") == 0 || strcmp(expr, ".Names") == 0)
		return o->name;
	if (strcmp(expr, ".State") == 0 || strcmp(expr, ".State.Status") == 0)
		return o->state;
	if (strcmp(expr, ".Status") == 0)
		return strcmp(o->state, "exited") == 0 ? "Exited (0) 1 second ago" : "Up 1 second";
	if (strcmp(expr, ".Networks") == 0)
		return o->networks;
	if (strcmp(expr, ".State.Health.Status") == 0)
		return "healthy";
	if (strcmp(expr, ".State.ExitCode") == 0)
		return "0";
	if (strcmp(expr, ".Image") == 0)
		return "busybox";
	return "";
}

/* A line by the template, in which an expression that is none of the above is nothing. */
static void
say_by(const char *format, const struct object *o) {
	for (const char *p = format; *p;) {
		char expr[256];
		const char *end = strncmp(p, "{{", 2) == 0 ? strstr(p, "}}") : NULL;
		if (!end) {
			say("%c", *p++);
			continue;
		}
		bool json = strncmp(p + 2, "json ", 5) == 0;
		p += json ? 7 : 2;
		snprintf(expr, sizeof(expr), "%.*s", (int)(end - p), p);
		p = end + 2;
		if (json && strcmp(expr, ".") == 0)
			say_whole(o);
		else if (json)
			say_json(value(o, expr));
		else
			say("%s", value(o, expr));
	}
	say("\n");
}

/* All of a kind, or, after "--filter label=NAME=VALUE", those with the label; the format comes after --format. */
static void
list(char kind, char **words) {
	const char *format = "", *filter = NULL, *eq = NULL;
	for (; *words; words++) {
		format = strcmp(words[0], "--format") == 0 && words[1] ? words[1] : format;
		filter = strncmp(words[0], "label=", 6) == 0 ? words[0] + 6 : filter;
	}
	if (filter)
		eq = strchr(filter, '=');
	for (int i = 0; i < nobject; i++) {
		const struct object *o = &object[i];
		if (o->kind == kind && (!eq || strcmp(label(o, filter, (size_t)(eq - filter)), eq + 1) == 0))
			say_by(format, o);
	}
}

/* The templates with conditions: has it run, is it still this one, how is it. False for others. */
static bool
say_conditional(const char *format, const struct object *o) {
	if (strncmp(format, "{{if eq .State.Status \"created\"}}", 33) == 0) {
		if (strcmp(o->state, "created") == 0)
			complain("template: :1:33: executing at <index 0 0>: error calling index");
	} else if (strncmp(format, "{{if ne .Id ", 12) == 0) {
		if (!strstr(format, o->id))
			complain("template: :1:83: executing at <index 0 0>: error calling index");
	} else if (strncmp(format, "{{.State.Status}}{{if not .State.Running}}", 42) == 0) {
		say(strcmp(o->state, "exited") == 0 ? "%s 0" : "%s", o->state);
	} else {
		return false;
	}
	say("\n");
	return true;
}

/* FORMAT NAME... */
static void
inspect(char **words) {
	for (char **name = words + 1; *name; name++) {
		const struct object *o = find('c', *name);
		if (!o)
			complain("Error: No such container: %s", *name);
		else if (!say_conditional(*words, o))
			say_by(*words, o);
	}
}

static void
inspect_image(char **words) {
	for (char **name = words + 1; *name; name++)
		if (strstr(*words, "RepoTags"))
			say("{\"id\":\"sha256:0123456789ab\",\"tags\":[\"%s:latest\"],\"digests\":["
			    "],\"tagged\":\"\"}\n",
				*name);
		else
			say("sha256:0123456789ab\n");
}

/* `network inspect -f FORMAT NAME`, where who is in it is asked for. */
static void
inspect_network(const char *name) {
	bool any = false;
	if (!find('n', name)) {
		complain("Error: No such network: %s", name);
		return;
	}
	for (int i = 0; i < nobject; i++)
		if (object[i].kind == 'c' && strcmp(object[i].state, "running") == 0 &&
			lists(object[i].networks, name)) {
			say("%s\n", object[i].name);
			any = true;
		}
	say(any ? "\n" : "nobody\n");
}

/* What `inspect` says of a network or volume. */
static void
say_thing(const struct object *o) {
	char list[TEXT], *rest = list;
	const char *comma = "";
	say("{\"Name\":\"%s\",\"Id\":\"%s\",%s,\"Labels\":{", o->name, o->id,
		o->kind == 'n' ? "\"IPAM\":{}" : "\"Mountpoint\":\"/v\"");
	strcpy(list, o->labels);
	for (char *l; (l = strsep(&rest, "\037")) && *l; comma = ",") {
		char *value = strchr(l, '=');
		*value++ = '\0';
		say("%s", comma);
		say_json(l);
		say(":");
		say_json(value);
	}
	say("}}\n");
}

/* NAME... of any kind; images, which have a tag, are all there. */
static void
inspect_any(char **names) {
	for (; *names; names++) {
		const struct object *o = find('c', *names), *net = find('n', *names);
		const struct object *volume = find('v', *names);
		if (o)
			say_by("{{json .}}", o);
		else if (net || volume)
			say_thing(net ? net : volume);
		else if (strchr(*names, ':'))
			say("{\"Id\":\"sha256:0123456789ab\",\"RepoTags\":[\"%s\"],\"RepoDigests\":"
			    "[]}\n",
				*names);
		else
			complain("Error: No such object: %s", *names);
	}
}

/* ---- changes ---- */

/* The words after the options; what the options say goes into *O and LABELS. */
static char **
take_options(char **words, struct object *o, char *labels) {
	static const char *const flags[] = {"-d", "-v", "-f", "-a", NULL};
	for (; *words && **words == '-'; words++) {
		const char *option = *words;
		bool is_flag = false;
		for (int i = 0; flags[i]; i++)
			is_flag |= strcmp(option, flags[i]) == 0 && (i != 1 || o->kind != 'c');
		if (is_flag)
			continue;
		if (!*++words) {
			note("strange", option);
			break;
		}
		if (strcmp(option, "--label") == 0)
			sprintf(labels + strlen(labels), "%s\037", *words);
		else if (strcmp(option, "--name") == 0)
			strcpy(o->name, *words);
		else if (strcmp(option, "--network") == 0)
			strcpy(o->networks, *words);
		else if (strcmp(option, "-v") == 0)
			sprintf(o->mounts + strlen(o->mounts), "%s%s", *o->mounts ? "," : "",
				*words);
		else if (strncmp(*words, "type=volume,src=", 16) == 0)
			sprintf(o->mounts + strlen(o->mounts), "%s%.*s:%s", *o->mounts ? "," : "",
				(int)strcspn(*words + 16, ","), *words + 16,
				strstr(*words, "dst=") + 4);
		else if (strncmp(*words, "type=volume,dst=", 16) == 0)
			sprintf(o->mounts + strlen(o->mounts), "%s%064x:%s", *o->mounts ? "," : "",
				(unsigned)getpid(), *words + 16);
		else if (!strstr("--stop-timeout -e --network-alias --alias --health-cmd "
				 "--health-interval -t --tail --env-file",
				 option))
			note("strange", option);
	}
	return words;
}

static void
start(struct object *o) {
	char nets[512], *rest = nets;
	strcpy(nets, o->networks);
	for (char *net; (net = strsep(&rest, ",")) && *net;)
		if (!find('n', net))
			complain("Error response from daemon: network %s not found", net);
	if (code == 0)
		strcpy(o->state, strstr(o->name, "task") ? "exited" : "running");
}

static void
create(char **words, bool runs) {
	struct object o = {.kind = 'c'};
	char labels[TEXT] = "", mounts[1024], *rest = mounts;
	take_options(words, &o, labels);
	struct object *other = find('c', o.name);
	if (other) {
		complain("docker: Error response from daemon: Conflict. The container name \"/%s\" "
			 "is already in use by "
			 "container \"%s\". You have to remove (or rename) that container to be "
			 "able to reuse that name.",
			o.name, other->id);
		code = runs ? 125 : 1;
		return;
	}
	struct object *made = make('c', o.name, labels);
	strcpy(made->state, "created");
	strcpy(made->networks, o.networks);
	strcpy(made->mounts, o.mounts);
	strcpy(mounts, o.mounts);
	for (char *m; (m = strsep(&rest, ",")) && *m;) {
		*strchr(m, ':') = '\0';
		if (!find('v', m))
			make('v', m, "");
	}
	say("%s\n", made->id);
	if (runs)
		start(made);
	if (code)
		code = 125;
}

/* Its mounts without a name, or all that only it had, go with it. */
static void
remove_container(struct object *o, bool volumes) {
	char mounts[1024], *rest = mounts;
	strcpy(mounts, o->mounts);
	o->kind = '\0';
	for (char *m; volumes && (m = strsep(&rest, ",")) && *m;) {
		bool used = false;
		*strchr(m, ':') = '\0';
		for (int i = 0; i < nobject; i++)
			used |= object[i].kind == 'c' && lists(object[i].mounts, m);
		if (strlen(m) == 64 && !used && find('v', m))
			find('v', m)->kind = '\0';
	}
}

/* One command for each of the containers. */
static void
change(const char *verb, char **names, bool volumes, bool force) {
	for (; *names; names++) {
		struct object *o = find('c', *names);
		bool up = o && strcmp(o->state, "running") == 0;
		if (!o)
			complain("Error response from daemon: No such container: %s", *names);
		else if (strcmp(verb, "start") == 0)
			start(o);
		else if (strcmp(verb, "stop") == 0)
			strcpy(o->state, up ? "exited" : o->state);
		else if (strcmp(verb, "rm") == 0 && up && !force)
			complain("Error response from daemon: You cannot remove a running "
				 "container %s.",
				o->id);
		else if (strcmp(verb, "rm") == 0)
			remove_container(o, volumes);
		if (o)
			say("%s\n", *names);
	}
}

static void
rename_container(const char *from, const char *to) {
	struct object *o = find('c', from);
	if (!o)
		complain("Error response from daemon: No such container: %s", from);
	else if (find('c', to))
		complain("Error response from daemon: Error when allocating new name: Conflict. "
			 "The container name \"/%s\" "
			 "is already in use by container \"%s\".",
			to, find('c', to)->id);
	else
		strcpy(o->name, to);
}

/* Is the network, or volume, in use? A network is by what runs alone. */
static bool
is_used(const struct object *what) {
	for (int i = 0; i < nobject; i++) {
		const struct object *o = &object[i];
		if (o->kind == 'c' &&
			(what->kind == 'v' ? lists(o->mounts, what->name)
					   : lists(o->networks, what->name) &&
						     strcmp(o->state, "running") == 0))
			return true;
	}
	return false;
}

static void
remove_thing(char kind, char **names) {
	for (; *names; names++) {
		struct object *o = find(kind, *names);
		if (!o)
			complain("Error: No such %s: %s", kind == 'n' ? "network" : "volume",
				*names);
		else if (is_used(o))
			complain(kind == 'n' ? "error while removing network: network %s has "
					       "active endpoints"
					     : "remove %s: volume is in use",
				*names);
		else {
			o->kind = '\0';
			say("%s\n", *names);
		}
	}
}

/* `network create ...`, `volume rm ...` and so on. */
static void
change_thing(char kind, const char *verb, char **words) {
	struct object o = {.kind = kind};
	char labels[TEXT] = "";
	words = take_options(words, &o, labels);
	if (strcmp(verb, "rm") == 0) {
		remove_thing(kind, words);
	} else if (strcmp(verb, "connect") == 0) {
		struct object *c = find('c', words[1]);
		if (!c || !find('n', words[0]))
			complain("Error response from daemon: No such container: %s, or no such "
				 "network",
				words[1]);
		else if (lists(c->networks, words[0]))
			complain("Error response from daemon: endpoint with name %s already exists "
				 "in network %s",
				words[1], words[0]);
		else
			sprintf(c->networks + strlen(c->networks), "%s%s", *c->networks ? "," : "",
				words[0]);
	} else if (kind == 'n' && find('n', *words)) {
		complain("Error response from daemon: network with name %s already exists", *words);
	} else if (strcmp(verb, "create") == 0) {
		if (!find(kind, *words))
			make(kind, *words, labels);
		say("%s\n", *words);
	} else {
		note("strange", verb);
	}
}

/* Do what the command says. */
static void
act(char **argv) {
	const char *verb = argv[1], *what = argv[2] ? argv[2] : "";
	bool things = strcmp(verb, "network") == 0 || strcmp(verb, "volume") == 0;
	if (strcmp(verb, "ps") == 0)
		list('c', argv + 2);
	else if (things && strcmp(what, "ls") == 0)
		list(*verb, argv + 3);
	else if (*verb == 'n' && things && strcmp(what, "inspect") == 0 && argv[3] && argv[4] && argv[5])
		inspect_network(argv[5]);
	else if (things)
		change_thing(*verb, what, argv + 3);
	else if (strcmp(verb, "image") == 0)
		inspect_image(argv + 4);
	else if (strcmp(verb, "container") == 0)
		inspect(argv + 4);
	else if (strcmp(verb, "inspect") == 0 && strcmp(what, "--format") == 0)
		inspect_any(argv + 4);
	else if (strcmp(verb, "inspect") == 0)
		inspect(argv + 3);
	else if (strcmp(verb, "create") == 0 || strcmp(verb, "run") == 0)
		create(argv + 2, *verb == 'r');
	else if (strcmp(verb, "rename") == 0)
		rename_container(argv[2], argv[3]);
	else if (strcmp(verb, "wait") == 0)
		say("0\n");
	else if (strcmp(verb, "start") == 0 || strcmp(verb, "stop") == 0 ||
		 strcmp(verb, "rm") == 0) {
		struct object none = {.kind = 'v'};
		char labels[TEXT];
		bool volumes = strcmp(what, "-v") == 0, force = strcmp(what, "-f") == 0;
		change(verb, take_options(argv + 2, &none, labels), volumes, force);
	} else if (strcmp(verb, "logs") != 0)
		note("strange", verb);
}

/* ---- faults ---- */

static void
fault(const char *mode, char **argv, const char *line) {
	bool done = strstr(mode, "after") != NULL;
	note("fired", line);
	if (done) {
		act(argv);
		save();
	}
	flock(9, LOCK_UN);
	if (strncmp(mode, "kill", 4) == 0)
		raise(SIGKILL);
	while (strncmp(mode, "hang", 4) == 0)
		pause();
	fputs(done ? "error during connect: unexpected EOF\n"
		   : "Error response from daemon: it was spoilt\n",
		stderr);
	exit(1);
}

/* Take some time. */
static void
dawdle(void) {
	long most = 0;
	struct timespec now;
	FILE *f = fopen("pace", "r");
	if (f && fscanf(f, "%ld", &most) == 1 && most > 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		long ms = (now.tv_nsec / 1000 + getpid()) % most;
		nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000},
			NULL);
	}
	if (f)
		fclose(f);
}

int
main(int argc, char **argv) {
	char text[64] = "", mode[32] = "", line[8 * TEXT] = "";
	long k = 0;
	if (argc < 2 || !getenv("FAKE_DIR") || chdir(getenv("FAKE_DIR")) != 0)
		return 2;
	sprintf(text, "%d", (int)getpid());
	note("pids", text);
	memset(text, 0, sizeof(text));
	dawdle();
	int fd = open("calls", O_RDWR | O_CREAT, 0600);
	if (fd < 0 || dup2(fd, 9) != 9 || flock(9, LOCK_EX) != 0 ||
		read(9, text, sizeof(text) - 1) < 0)
		return 2;
	long n = strtol(text, NULL, 10) + 1;
	pwrite(9, text, (size_t)sprintf(text, "%ld\n", n), 0);
	for (int i = 1; i < argc; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), "%s ", argv[i]);
	note("log", line);
	load();
	FILE *f = fopen("fault", "r");
	if (f && fscanf(f, "%ld %31s", &k, mode) == 2 &&
		(n == k || (n > k && strcmp(mode, "from") == 0)))
		fault(mode, argv, line);
	act(argv);
	save();
	flock(9, LOCK_UN);
	dawdle();
	if (write(1, said.s ? said.s : "", said.n) != (ssize_t)said.n)
		return 2;
	fputs(why, stderr);
	return code;
}
