/* path_io.c - whole files in and out.
 * Reading takes regular files only and never waits for a FIFO; writing leaves the old file or
 * the new one, whole, whatever happens between. */
#include "base_int.h"
#include <bsd/stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/path.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The words for an error number, in lower case as all our messages are. */
static const char *
errno_words(struct arena *mem, int error) {
	char *words = arena_strdup(mem, strerror(error));
	if (words[0] >= 'A' && words[0] <= 'Z' && words[1] >= 'a' && words[1] <= 'z')
		words[0] = (char)(words[0] - 'A' + 'a');
	return words;
}

/* "larger than 32 MiB" */
static const char *
too_large(struct arena *mem, size_t max) {
	static const size_t mib = (size_t)1024 * 1024;
	if (max >= mib && max % mib == 0)
		return arena_printf(mem, "larger than %zu MiB", max / mib);
	if (max >= 1024 && max % 1024 == 0)
		return arena_printf(mem, "larger than %zu KiB", max / 1024);
	return arena_printf(mem, "larger than %zu bytes", max);
}

/* read() that is not interrupted, and waits where the descriptor is a non-blocking one. */
static ssize_t
read_some(int fd, char *bytes, size_t n) {
	for (;;) {
		ssize_t got = read(fd, bytes, n);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		if (errno == EAGAIN && poll(&ready, 1, -1) < 0 && errno != EINTR)
			return -1;
	}
}

char *
path_read_fd(struct arena *mem, int fd, size_t max_bytes, size_t *len, const char **why) {
	struct buf b = {0};
	for (;;) {
		size_t room = b.n < 4096 ? 4096 : b.n;
		if (room > max_bytes - b.n)
			room = max_bytes - b.n + 1; /* one byte more shows that there is more */
		ssize_t got = read_some(fd, buf_room(&b, room), room);
		if (got < 0)
			*why = errno_words(mem, errno);
		else if (b.n + (size_t)got > max_bytes)
			*why = too_large(mem, max_bytes);
		else if (got == 0)
			break;
		if (got < 0 || b.n + (size_t)got > max_bytes) {
			buf_free(&b);
			return NULL;
		}
		b.n += (size_t)got;
	}
	b.s[b.n] = '\0';
	*len = b.n;
	return arena_take_buf(mem, &b);
}

/* Read the SIZE bytes of a regular file; what it grows by meanwhile is left out. */
static char *
read_regular(struct arena *mem, int fd, size_t size, size_t *len, const char **why) {
	char *bytes = arena_alloc(mem, size + 1);
	size_t n = 0;
	while (n < size) {
		ssize_t got = read_some(fd, bytes + n, size - n);
		if (got < 0) {
			*why = errno_words(mem, errno);
			return NULL;
		}
		if (got == 0)
			break;
		n += (size_t)got;
	}
	bytes[n] = '\0';
	*len = n;
	return bytes;
}

char *
path_read(struct arena *mem, const char *path, size_t max_bytes, size_t *len, const char **why) {
	struct stat st;
	char *bytes = NULL;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		/* What can only be opened by a partner (ENXIO of a socket) is no file either. */
		*why = errno == ENXIO ? "not a regular file" : errno_words(mem, errno);
		return NULL;
	}
	if (fstat(fd, &st) != 0)
		*why = errno_words(mem, errno);
	else if (S_ISDIR(st.st_mode))
		*why = "is a directory";
	else if (!S_ISREG(st.st_mode))
		*why = "not a regular file";
	else if ((uintmax_t)st.st_size > max_bytes)
		*why = too_large(mem, max_bytes);
	else if (st.st_size == 0) /* files of the kernel say 0 and have content */
		bytes = path_read_fd(mem, fd, max_bytes, len, why);
	else
		bytes = read_regular(mem, fd, (size_t)st.st_size, len, why);
	close(fd);
	return bytes;
}

bool
path_is_file(const char *path) {
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool
path_is_folder(const char *path) {
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
write_all(int fd, const char *bytes, size_t n) {
	while (n > 0) {
		ssize_t put = write(fd, bytes, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		n -= (size_t)put;
	}
	return true;
}

/* Make a new file beside PATH and store its name; -1 with errno. */
static int
open_beside(struct arena *mem, const char *path, char **name) {
	for (int i = 0; i < 100; i++) {
		*name = arena_printf(mem, "%s/.stackplan-%08x.tmp", path_dirname(mem, path),
			(unsigned)arc4random());
		int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Make the new name of a file in FOLDER last; a file system that cannot is not our trouble. */
static void
sync_folder(const char *folder) {
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* Fill the file of FD, which is named NAME, and give it the name PATH. Closes FD; false with errno. */
static bool
fill_and_rename(
	int fd, const char *name, const char *path, const char *bytes, size_t n, unsigned mode) {
	bool is_full = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, bytes, n) && fsync(fd) == 0;
	int error = errno;
	if (close(fd) != 0 && is_full) {
		is_full = false;
		error = errno;
	}
	if (is_full && rename(name, path) == 0)
		return true;
	if (is_full)
		error = errno;
	unlink(name);
	errno = error;
	return false;
}

bool
path_write(struct arena *mem, const char *path, const char *bytes, size_t n, unsigned mode,
	const char **why) {
	struct stat st;
	char *name;
	if (lstat(path, &st) == 0) {
		if (S_ISREG(st.st_mode))
			*why = NULL;
		else if (S_ISLNK(st.st_mode))
			*why = "is a symbolic link";
		else
			*why = S_ISDIR(st.st_mode) ? "is a directory" : "not a regular file";
		if (*why != NULL)
			return false;
	} else if (errno != ENOENT) {
		*why = errno_words(mem, errno);
		return false;
	}
	int fd = open_beside(mem, path, &name);
	if (fd < 0 || !fill_and_rename(fd, name, path, bytes, n, mode)) {
		*why = errno_words(mem, errno);
		return false;
	}
	sync_folder(path_dirname(mem, path));
	return true;
}
