/* everyday.c - what stop, start and restart have in common: find the containers, plan, and print the plan or run it. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/run.h>
#include <stackplan/str.h>

#include "verbs_int.h"

static const struct pos nowhere = {0};

/* What the options mean for the planner. */
static struct everyday_options
options_from(const struct cli *cli, enum everyday verb, const struct everyday_args *a) {
	return (struct everyday_options){
		.verb = verb,
		.timeout_s = a->timeout.given ? (a->timeout.value + 999) / 1000 : -1,
		.gate_timeout_ms = a->wait_timeout.given ? (uint32_t)a->wait_timeout.value : 0,
		.only = cli->operand,
		.nonly = cli->noperand,
	};
}

/* Load all of the spec, or, where services are named that no profile enables, those with what they need. */
static int
load(struct cli *cli, struct stack *s) {
	size_t noperand = cli->noperand;
	cli->noperand = 0;
	int code = stack_load(cli, s, false);
	cli->noperand = noperand;
	for (size_t i = 0; !code && i < noperand; i++) {
		const struct service *named = project_service(s->project, cli->operand[i]);
		if (!named || !named->enabled)
			return stack_load(cli, s, false);
	}
	return code;
}

/* Print what would be done to the containers that the spec wants. */
static int
show(struct cli *cli, const struct everyday_options *o) {
	struct stack s;
	size_t n = 0;
	int code = load(cli, &s);
	if (!code)
		code = stack_want(cli, &s, stack_labels(cli));
	if (code)
		return code;
	struct resource **v = arena_array(cli->ctx->mem, s.want->n, sizeof(*v));
	for (size_t i = 0; i < s.want->n; i++)
		if (s.want->v[i]->kind == KIND_CONTAINER)
			v[n++] = s.want->v[i];
	struct plan *plan = plan_everyday(cli->ctx, s.project, s.engine, v, n, s.want, o);
	return plan ? document_print(cli, &s, plan) : EXIT_SPEC;
}

/* Has the service a container? */
static bool
has_container(const struct crew *c, const char *service) {
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->v[i]->key, service) && !c->v[i]->one_off)
			return true;
	return false;
}

/* Services without containers can't be started: an error for those that were named, and said of the others. */
static int
check_absent(struct cli *cli, const struct crew *c) {
	const struct project *p = c->stack.project;
	bool ok = true;
	for (size_t i = 0; i < c->nonly; i++) {
		if (has_container(c, c->only[i]))
			continue;
		diag(cli->ctx, SEV_ERROR, nowhere, "not-running",
			"'%s' has no container yet: make it with '%s'", c->only[i],
			cli_again(
				cli, arena_join(cli->ctx->mem, "apply ", c->only[i], NULL), false));
		ok = false;
	}
	for (size_t i = 0; !c->nonly && i < p->nservice; i++) {
		const struct service *s = &p->service[i];
		if (s->enabled && s->scale > 0 && !has_container(c, s->name))
			cli_say(cli, "'%s' has no container yet: '%s' makes it", s->name,
				cli_again(cli, "apply", false));
	}
	return ok ? EXIT_DONE : EXIT_STEP;
}

/* Name the containers that are not touched because the spec has no service for them. */
static void
note_orphans(struct cli *cli, const struct crew *c, enum everyday verb) {
	for (size_t i = 0; i < c->n; i++) {
		const struct resource *r = c->v[i];
		if (r->service || r->one_off || !crew_is_chosen(c, r->key) ||
			crew_is_up(r) == (verb == EVERYDAY_START))
			continue;
		cli_say(cli, "'%s' is left alone: the spec has no service '%s'", r->name, r->key);
	}
}

/* What is wanted, for containers that were made and have never been started: they may lack files and networks. */
static int
want_for_start(struct cli *cli, struct crew *c) {
	for (size_t i = 0; c->has_spec && i < c->n; i++)
		if (str_eq(c->v[i]->state, "created"))
			return stack_want(cli, &c->stack, true);
	return EXIT_DONE;
}

int
everyday_carry_out(struct cli *cli, const struct stack *s, const struct plan *plan, int on_failure,
	const char *path, const char *verb) {
	struct run_result result = {0};
	int code;
	struct transcript *record = outcome_record(cli, s, path, verb, &code);
	if (code)
		return code;
	cli_act(cli);
	bool ok = outcome_run(cli, s, plan, on_failure,
		outcome_reporter(cli, record ? transcript_reporter(record) : NULL), &result);
	code = outcome_code(cli, &result);
	if (!ok)
		outcome_say(cli, plan, &result, verb);
	return outcome_close_record(record, ok || code ? code : EXIT_STEP);
}

/* Observe, plan and run. */
static int
carry_out(struct cli *cli, const struct command *command, struct everyday_options *o,
	const struct everyday_args *a) {
	struct crew c;
	bool waited = false;
	int code = crew_find(cli, &c, cli->operand, cli->noperand);
	if (!code)
		code = lock_project(cli, c.stack.project, &waited);
	if (!code && waited)
		code = crew_find(cli, &c, cli->operand, cli->noperand);
	if (!code && o->verb != EVERYDAY_STOP)
		code = check_absent(cli, &c);
	if (!code && o->verb == EVERYDAY_START)
		code = want_for_start(cli, &c);
	if (code)
		return code;
	o->known = true;
	struct plan *plan =
		plan_everyday(cli->ctx, c.stack.project, c.stack.engine, c.v, c.n, c.stack.want, o);
	if (!plan)
		return EXIT_SPEC;
	note_orphans(cli, &c, o->verb);
	if (plan->nstep == 0) {
		cli_say(cli, "nothing to %s in the project '%s'", command->name,
			c.stack.project->name);
		return EXIT_DONE;
	}
	return everyday_carry_out(cli, &c.stack, plan,
		o->verb == EVERYDAY_STOP ? ON_FAILURE_CONTINUE : ON_FAILURE_STOP, a->transcript,
		command->name);
}

int
everyday_run(struct cli *cli, const struct command *command, enum everyday verb,
	const struct everyday_args *a) {
	struct everyday_options options = options_from(cli, verb, a);
	return a->show ? show(cli, &options) : carry_out(cli, command, &options, a);
}
