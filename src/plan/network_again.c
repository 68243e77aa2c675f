/* network_again.c - a network as it was, made again, and its containers put back into it: for taking back a run that has made it anew.
 * The words come from what `network inspect` and `container inspect` said of both before anything was changed. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/engine.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <string.h>

static const struct pos nowhere = {0};

/* The words of a command that are being gathered. */
struct saying {
	struct ctx *ctx;
	struct words words;
};

static void
word(struct saying *s, const char *text) {
	words_push(s->ctx->mem, &s->words, text, nowhere);
}

/* "--flag TEXT", unless there is no text. */
static void
option(struct saying *s, const char *flag, const char *text) {
	if (!*text)
		return;
	word(s, flag);
	word(s, text);
}

/* "--flag KEY=VALUE" for each member. */
static void
pairs(struct saying *s, const char *flag, const struct node *map) {
	for (size_t i = 0; map && map->type == NODE_MAP && i < map->n; i++)
		option(s, flag,
			arena_join(s->ctx->mem, map->u.member[i].key, "=",
				node_text(map->u.member[i].val), NULL));
}

/* "--flag", if it is so. */
static void
flag(struct saying *s, const char *name, const struct node *is) {
	if (is && node_is_true(is))
		word(s, name);
}

static const struct node *
item(const struct node *list, size_t i) {
	return list && list->type == NODE_LIST && i < list->n ? list->u.item[i] : NULL;
}

/* The addresses of a network. */
static void
add_ipam(struct saying *s, const struct node *ipam) {
	const char *driver = node_text(node_find(ipam, "Driver"));
	const struct node *pool;

	option(s, "--ipam-driver", str_eq(driver, "default") ? "" : driver);
	pairs(s, "--ipam-opt", node_find(ipam, "Options"));
	for (size_t i = 0; (pool = item(node_find(ipam, "Config"), i)); i++) {
		option(s, "--subnet", node_text(node_find(pool, "Subnet")));
		option(s, "--ip-range", node_text(node_find(pool, "IPRange")));
		option(s, "--gateway", node_text(node_find(pool, "Gateway")));
		pairs(s, "--aux-address", node_find(pool, "AuxiliaryAddresses"));
	}
}

struct words
network_again(struct ctx *ctx, const struct plan *plan, const struct resource *had) {
	struct saying s = {.ctx = ctx};
	const struct node *facts = had ? had->facts : NULL;

	if (!facts)
		return s.words;
	s.words = words_of(ctx, plan, "network", "create");
	option(&s, "--driver", node_text(node_find(facts, "Driver")));
	flag(&s, "--internal", node_find(facts, "Internal"));
	flag(&s, "--attachable", node_find(facts, "Attachable"));
	flag(&s, "--ipv6", node_find(facts, "EnableIPv6"));
	add_ipam(&s, node_find(facts, "IPAM"));
	pairs(&s, "--opt", node_find(facts, "Options"));
	pairs(&s, "--label", node_find(facts, "Labels"));
	word(&s, had->name);
	return s.words;
}

struct words
connect_again(struct ctx *ctx, const struct plan *plan, const struct resource *had, const char *net,
	const char *name) {
	struct saying s = {.ctx = ctx, .words = words_of(ctx, plan, "network", "connect")};
	const struct node *nets = facts_at(had, "NetworkSettings.Networks");
	const struct node *at = nets ? node_find(nets, net) : NULL;
	const struct node *ipam = at ? node_find(at, "IPAMConfig") : NULL, *one;

	for (size_t i = 0; at && (one = item(node_find(at, "Aliases"), i)); i++)
		if (!*had->id || !str_starts(had->id, node_text(one))) /* docker adds that one */
			option(&s, "--alias", node_text(one));
	if (!at) /* nothing is known but that it was in it */
		option(&s, "--alias", had->had_key);
	option(&s, "--ip", node_text(node_find(ipam, "IPv4Address")));
	option(&s, "--ip6", node_text(node_find(ipam, "IPv6Address")));
	for (size_t i = 0; ipam && (one = item(node_find(ipam, "LinkLocalIPs"), i)); i++)
		option(&s, "--link-local-ip", node_text(one));
	for (size_t i = 0; at && (one = item(node_find(at, "Links"), i)); i++)
		option(&s, "--link", node_text(one));
	pairs(&s, "--driver-opt", at ? node_find(at, "DriverOpts") : NULL);
	word(&s, net);
	word(&s, name);
	return s.words;
}

/* The words that ask about the networks that the plan makes anew, or NULL if there is none. */
static char *const *
question(struct ctx *ctx, const struct changes *changes) {
	static const char *const words[] = {"network", "inspect", "--format", "{{json .}}"};
	char **argv = arena_array(ctx->mem, changes->n + countof(words) + 1, sizeof(char *));
	size_t n = 0;

	for (; n < countof(words); n++)
		argv[n] = arena_strdup(ctx->mem, words[n]);
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		if (c->kind == CHANGE_REPLACE && c->want->kind == KIND_NETWORK)
			argv[n++] = arena_strdup(ctx->mem, c->had->id);
	}
	return n > countof(words) ? argv : NULL;
}

/* Put a line of the answer where it belongs. */
static void
take(const struct changes *changes, const struct node *line) {
	const char *id = node_text(node_find(line, "Id"));

	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].had && changes->v[i].want->kind == KIND_NETWORK &&
			str_eq(changes->v[i].had->id, id))
			changes->v[i].had->facts = line;
}

/* Is all known that was asked about? */
static bool
is_known(const struct changes *changes) {
	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->v[i];
		if (c->kind == CHANGE_REPLACE && c->want->kind == KIND_NETWORK && !c->had->facts)
			return false;
	}
	return true;
}

bool
networks_look(struct ctx *ctx, const struct docker *d, const struct changes *changes) {
	char *const *words = question(ctx, changes);
	struct capture c = {.status = -1};
	const char *p, *why;

	if (!words)
		return true;
	if (docker_read(&c, d, words) && c.status == 0 && !c.timed_out && !c.cut)
		for (p = buf_str(&c.out); *p; p += strcspn(p, "\n"), p += *p == '\n') {
			const struct node *line = json_read(ctx->mem, p, strcspn(p, "\n"), &why);
			if (line && line->type == NODE_MAP)
				take(changes, line);
		}
	capture_free(&c);
	if (is_known(changes))
		return true;
	diag(ctx, SEV_ERROR, nowhere, "engine-answer",
		"the engine does not say what the networks are that are made anew, so that they "
		"could be made again: nothing was changed");
	return false;
}
