/* spec_help.h - for the tests of loading: a folder of its own with a few files, the pipeline over
 * it, what was said. */
#ifndef SPEC_HELP_H
#define SPEC_HELP_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/env.h>
#include <stackplan/load.h>
#include <stackplan/node.h>
#include <stackplan/path.h>
#include <stackplan/project.h>

/* One test's world. */
struct world {
	struct ctx ctx;
	char home[64];   /* the temporary folder that all lies in */
	char folder[80]; /* home/My.App, the working directory */
	char *environ[16];
	size_t nenviron;
	const char *profile[4];
	struct load_options options;
	struct loaded loaded;
	struct project *project;
};

static struct world world;
static char said_text[65536];

/* Write a file below the test's folder. */
static inline void
put(const char *name, const char *text) {
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	fclose(f);
}

static inline int
begin(void **state) {
	(void)state;
	memset(&world, 0, sizeof(world));
	strcpy(world.home, "/tmp/stackplan-unit-XXXXXX");
	assert_non_null(mkdtemp(world.home));
	sprintf(world.folder, "%s/My.App", world.home);
	assert_int_equal(mkdir(world.folder, 0700), 0);
	assert_int_equal(chdir(world.folder), 0);
	setenv("PWD", world.folder, 1);
	world.ctx.mem = arena_new();
	world.ctx.diags = diags_new(world.ctx.mem);
	world.options.environ = world.environ;
	world.options.profile = world.profile;
	return 0;
}

static inline int
end(void **state) {
	char command[128];

	(void)state;
	arena_free(world.ctx.mem);
	assert_int_equal(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", world.home);
	return system(command);
}

/* A variable of the program's own environment. */
static inline void
own(const char *pair) {
	world.environ[world.nenviron++] = arena_strdup(world.ctx.mem, pair);
}

/* Load what lies in the folder. */
static inline bool
load(void) {
	return load_spec(&world.ctx, &world.options, &world.loaded);
}

/* Load a compose.yaml of this text. */
static inline bool
load_text(const char *text) {
	put("compose.yaml", text);
	return load();
}

/* Load, and make the project with these services named (NULL: none). */
static inline struct project *
make_text(const char *text, const char *name) {
	world.project = NULL;
	if (load_text(text))
		world.project = project_make(&world.ctx, &world.loaded, &name, name != NULL, false);
	return world.project;
}

/* What was reported since the last call. */
static inline const char *
said(void) {
	FILE *f = fmemopen(said_text, sizeof(said_text) - 1, "w");

	memset(said_text, 0, sizeof(said_text));
	diags_print(&world.ctx, f, DIAG_TEXT, false);
	fclose(f);
	return said_text;
}

/* Fail unless the report holds this text. */
static inline void
assert_said(const char *text) {
	if (!strstr(said(), text))
		fail_msg("expected \"%s\" in:\n%s", text, said_text);
}

/* Fail, with the report, unless all is well. */
static inline void
assert_good(bool good) {
	if (!good)
		fail_msg("%s", said());
}

#define world_test(f) cmocka_unit_test_setup_teardown(f, begin, end)

#endif
