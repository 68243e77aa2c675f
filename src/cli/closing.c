/* closing.c - the last words about a run that did not end well: what was done and what was not, what stands there half made, and which
 * command goes on from here or removes what was made. Each is said only where it is true. */
#include <signal.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/str.h>

#include "stack_int.h"

enum { NAMES_SHOWN = 5 };

void
add_steps(struct buf *b, size_t n) {
	buf_printf(b, "%zu step%s", n, n == 1 ? "" : "s");
}

const char *
signal_words(int sig) {
	return sig == SIGINT    ? "an interrupt"
	       : sig == SIGTERM ? "SIGTERM"
	       : sig == SIGHUP  ? "SIGHUP"
				: "a signal";
}

/* Names, of which some are shown. */
struct names {
	struct buf text;
	size_t n;
};

static void
add_name(struct names *names, const char *name) {
	if (names->n < NAMES_SHOWN)
		buf_printf(&names->text, "%s%s", names->n ? ", " : "", name);
	names->n++;
}

/* The names as one text, which are let go of; "" if there are none. */
static const char *
take_names(struct cli *cli, struct names *names) {
	if (names->n > NAMES_SHOWN)
		buf_printf(&names->text, " and %zu more", names->n - NAMES_SHOWN);
	return arena_take_buf(cli->ctx->mem, &names->text);
}

/* How far it came. */
static void
say_counts(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	size_t n[STEP_SKIPPED + 1] = {0};
	for (size_t i = 0; i < plan->nstep; i++)
		n[result->outcome[i].state]++;
	struct buf b = {0};
	add_steps(&b, n[STEP_DONE]);
	buf_printf(&b, " of %zu done", plan->nstep);
	if (n[STEP_FAILED])
		buf_printf(&b, ", %zu failed", n[STEP_FAILED]);
	size_t rest = n[STEP_WAITING] + n[STEP_RUNNING] + n[STEP_SKIPPED];
	if (rest)
		buf_printf(&b, ", %zu not done", rest);
	if (result->signal)
		buf_printf(&b, "; stopped by %s", signal_words(result->signal));
	cli_say(cli, "%s", buf_str(&b));
	buf_free(&b);
}

/* Is all done but some checks? */
static bool
lacks_only_checks(const struct plan *plan, const struct run_result *result) {
	for (size_t i = 0; i < plan->nstep; i++)
		if (plan->step[i]->act != ACT_CHECK && result->outcome[i].state != STEP_DONE)
			return false;
	return true;
}

bool
outcome_was_done(const struct outcome *o) {
	return o->state == STEP_DONE && !o->was_needless;
}

/* The outcome of the step that starts the container of this name, NULL if none does. */
static const struct outcome *
find_start(const struct plan *plan, const struct run_result *result, const char *name) {
	for (size_t i = 0; i < plan->nstep; i++)
		if (plan->step[i]->act == ACT_START && str_eq(plan->step[i]->name, name))
			return &result->outcome[i];
	return NULL;
}

/* It was stopped in its midst, so that nobody knows how far it came. */
static bool
is_unsure(const struct outcome *o) {
	return o->state == STEP_FAILED && o->was_ended;
}

/* Say of containers that were made that they do not run, or perhaps not. */
static void
say_made(struct cli *cli, const char *how, struct names *names) {
	const char *text = take_names(cli, names), *them = names->n == 1 ? "it" : "them";
	if (names->n)
		cli_say(cli,
			"made but %s: %s; the next apply starts %s, or makes %s anew if the spec "
			"has changed",
			how, text, them, them);
}

/* Containers that were made and do not run: those that could not be started, and those whose turn it was not. */
static void
say_unstarted(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	struct names not_running = {0}, unsure = {0};
	for (size_t i = 0; i < plan->nstep; i++) {
		const struct step *s = plan->step[i];
		const struct outcome *o = &result->outcome[i];
		const struct outcome *start = NULL;
		if (s->kind != KIND_CONTAINER || step_extra(s)->hook)
			continue;
		if (s->act == ACT_RUN && o->state == STEP_FAILED && o->id)
			start = o;
		else if (s->act == ACT_CREATE && outcome_was_done(o))
			start = find_start(plan, result, s->name);
		if (start && !outcome_was_done(start))
			add_name(is_unsure(start) ? &unsure : &not_running, s->name);
	}
	say_made(cli, "not running", &not_running);
	say_made(cli, "perhaps not running", &unsure);
}

