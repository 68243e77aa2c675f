/* run_help.h - a fixture for tests of the run loop: plans of shell scripts, with /bin/sh as the engine, and what was reported
 * of their run. Included after cmocka.h. */
#ifndef RUN_HELP_H
#define RUN_HELP_H

#include "../../src/act/run_int.h"
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_STEPS = 40 };

/* A plan whose steps are shell scripts, and the events of its run as text. */
struct fixture {
	struct arena *mem;
	struct ctx ctx;
	struct plan plan;
	struct step *step[MOST_STEPS];
	struct docker docker;
	struct run_options options;
	struct run_result result;
	struct reporter reporter;
	struct buf events, lines;
	size_t now, most; /* steps that run at once */
	int kill_self;    /* signal sent to ourselves at the first start, 0 for none */
	int kill_again;   /* and another one when a line comes */
};

static void
started(void *arg, const struct step *s) {
	struct fixture *f = arg;
	buf_printf(&f->events, "+%u ", s->id);
	if (++f->now > f->most)
		f->most = f->now;
}

static void
line(void *arg, const struct step *s, const char *text, bool err) {
	struct fixture *f = arg;
	buf_printf(&f->lines, "%u%c%s|", s->id, err ? '!' : ':', text);
	if (f->kill_self)
		raise(f->kill_self);
	f->kill_self = 0;
	if (f->kill_again && strcmp(text, "told") == 0) {
		usleep(250 * 1000);
		raise(f->kill_again);
	}
}

static void
ended(void *arg, const struct step *s, const struct outcome *o) {
	struct fixture *f = arg;
	static const char sign[] = "??.!s";
	buf_printf(&f->events, "%c%u ", sign[o->state], s->id);
	f->now -= o->state != STEP_SKIPPED;
}

static inline int
set_up(void **state) {
	static char path[] = "PATH=/usr/bin:/bin", a[] = "A=base", again[] = "A=twice",
		    gone[] = "GONE=yes";
	static char *env[] = {path, a, again, gone, NULL};
	struct fixture *f = calloc(1, sizeof(*f));
	f->mem = arena_new();
	f->ctx = (struct ctx){.mem = f->mem, .diags = diags_new(f->mem)};
	f->plan.step = f->step;
	f->docker = (struct docker){.program = "/bin/sh", .env = env};
	f->reporter = (struct reporter){.started = started, .line = line, .ended = ended, .arg = f};
	f->options = (struct run_options){
		.parallel = 4, .on_failure = ON_FAILURE_CONTINUE, .reporter = &f->reporter};
	*state = f;
	return 0;
}

static int
tear_down(void **state) {
	struct fixture *f = *state;
	/* no child is left, ended or not */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	buf_free(&f->events);
	buf_free(&f->lines);
	arena_free(f->mem);
	free(f);
	return 0;
}

/* Add a step that runs a script; NEEDS is a list of numbers, ended by 0. */
static struct step *
add(struct fixture *f, const char *script, const uint32_t *needs) {
	struct step *s = arena_make(f->mem, struct step);
	static const struct pos nowhere;
	*s = (struct step){.id = (uint32_t)f->plan.nstep + 1,
		.act = ACT_RUN,
		.name = "name",
		.title = "title",
		.why = ""};
	words_push(f->mem, &s->argv, "sh", nowhere);
	words_push(f->mem, &s->argv, "-c", nowhere);
	words_push(f->mem, &s->argv, script, nowhere);
	s->need = arena_array(f->mem, MOST_STEPS, sizeof(*s->need));
	for (; needs && *needs; needs++)
		s->need[s->nneed++] = f->step[*needs - 1];
	f->step[f->plan.nstep++] = s;
	return s;
}

/* Run what was added. */
static bool
go(struct fixture *f) {
	return run_plan(&f->ctx, &f->docker, &f->plan, &f->options, &f->result);
}

static const char *
why(struct fixture *f, size_t n) {
	return f->result.outcome[n - 1].why;
}

#define NEEDS(...) ((const uint32_t[]){__VA_ARGS__, 0})

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
