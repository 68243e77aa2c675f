/* proc.h - child processes: start in an own group, read what they say, say how they ended.
 *
 * No shell is ever involved, nothing is inherited but what is named here. Descriptors and pids
 * belong to struct proc; only proc.c closes or reaps them. */
#ifndef STACKPLAN_PROC_H
#define STACKPLAN_PROC_H

#include <stackplan/buf.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;

/* What to start. */
struct proc_spec {
	const char *program; /* absolute path of the executable */
	char *const *argv;   /* NULL-terminated, argv[0] included */
	char *const *env;    /* NULL-terminated "NAME=value"; NULL: stackplan's own */
	const char *folder;  /* working directory; NULL: stackplan's own */
	int in;              /* descriptor for standard input; -1: /dev/null */
	int extra;           /* descriptor the child gets as number 3; -1: none */
	bool terminal; /* keep 0, 1, 2 and our process group: the child talks to the terminal */
};

struct proc {
	pid_t pid;     /* also its process group, unless terminal; 0: none */
	int out, err;  /* read ends, non-blocking; -1 once closed */
	bool exited;   /* reaped; status is valid */
	int status;    /* as from waitpid */
	bool terminal; /* as in the spec: no group of its own */
};

/* Start. The child has default signal dispositions and an empty mask, 0 1 2 (3) and no other descriptor.
 * On failure returns false with errno set (ENOENT, EACCES, E2BIG ...), and *p is empty. */
bool proc_start(struct proc *p, const struct proc_spec *spec);

/* Reap without waiting; true when it has exited (now or before). */
bool proc_reap(struct proc *p);

/* Send SIG to the whole group (or the one process, if terminal); nothing happens once reaped,
 * except that a group may still hold what the child left behind: FORCE_GROUP sends all the same. */
void proc_signal(struct proc *p, int sig, bool force_group);

/* Close what is open. The process must have been reaped. */
void proc_close(struct proc *p);

/* Read what is there from *fd (proc.out or .err) into B. Returns bytes read; 0 with *fd == -1 at the end of file, 0
 * with *fd open when nothing is there now. */
size_t proc_read(int *fd, struct buf *b);

/* How it ended, in words: "exit status 1", "killed by signal 9 (Killed)". */
char *proc_how(struct arena *, int status);
/* Exit status, or 128+signal. */
int proc_code(int status);

/* One short run to its end: start, drain both pipes, reap; TERM then (1 s later) KILL after
 * timeout_ms (0: no limit). More than MAX bytes of either stream are dropped, and *cut says so. */
struct capture {
	struct buf out, err; /* freed by the caller: capture_free */
	int status;          /* as from waitpid; valid if started */
	bool timed_out, cut;
};
bool proc_capture(
	struct capture *, const struct proc_spec *, size_t max_bytes, uint32_t timeout_ms);
void capture_free(struct capture *);

/* Find PROGRAM: a name with a slash as it is, else along PATH, skipping empty and relative entries.
 * Returns its absolute path, or NULL with errno ENOENT (nowhere) or EACCES (found, not executable). */
char *proc_find(struct arena *, const char *program);

/* Is a port of this machine taken? IP "" is any address. What can't be tried counts as free (port.c). */
bool port_is_taken(const char *ip, uint16_t port, bool udp);

/* Milliseconds on the monotonic clock. */
int64_t clock_ms(void);

/* A memory file (close-on-exec, rewound) holding the bytes; -1 with errno. */
int proc_memfile(const char *bytes, size_t n);

#endif
