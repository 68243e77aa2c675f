/* proc_find.c - where a program lies: the search along PATH, done once and by ourselves, so that
 * every child is started by the one absolute path that the user was shown. */
#include <errno.h>
#include <stackplan/arena.h>
#include <stackplan/path.h>
#include <stackplan/proc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Is the path a program that may be run? If not, errno says why: ENOENT or EACCES. */
static bool
is_program(const char *path) {
	if (!path_is_file(path)) {
		errno = path_is_folder(path) ? EACCES : ENOENT;
		return false;
	}
	if (access(path, X_OK) == 0)
		return true;
	errno = EACCES;
	return false;
}

/* PROGRAM, which has a slash, as an absolute path. */
static char *
absolute(struct arena *mem, const char *program) {
	if (*program == '/')
		return arena_strdup(mem, program);
	const char *cwd = path_cwd(mem);
	return cwd != NULL ? arena_printf(mem, "%s/%s", cwd, program) : NULL;
}

char *
proc_find(struct arena *mem, const char *program) {
	int error = ENOENT;
	if (strchr(program, '/') != NULL) {
		char *path = absolute(mem, program);
		if (path == NULL)
			errno = ENOENT;
		return path != NULL && is_program(path) ? path : NULL;
	}
	const char *list = getenv("PATH");
	if (list == NULL)
		list = "/usr/local/bin:/usr/bin:/bin";
	while (*program != '\0' && *list != '\0') {
		size_t n = strcspn(list, ":");
		if (*list == '/') {
			char *path = arena_printf(mem, "%.*s/%s", (int)n, list, program);
			if (is_program(path))
				return path;
			/* A folder of that name is nothing that was meant. */
			if (errno == EACCES && path_is_file(path))
				error = EACCES;
		}
		list += n + (list[n] == ':');
	}
	errno = error;
	return NULL;
}
