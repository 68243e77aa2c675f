/* fuzz_load.c - any bytes as a compose file, through the whole pipeline up to the project. */
#include <fcntl.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/load.h>
#include <stackplan/proc.h>
#include <stackplan/project.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	char own0[] = "A=aa";
	char own1[] = "COMPOSE_DISABLE_ENV_FILE=1";
	char own2[] = "HOME=/nonexistent";
	char *const own[] = {own0, own1, own2, NULL};
	const char *const file[] = {"-"};
	struct load_options options = {
		.file = file, .nfile = 1, .environ = own, .project_name = "fuzz"};
	struct arena *mem = arena_new();
	struct ctx ctx = {.mem = mem, .diags = diags_new(mem)};
	struct loaded loaded;
	int fd = proc_memfile((const char *)data, size);

	/* standard input is the only way in that needs no file */
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		abort();
	close(fd);
	if (load_spec(&ctx, &options, &loaded))
		project_make(&ctx, &loaded, NULL, 0, false);
	arena_free(mem);
	return 0;
}
