/* emit.c - from the keys of a service to the options of `docker run`.
 * Starts at emit_service(): each key is looked up in its row, the engine's difference is asked for once, and the
 * function of the row's form writes the words. Knows no key by name but those that come in pairs. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

void
emit_option(struct emit *e, const char *flag, struct word value) {
	struct words *out = &e->res->create;

	words_push(e->ctx->mem, out, flag, value.at);
	out->v[out->n - 1].starts = true;
	words_push_word(e->ctx->mem, out, value);
}

void
emit_text(struct emit *e, const char *flag, const char *text, struct pos at) {
	emit_option(e, flag, (struct word){.s = text, .at = at});
}

void
emit_flag(struct emit *e, const char *flag, struct pos at) {
	words_push(e->ctx->mem, &e->res->create, flag, at);
	e->res->create.v[e->res->create.n - 1].starts = true;
}

void
emit_more(struct emit *e, const char *flag, struct word value) {
	words_push(e->ctx->mem, &e->res->create, flag, value.at);
	words_push_word(e->ctx->mem, &e->res->create, value);
}

struct word
emit_pair(struct emit *e, const char *key, const struct node *val) {
	struct text t = {0};
	struct word w = node_word(val);

	text_add(&t, key);
	text_add(&t, "=");
	text_add_word(&t, &w);
	return text_take(e->ctx->mem, &t, val->at);
}

/* FLAG VALUE; an empty text means "not set". */
static void
emit_value(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	struct word w = node_word(n);

	(void)row;
	if (!*w.s)
		return;
	if (!w.nspan)
		w.s = node_canonical(e->ctx->mem, n);
	emit_option(e, flag, w);
}

/* FLAG VALUE unless the value is zero, which means "not set" in the spec. */
static void
emit_nonzero(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	double d;

	if (str_number(node_canonical(e->ctx->mem, n), &d) && d == 0)
		return;
	emit_value(e, row, flag, n);
}

/* FLAG VALUE, for a flag that takes less than the spec allows. */
static void
emit_one_of(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	if (*node_text(n) && !str_in(row->one_of, node_text(n)))
		diag(e->ctx, SEV_ERROR, n->at, "no-form",
			"docker's %s takes nothing but '%s', so no command can say '%s'", flag,
			row->one_of, node_text(n));
	else
		emit_value(e, row, flag, n);
}

/* FLAG when true. */
static void
emit_switch(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	if (node_is_true(n))
		emit_flag(e, flag, n->at);
}

/* FLAG, or FLAG=false: the engine's own default is neither. */
static void
emit_tristate(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	if (node_is_true(n))
		emit_flag(e, flag, n->at);
	else
		emit_flag(e, arena_printf(e->ctx->mem, "%s=false", flag), n->at);
}

/* FLAG ITEM for each. */
static void
emit_each(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	if (n->type != NODE_LIST) {
		emit_value(e, row, flag, n);
		return;
	}
	for (size_t i = 0; i < n->n; i++)
		emit_value(e, row, flag, n->u.item[i]);
}

/* The same for domains: an empty one takes away those of the host, as '.' does for docker. */
static void
emit_domains(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	for (size_t i = 0; i < n->n; i++)
		if (*node_text(n->u.item[i]))
			emit_value(e, row, flag, n->u.item[i]);
		else
			emit_text(e, flag, ".", n->u.item[i]->at);
}

/* FLAG K=V for each. */
static void
emit_pairs(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++)
		emit_option(e, flag, emit_pair(e, n->u.member[i].key, n->u.member[i].val));
}

/* FLAG N: a duration in whole seconds, rounded up, since 0 would mean "kill at once". */
static void
emit_seconds(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	int64_t ns;

	(void)row;
	if (!str_duration(node_text(n), &ns))
		return;
	emit_text(e, flag,
		arena_printf(e->ctx->mem, "%lld", (long long)((ns + 999999999) / 1000000000)),
		n->at);
}

static emit_fn *const forms[] = {
	[FORM_NONE] = NULL,
	[FORM_VALUE] = emit_value,
	[FORM_SWITCH] = emit_switch,
	[FORM_TRISTATE] = emit_tristate,
	[FORM_EACH] = emit_each,
	[FORM_PAIRS] = emit_pairs,
	[FORM_SECONDS] = emit_seconds,
	[FORM_NONZERO] = emit_nonzero,
	[FORM_ENV] = emit_env,
	[FORM_PORTS] = emit_ports,
	[FORM_MOUNTS] = emit_mounts,
	[FORM_NETWORKS] = emit_networks,
	[FORM_HEALTH] = emit_health,
	[FORM_LOGGING] = emit_logging,
	[FORM_ULIMITS] = emit_ulimits,
	[FORM_DEVICES] = emit_devices,
	[FORM_HOSTS] = emit_hosts,
	[FORM_RESTART] = emit_restart,
	[FORM_NAMESPACE] = emit_namespace,
	[FORM_LINKS] = emit_links,
	[FORM_EXTERNAL_LINKS] = emit_external_links,
	[FORM_VOLUMES_FROM] = emit_volumes_from,
	[FORM_BLKIO] = emit_blkio,
	[FORM_GPUS] = emit_gpus,
	[FORM_SECURITY] = emit_security,
	[FORM_GRANTS] = emit_grants,
	[FORM_LABELS] = emit_pairs,
	[FORM_DOMAINS] = emit_domains,
	[FORM_ONE_OF] = emit_one_of,
	[FORM_DEPLOY] = emit_deploy,
	[FORM_SOCKET] = emit_socket,
	[FORM_MAC] = emit_mac,
};

void
emit_by_row(struct emit *e, const struct key *row, const struct node *n) {
	if (forms[row->form])
		forms[row->form](e, row, row->flag, n);
}

/* One key: its row, the engine's difference, its form. */
static void
emit_member(struct emit *e, const struct member *m) {
	const struct key *row = schema_find(&schema_service, m->key);
	const struct flag_rule *rule =
		e->engine->nrule ? engine_rule(e->engine,
					   arena_join(e->ctx->mem, "services.*.", m->key, NULL))
				 : NULL;
	enum form form = row ? row->form : FORM_NONE;
	const char *flag = row ? row->flag : NULL;

	if (rule && rule->flag) {
		form = rule->form;
		flag = rule->flag;
	}
	if (forms[form])
		forms[form](e, row, flag, m->val);
}

void
emit_map(struct emit *e, const struct schema *schema, const struct node *map) {
	for (size_t i = 0; i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct key *row = schema_find(schema, m->key);
		if (row && forms[row->form] && m->val->type != NODE_NULL)
			forms[row->form](e, row, row->flag, m->val);
	}
}

void
emit_service(struct emit *e) {
	const struct node *tree = engine_prune(e->ctx, e->engine, "services.*.", e->service->tree);
	e->tree = tree;
	if (!node_find(tree, "networks") && !node_find(tree, "network_mode"))
		emit_networks(e, NULL, "--network", NULL);
	for (size_t i = 0; i < tree->n; i++)
		emit_member(e, &tree->u.member[i]);
}

const char *
emit_container_of(struct emit *e, const char *name) {
	struct service *s = project_service(e->project, name);

	return s ? project_container(e->ctx, e->project, s, 1) : NULL;
}
