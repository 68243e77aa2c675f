/* lock.c - one verb at a time changes a project: a lock on a file in the user's runtime folder.
 *
 * The lock is the kernel's and dies with the process, however that ends; the file holds the process's number, for messages, and is
 * removed at the end. Children don't inherit it. It keeps one user's commands on one machine apart, for one engine.
 *
 * A `down -v` writes into the file which volumes without a name it removes after their containers: if it is killed in between, nothing
 * else knows whose they were. */
#include <bsd/libutil.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/hash.h>
#include <stackplan/path.h>
#include <stackplan/plan.h>
#include <stackplan/proc.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli_int.h"

enum {
	LONGEST_WAIT_MS = 600 * 1000,
	LOOK_AGAIN_MS = 50,
	NAMELESS_MS = 1000,
	NOTE_MAX_BYTES = 256 << 10
};

/* Is it a folder of ours that nobody else may write to? It is made if it is not there. */
static bool
is_private(const char *folder) {
	struct stat st;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return false;
	return lstat(folder, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & 022);
}

/* The folder of locks, or NULL. */
static const char *
lock_folder(struct arena *mem) {
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *tries[] = {
		runtime && *runtime == '/' ? arena_join(mem, runtime, "/stackplan", NULL) : NULL,
		arena_printf(mem, "/run/user/%ld/stackplan", (long)geteuid()),
		arena_printf(mem, "/tmp/stackplan-%ld", (long)geteuid()),
	};
	for (size_t i = 0; i < countof(tries); i++)
		if (tries[i] && is_private(tries[i]))
			return tries[i];
	return NULL;
}

/* What tells engines apart: how docker is aimed at one. */
static const char *
engine_digest(struct cli *cli) {
	const char *host = cli->g->host ? cli->g->host : getenv("DOCKER_HOST");
	const char *context = cli->g->context ? cli->g->context : getenv("DOCKER_CONTEXT");
	char sum[9];
	if (!host || cli->g->context || str_eq(host, "unix:///var/run/docker.sock"))
		host = ""; /* the usual one, by its name or without */
	if (!context || str_eq(context, "default"))
		context = "";
	hash_short(hash_quick(host, context), sum);
	return arena_strdup(cli->ctx->mem, sum);
}

/* Who holds it, by what stands in the file; 0 while that is not there yet, or is what one that has ended has left. */
static long
holder(const char *path) {
	char text[32] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '\0';
	close(fd);
	long pid = strtol(text, NULL, 10);
	return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno != ESRCH) ? pid : 0;
}

/* Wait for the lock; *WAITED tells that somebody had it. -1 with errno. */
static int
take(struct cli *cli, const char *path, const char *project, bool *waited) {
	int64_t begun = clock_ms(), end = begun + LONGEST_WAIT_MS;
	for (bool told = false;;) {
		int fd = flopen(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
		if (fd >= 0 || (errno != EWOULDBLOCK && errno != EINTR) || clock_ms() > end)
			return fd;
		long pid = told ? 0 : holder(path);
		if (pid || (!told && clock_ms() > begun + NAMELESS_MS)) {
			if (pid)
				cli_say(cli,
					"waiting for process %ld, which is changing the project "
					"'%s'",
					pid, project);
			else
				cli_say(cli,
					"waiting for another process, which is changing the "
					"project '%s'",
					project);
			told = true;
		}
		*waited = true;
		nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_MS * 1000000L}, NULL);
	}
}

/* The volumes that a command that was killed has left in the file, a line each after the number of its process. */
static void
read_doomed(struct cli *cli) {
	off_t size = lseek(cli->lock_fd, 0, SEEK_END);
	if (size <= 0 || size > NOTE_MAX_BYTES)
		return;
	char *text = arena_alloc(cli->ctx->mem, (size_t)size + 1);
	ssize_t n = pread(cli->lock_fd, text, (size_t)size, 0);
	text[n > 0 ? n : 0] = '\0';
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *name = arena_strndup(cli->ctx->mem, p, strcspn(p, "\n"));
		if (is_nameless(name))
			words_push(cli->ctx->mem, &cli->doomed, name, (struct pos){0});
	}
}

/* Write the file: our number, and the doomed. */
static void
write_file(struct cli *cli) {
	struct buf b = {0};
	buf_printf(&b, "%ld\n", (long)getpid());
	for (size_t i = 0; i < cli->doomed.n; i++)
		buf_printf(&b, "%s\n", cli->doomed.v[i].s);
	if (pwrite(cli->lock_fd, b.s, b.n, 0) == (ssize_t)b.n &&
		ftruncate(cli->lock_fd, (off_t)b.n) != 0)
		cli_say(cli, "cannot write %s: %s", cli->lock, strerror(errno));
	buf_free(&b);
}

void
lock_doom(struct cli *cli, const struct words *volumes) {
	cli->doomed = *volumes;
	if (cli->lock)
		write_file(cli);
}

int
lock_project(struct cli *cli, const struct project *p, bool *waited) {
	const char *folder = lock_folder(cli->ctx->mem);
	bool was_held = false;
	if (cli->lock)
		return EXIT_DONE;
	if (!folder) {
		diag(cli->ctx, SEV_ERROR, (struct pos){0}, "lock",
			"there is no folder for a lock that keeps others off the project: set "
			"XDG_RUNTIME_DIR to a folder of yours");
		return EXIT_STEP;
	}
	const char *path =
		arena_printf(cli->ctx->mem, "%s/%s-%s.lock", folder, p->name, engine_digest(cli));
	int fd = take(cli, path, p->name, &was_held);
	if (fd < 0) {
		if (errno == EWOULDBLOCK)
			diag(cli->ctx, SEV_ERROR, (struct pos){0}, "lock",
				"process %ld is still changing the project '%s': wait for its end",
				holder(path), p->name);
		else
			diag(cli->ctx, SEV_ERROR, (struct pos){0}, "lock", "cannot lock %s: %s",
				path, strerror(errno));
		return EXIT_STEP;
	}
	cli->lock = path;
	cli->lock_fd = fd;
	read_doomed(cli);
	write_file(cli);
	if (waited)
		*waited = was_held;
	return EXIT_DONE;
}

void
lock_release(struct cli *cli) {
	if (!cli->lock)
		return;
	if (!cli->doomed.n)
		unlink(cli->lock);
	close(cli->lock_fd);
	cli->lock = NULL;
}
