/* path.h - paths as text: joining, normalising, making relative. */
#ifndef STACKPLAN_PATH_H
#define STACKPLAN_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct ctx;

/* The working directory's absolute path: $PWD where that names it, as shells and Go do, else getcwd. NULL if it is gone. */
char *path_cwd(struct arena *);

/* PATH against BASE (absolute), lexically cleaned: no ".", "..", "//", trailing "/". "~" and "~/x" are HOME's
 * when HOME is not NULL. */
char *path_resolve(struct arena *, const char *base, const char *path, const char *home);
char *path_clean(struct arena *, const char *path);

/* The parts of a path. dirname of "a" is ".", of "/" is "/". */
char *path_dirname(struct arena *, const char *path);
const char *path_basename(const char *path);

/* If PATH is FOLDER or lies below it: the rest after FOLDER ("" or "/x/y"), else NULL. */
const char *path_below(const char *path, const char *folder);

/* PATH as seen from the folder BASE, both absolute: "x/y", "../z", "." */
char *path_relative(struct arena *, const char *base, const char *path);

/* Read a whole regular file (opened O_NONBLOCK|O_CLOEXEC, fstat'ed, at most MAX bytes) into the arena,
 * NUL-terminated. "-" is not special. On failure returns NULL and *WHY is a wording such as
 * "no such file or directory", "not a regular file", "larger than 32 MiB". */
char *path_read(struct arena *, const char *path, size_t max_bytes, size_t *len, const char **why);

/* The same from an open descriptor of any kind (standard input). */
char *path_read_fd(struct arena *, int fd, size_t max_bytes, size_t *len, const char **why);

/* Write all N bytes to a descriptor, whatever interrupts it; false with errno. */
bool write_all(int fd, const char *bytes, size_t n);

bool path_is_file(const char *path);
bool path_is_folder(const char *path);

/* Write the file so that it is whole or absent: temporary in the same folder (O_EXCL, MODE without
 * umask's help), fsync, rename. An existing symbolic link is refused. Returns false with *WHY. */
bool path_write(struct arena *, const char *path, const char *bytes, size_t n, unsigned mode,
	const char **why);

#endif
