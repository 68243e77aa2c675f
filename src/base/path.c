/* path.c - paths as text: cleaning, joining, making relative.
 * All of it is lexical, as Go and Compose do it: symbolic links are not looked at. */
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/path.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Has the path a component "." or ".."? */
static bool
has_dots(const char *path) {
	while (*path != '\0') {
		path += strspn(path, "/");
		size_t n = strcspn(path, "/");
		if ((n == 1 && path[0] == '.') || (n == 2 && path[0] == '.' && path[1] == '.'))
			return true;
		path += n;
	}
	return false;
}

/* Do both paths lead to the same folder? */
static bool
is_same_folder(const char *a, const char *b) {
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

char *
path_cwd(struct arena *mem) {
	const char *pwd = getenv("PWD");
	if (pwd != NULL && *pwd == '/' && !has_dots(pwd) && is_same_folder(pwd, "."))
		return path_clean(mem, pwd);
	for (size_t size = 256; size <= (size_t)1024 * 1024; size *= 2) {
		char *room = xreallocarray(NULL, size, 1);
		char *cwd = getcwd(room, size);
		/* Linux says "(unreachable)..." of a folder outside our root. */
		char *copy = cwd != NULL && *cwd == '/' ? arena_strdup(mem, cwd) : NULL;
		free(room);
		if (cwd != NULL)
			return copy;
	}
	return NULL;
}

char *
path_clean(struct arena *mem, const char *path) {
	bool is_absolute = *path == '/';
	char *out = arena_alloc(mem, strlen(path) + 2);
	size_t n = 0, floor = is_absolute; /* what lies below floor cannot be gone back over */
	if (is_absolute)
		out[n++] = '/';
	while (*path != '\0') {
		path += strspn(path, "/");
		size_t len = strcspn(path, "/");
		bool is_up = len == 2 && path[0] == '.' && path[1] == '.';
		if (is_up && n > floor) {
			while (n > floor && out[n - 1] != '/')
				n--;
			if (n > floor)
				n--; /* the '/' too */
		} else if (len != 0 && !(len == 1 && *path == '.') && !(is_up && is_absolute)) {
			if (n > 0 && out[n - 1] != '/')
				out[n++] = '/';
			memcpy(out + n, path, len);
			n += len;
			if (is_up)
				floor = n;
		}
		path += len;
	}
	if (n == 0)
		out[n++] = '.';
	out[n] = '\0';
	return out;
}

char *
path_resolve(struct arena *mem, const char *base, const char *path, const char *home) {
	if (home != NULL && path[0] == '~' && (path[1] == '\0' || path[1] == '/')) {
		path++;
		base = home;
	} else if (*path == '/') {
		return path_clean(mem, path);
	}
	return path_clean(mem, arena_printf(mem, "%s/%s", base, path));
}

char *
path_dirname(struct arena *mem, const char *path) {
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return arena_strdup(mem, ".");
	while (slash > path && slash[-1] == '/')
		slash--;
	if (slash == path)
		return arena_strdup(mem, "/");
	return arena_strndup(mem, path, (size_t)(slash - path));
}

const char *
path_basename(const char *path) {
	const char *slash = strrchr(path, '/');
	if (slash == NULL || (slash == path && slash[1] == '\0'))
		return path;
	return slash + 1;
}

const char *
path_below(const char *path, const char *folder) {
	size_t n = strlen(folder);
	if (str_eq(folder, "/"))
		return *path != '/' ? NULL : str_eq(path, "/") ? path + 1 : path;
	if (strncmp(path, folder, n) != 0 || (path[n] != '\0' && path[n] != '/'))
		return NULL;
	return path + n;
}

char *
path_relative(struct arena *mem, const char *base, const char *path) {
	const char *from = path_clean(mem, base), *to = path_clean(mem, path);
	size_t common = 0; /* bytes of the components that both begin with */
	for (size_t i = 0;; i++) {
		bool from_ends = from[i] == '\0' || from[i] == '/';
		bool to_ends = to[i] == '\0' || to[i] == '/';
		if (from_ends && to_ends)
			common = i;
		if (from[i] != to[i] || from[i] == '\0')
			break;
	}
	from += common;
	to += common;
	struct buf b = {0};
	while (*from != '\0') {
		from += strspn(from, "/");
		size_t len = strcspn(from, "/");
		if (len != 0)
			buf_adds(&b, b.n == 0 ? ".." : "/..");
		from += len;
	}
	to += strspn(to, "/");
	if (*to != '\0' && b.n != 0)
		buf_addc(&b, '/');
	buf_adds(&b, to);
	if (b.n == 0)
		buf_addc(&b, '.');
	return arena_take_buf(mem, &b);
}