/* May the container of this name have been removed? A removal that failed has been told, and may have been carried out. */
static bool
was_removed(const struct plan *plan, const struct run_result *result, const char *name) {
	for (size_t i = 0; i < plan->nstep; i++) {
		const struct words *argv = &plan->step[i]->argv;
		if (plan->step[i]->act == ACT_REMOVE && str_eq(argv->v[argv->n - 1].s, name))
			return outcome_was_done(&result->outcome[i]) ||
			       result->outcome[i].state == STEP_FAILED;
	}
	return false;
}

/* Containers that were set aside for others, and are still there. */
static void
say_aside(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	struct names names = {0};
	for (size_t i = 0; i < plan->nstep; i++) {
		const struct words *argv = &plan->step[i]->argv;
		const char *name = argv->v[argv->n - 1].s;
		if (plan->step[i]->act == ACT_RENAME && outcome_was_done(&result->outcome[i]) &&
			!str_eq(name, plan->step[i]->name) && !was_removed(plan, result, name))
			add_name(&names, name);
	}
	const char *text = take_names(cli, &names);
	if (names.n)
		cli_say(cli, "kept until what replaces %s is good: %s",
			names.n == 1 ? "it" : "them", text);
}

/* What a run has made. */
struct made {
	size_t containers, networks, volumes;
	bool *service; /* by place: has new containers */
};

static struct made
find_made(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	struct made made = {
		.service = arena_array(cli->ctx->mem, plan->project->nservice + 1, sizeof(bool))};
	for (size_t i = 0; i < plan->nstep; i++) {
		const struct step *s = plan->step[i];
		const struct outcome *o = &result->outcome[i];
		if (step_extra(s)->hook || (s->act != ACT_CREATE && s->act != ACT_RUN) ||
			(!outcome_was_done(o) && !o->id))
			continue;
		made.containers += s->kind == KIND_CONTAINER;
		made.networks += s->kind == KIND_NETWORK;
		made.volumes += s->kind == KIND_VOLUME;
		if (s->kind == KIND_CONTAINER && s->service)
			made.service[s->service->place] = true;
	}
	return made;
}

/* Was something of the project there before, which `down` would remove as well? Services that had containers are left out of those
 * that the run has MADE. */
static bool
had_before(const struct plan *plan, struct made *made) {
	bool had = plan->changes->ngone > 0;
	for (size_t i = 0; i < plan->changes->n; i++) {
		const struct change *c = &plan->changes->v[i];
		if (!c->had || !c->want || c->want->external || c->want->kind == KIND_IMAGE ||
			c->want->kind == KIND_VOLUME)
			continue;
		had = true;
		if (c->want->service)
			made->service[c->want->service->place] = false;
	}
	return had;
}

/* Which command removes what was made, and nothing else. */
static void
say_removal(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	struct made made = find_made(cli, plan, result);
	const char *volumes = made.volumes ? "; with -v the volumes and their data, too" : "";
	if (!made.containers && !made.networks && !made.volumes)
		return;
	if (!plan->changes || !had_before(plan, &made)) {
		cli_say(cli, "to remove what was made: %s%s", cli_again(cli, "down", false),
			volumes);
		return;
	}
	struct buf b = {0};
	for (size_t i = 0; i < plan->project->nservice; i++)
		if (made.service[i])
			buf_printf(&b, " %s", plan->project->service[i].name);
	if (b.n)
		cli_say(cli, "to remove the new containers: %s%s", cli_again(cli, "down", false),
			buf_str(&b));
	buf_free(&b);
}

void
outcome_say(struct cli *cli, const struct plan *plan, const struct run_result *result,
	const char *verb) {
	bool makes = str_eq(verb, "apply");
	cli_print_diags(cli);
	say_counts(cli, plan, result);
	if (makes) {
		say_unstarted(cli, plan, result);
		say_aside(cli, plan, result);
	}
	if (makes && lacks_only_checks(plan, result))
		cli_say(cli, "to check again: %s", cli_again(cli, "verify", false));
	else
		cli_say(cli, "to go on from here: %s",
			makes || str_eq(verb, "down") ? cli_once_more(cli, verb)
						      : cli_again(cli, verb, true));
	if (makes)
		say_removal(cli, plan, result);
}

struct deed *
outcome_deeds(struct cli *cli, const struct plan *plan, const struct run_result *result) {
	struct deed *deed = arena_array(cli->ctx->mem, plan->nstep, sizeof(*deed));
	for (size_t i = 0; i < plan->nstep; i++) {
		const struct outcome *o = &result->outcome[i];
		deed[i].id = o->id;
		deed[i].how = outcome_was_done(o)       ? DEED_DONE
			      : o->state == STEP_FAILED ? DEED_UNSURE
							: DEED_NONE;
	}
	return deed;
}
