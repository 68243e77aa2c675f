/* argv_watch.c - watches the command lines of all processes for words that must not stand there.
 *
 * The words come on standard input, a line each, so that they don't stand in our own arguments. It reads every
 * /proc/PID/cmdline over and over until it gets SIGTERM, then prints "hits=N reads=N sweeps=N" and each command line that had
 * one of the words. Made and run by secrets.sh; POSIX, no library. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORDS = 16, LONGEST_WORD = 256, MOST_SHOWN = 20 };

static volatile sig_atomic_t is_over;

static void
end(int number) {
	(void)number;
	is_over = 1;
}

/* The length of the command line of process PID, read into LINE as a string (its zeros are spaces); 0 if it is gone. */
static size_t
read_line(const char *pid, char *line, size_t size) {
	char path[64];
	snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	size_t n = 0;
	for (ssize_t got; n < size - 1 && (got = read(fd, line + n, size - 1 - n)) > 0;)
		n += (size_t)got;
	close(fd);
	for (size_t i = 0; i < n; i++)
		if (!line[i])
			line[i] = ' ';
	line[n] = '\0';
	return n;
}

int
main(void) {
	static char word[MOST_WORDS][LONGEST_WORD], line[1 << 18];
	size_t nword = 0, hits = 0, reads = 0, sweeps = 0;
	while (nword < MOST_WORDS && fgets(word[nword], LONGEST_WORD, stdin)) {
		word[nword][strcspn(word[nword], "\n")] = '\0';
		nword += word[nword][0] != '\0';
	}
	struct sigaction action = {.sa_handler = end};
	sigaction(SIGTERM, &action, NULL);
	DIR *proc = opendir("/proc");
	if (!proc || !nword)
		return 1;
	puts("watching");
	fflush(stdout);
	for (; !is_over; sweeps++) {
		rewinddir(proc);
		for (struct dirent *entry; (entry = readdir(proc)) && !is_over;) {
			if (!isdigit((unsigned char)entry->d_name[0]) ||
				!read_line(entry->d_name, line, sizeof(line)))
				continue;
			reads++;
			for (size_t i = 0; i < nword; i++) {
				if (!strstr(line, word[i]))
					continue;
				if (++hits <= MOST_SHOWN)
					printf("%s: %s\n", entry->d_name, line);
			}
		}
	}
	closedir(proc);
	printf("hits=%zu reads=%zu sweeps=%zu\n", hits, reads, sweeps);
	return 0;
}
