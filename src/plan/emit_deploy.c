/* emit_deploy.c - what `deploy` says of single containers: resources, devices, restarts. And gpus, which are device
 * requests too, and the socket of the engine. What only a swarm can do is noted at its row (keys_deploy.c). */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* A further field of the one word that a device request is. */
static void
add_field(struct text *t, const char *name, const struct word *value, struct arena *mem) {
	struct text field = {0};
	struct word w;

	text_add(&field, name);
	text_add_word(&field, value);
	w = text_take(mem, &field, value->at);
	if (t->n)
		text_add(t, ",");
	quote_csv(t, &w);
}

/* The items of a list with commas between them, without the item BUT. One that holds a comma has no form: docker would
 * take it for two. */
static struct word
with_commas(struct emit *e, const struct node *list, const char *but) {
	struct text t = {0};

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		struct word w = node_word(list->u.item[i]);
		if (str_eq(w.s, but))
			continue;
		if (strchr(w.s, ','))
			diag(e->ctx, SEV_ERROR, w.at, "no-form",
				"docker takes a comma for the end of a device's name or "
				"capability: it "
				"cannot be part of one");
		text_add(&t, t.n ? "," : "");
		text_add_word(&t, &w);
	}
	return text_take(e->ctx->mem, &t, list ? list->at : (struct pos){0});
}

/* NAME=VALUE options with commas between them, each quoted where it must be. */
static struct word
options_word(struct emit *e, const struct node *map) {
	struct text t = {0};

	for (size_t i = 0; i < map->n; i++) {
		struct word w = emit_pair(e, map->u.member[i].key, map->u.member[i].val);
		text_add(&t, i ? "," : "");
		quote_csv(&t, &w);
	}
	return text_take(e->ctx->mem, &t, map->at);
}

/* One request as --gpus has it: all, or count=2,driver=nvidia,"capabilities=utility,video". */
static struct word
request_word(struct emit *e, const struct node *n) {
	struct arena *mem = e->ctx->mem;
	const struct node *count = node_find(n, "count"), *ids = node_find(n, "device_ids");
	const struct node *driver = node_find(n, "driver"), *options = node_find(n, "options");
	struct word capabilities = with_commas(e, node_find(n, "capabilities"), "gpu");
	struct word driver_word = node_word(driver), list;
	struct text t = {0};

	if (ids && ids->n) {
		list = with_commas(e, ids, "");
		add_field(&t, "device=", &list, mem);
	} else if (!count || str_eq(node_text(count), "-1")) {
		text_add(&t, "all");
	} else {
		list = node_word(count);
		add_field(&t, "count=", &list, mem);
	}
	if (*driver_word.s)
		add_field(&t, "driver=", &driver_word, mem);
	if (*capabilities.s)
		add_field(&t, "capabilities=", &capabilities, mem);
	if (options && options->n) {
		list = options_word(e, options);
		add_field(&t, "options=", &list, mem);
	}
	return text_take(mem, &t, n->at);
}

/* Does the list hold the text? */
static bool
holds(const struct node *list, const char *text) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++)
		if (str_eq(node_text(list->u.item[i]), text))
			return true;
	return false;
}

/* `gpus`, or the devices of a reservation. docker adds the capability gpu to each request by itself. */
void
emit_gpus(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	bool reserved = str_eq(row->name, "devices");

	for (size_t i = 0; i < n->n; i++) {
		const struct node *capabilities = node_find(n->u.item[i], "capabilities");
		if (reserved && !holds(capabilities, "gpu"))
			diag(e->ctx, SEV_ERROR, capabilities ? capabilities->at : n->u.item[i]->at,
				"no-form",
				"docker's --gpus asks for GPUs whatever else it asks for: devices "
				"without the capability 'gpu' cannot be had by a command; give "
				"them in "
				"'devices', by path or CDI name");
		else
			emit_option(e, flag, request_word(e, n->u.item[i]));
	}
}

/* Is the resource given as a key of the service as well? Both are the same then (consist.c), and are said once. */
static bool
is_given(struct emit *e, const char *flag) {
	for (size_t i = 0; i < schema_service.n; i++) {
		const struct key *key = &schema_service.key[i];
		const struct node *own =
			key->flag && str_eq(key->flag, flag) ? node_find(e->tree, key->name) : NULL;
		if (own)
			return !str_eq(node_text(own), "0");
	}
	return false;
}

/* Limits or reservations: each member by its own row. */
static void
emit_resources(struct emit *e, const struct node *map, const struct schema *schema) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++) {
		const struct member *m = &map->u.member[i];
		const struct key *key = schema_find(schema, m->key);

		if (key && key->standing == KEY_MAPPED && key->flag && !is_given(e, key->flag))
			emit_by_row(e, key, m->val);
	}
}

/* A restart policy. One without a condition is none, as in Compose. */
static void
emit_restart_policy(struct emit *e, const struct member *policy) {
	const struct node *condition = node_find(policy->val, "condition"),
			  *attempts = node_find(policy->val, "max_attempts");
	const char *text = node_text(condition);
	bool tries = attempts && !str_eq(node_text(attempts), "0");
	struct word w = node_word(condition);

	if (!*text)
		diag(e->ctx, SEV_WARNING, policy->at, "noted-key",
			"'restart_policy' without a 'condition' restarts nothing, as in Compose: "
			"say 'condition: any' if it should");
	if (tries && *text && !str_eq(text, "on-failure"))
		diag(e->ctx, SEV_WARNING, attempts->at, "noted-key",
			"'max_attempts' counts only with 'condition: on-failure'");
	if (!*text || str_in("no none", text))
		return;
	if (str_in("any always", text))
		w = (struct word){.s = "always", .at = condition->at};
	else if (str_eq(text, "on-failure") && tries)
		w = (struct word){
			.s = arena_printf(e->ctx->mem, "on-failure:%s", node_text(attempts)),
			.at = condition->at};
	emit_option(e, "--restart", w);
}

void
emit_deploy(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	const struct schema *resources = schema_find(row->sub, "resources")->sub;
	const struct node *values = node_find(n, "resources");
	const struct member *policy = node_member(n, "restart_policy");

	(void)flag;
	for (size_t i = 0; i < resources->n; i++)
		emit_resources(e, node_find(values, resources->key[i].name), resources->key[i].sub);
	if (policy)
		emit_restart_policy(e, policy);
}

/* use_api_socket: the engine's socket; the user's registry credentials are not handed on. */
void
emit_socket(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	static const char socket[] = "/var/run/docker.sock";

	(void)row;
	if (!node_is_true(n))
		return;
	emit_text(e, flag, arena_printf(e->ctx->mem, "type=bind,src=%s,dst=%s", socket, socket),
		n->at);
	diag(e->ctx, SEV_WARNING, n->at, "noted-key",
		"'use_api_socket': the container gets the engine's socket, and no credentials of "
		"registries: a secret with a config.json can give it those");
}
