/* preflight_ports.c - ports of the host that containers will want: is one wanted twice, has a container that stays it, or another process
 * of this machine? */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* One port, or several in a row, of the host. */
struct ports {
	const char *ip; /* "" is any */
	bool udp;
	int64_t first, last;
	const struct resource *by;
	const struct node *at;
};

/* Read "8080" or "8080-8090". */
static bool
read_range(const char *text, int64_t *first, int64_t *last) {
	char number[8] = {0};
	size_t n = strcspn(text, "-");

	if (!n || n >= sizeof(number))
		return false;
	memcpy(number, text, n);
	if (!str_int(number, 1, 65535, first))
		return false;
	*last = *first;
	return !text[n] || str_int(text + n + 1, *first, 65535, last);
}

/* Any address has them all. */
static bool
is_any(const char *ip) {
	return !*ip || str_in("0.0.0.0 :: [::]", ip);
}

/* Do they exclude each other? */
static bool
collide(const struct ports *a, const struct ports *b) {
	if (a->udp != b->udp || a->last < b->first || b->last < a->first)
		return false;
	return is_any(a->ip) || is_any(b->ip) || str_eq(a->ip, b->ip);
}

/* What `docker ps` says of one mapping: "0.0.0.0:8080->80/tcp". False where nothing of the host is taken. */
static bool
read_mapping(struct ctx *ctx, const char *text, size_t n, struct ports *out) {
	const char *s = arena_strndup(ctx->mem, text, n), *arrow = strstr(s, "->"), *colon = NULL;

	if (!arrow)
		return false;
	for (const char *p = s; p < arrow; p++)
		colon = *p == ':' ? p : colon;
	if (!colon)
		return false;
	out->ip = arena_strndup(ctx->mem, s, (size_t)(colon - s));
	out->udp = strstr(arrow, "/udp") != NULL;
	return read_range(arena_strndup(ctx->mem, colon + 1, (size_t)(arrow - colon - 1)),
		&out->first, &out->last);
}

/* Does the container, as `ps` lists it, have one of the ports? */
static bool
has_port(struct ctx *ctx, const struct resource *had, const struct ports *wish) {
	const char *p = had->ports ? had->ports : "";

	for (; *p; p += strcspn(p, ","), p += strspn(p, ", ")) {
		struct ports theirs = {.ip = ""};
		if (read_mapping(ctx, p, strcspn(p, ","), &theirs) && collide(wish, &theirs))
			return true;
	}
	return false;
}

/* Does this plan end the container, so that its ports are free then? */
static bool
is_ended(const struct changes *list, const struct resource *had) {
	for (size_t i = 0; i < list->n; i++)
		if ((list->v[i].had == had && list->v[i].kind == CHANGE_REPLACE) ||
			list->v[i].aside == had)
			return true;
	for (size_t i = 0; i < list->ngone; i++)
		if (list->gone[i].had == had)
			return true;
	return false;
}

/* The ports of a service's container that the spec chooses. */
static void
add_wishes(struct ctx *ctx, const struct resource *r, struct ports **v, size_t *n) {
	const struct node *list = node_find(r->service->tree, "ports");

	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *port = list->u.item[i];
		struct ports p = {.ip = node_text(node_find(port, "host_ip")),
			.udp = str_eq(node_text(node_find(port, "protocol")), "udp"),
			.by = r,
			.at = port};
		if (!read_range(node_text(node_find(port, "published")), &p.first, &p.last))
			continue;
		if (p.first != p.last && r->service->scale > 1) /* each takes one of them */
			continue;
		*v = grown(ctx, *v, *n, sizeof(**v));
		(*v)[(*n)++] = p;
	}
}

/* "8080", "8080-8090/udp" */
static const char *
ports_text(struct ctx *ctx, const struct ports *p) {
	const char *end =
		p->first == p->last ? "" : arena_printf(ctx->mem, "-%lld", (long long)p->last);

	return arena_printf(ctx->mem, "%lld%s%s", (long long)p->first, end, p->udp ? "/udp" : "");
}

/* Does a container that is there have it, that stays? True when one that goes has it: nobody else can, then. */
static bool
check_containers(struct ctx *ctx, const struct changes *list, const struct resources *had,
	const struct ports *p) {
	for (size_t i = 0; i < had->n; i++) {
		const struct resource *r = had->v[i];
		if (r->kind != KIND_CONTAINER || !has_port(ctx, r, p))
			continue;
		if (!is_ended(list, r) && !str_eq(r->name, p->by->name))
			diag(ctx, SEV_ERROR, p->at->at, "port-taken",
				"port %s of the host is taken by the container '%s': stop that "
				"one, or "
				"publish another port",
				ports_text(ctx, p), r->name);
		return true;
	}
	return false;
}

/* Does another process of this machine have one of them? */
static void
check_machine(struct ctx *ctx, const struct ports *p) {
	for (int64_t port = p->first; port <= p->last; port++)
		if (port_is_taken(p->ip, (uint16_t)port, p->udp)) {
			diag(ctx, SEV_ERROR, p->at->at, "port-taken",
				"port %lld%s of the host is taken by another process: end that "
				"one, or publish "
				"another port",
				(long long)port, p->udp ? "/udp" : "");
			return;
		}
}

/* Is a container made or started? */
static bool
is_started(const struct change *c) {
	return c->kind == CHANGE_CREATE || c->kind == CHANGE_REPLACE ||
	       (c->kind == CHANGE_REPAIR && !str_in("running restarting paused", c->had->state));
}

void
check_ports(struct ctx *ctx, const struct changes *list, const struct resources *had, bool here) {
	struct ports *v = NULL;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].want->kind == KIND_CONTAINER && is_started(&list->v[i]) &&
			list->v[i].want->service)
			add_wishes(ctx, list->v[i].want, &v, &n);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			if (v[k].by->service != v[i].by->service && collide(&v[k], &v[i]))
				diag(ctx, SEV_ERROR, v[i].at->at, "port-taken",
					"'%s' and '%s' both want port %s of the host: publish "
					"another one",
					v[k].by->key, v[i].by->key, ports_text(ctx, &v[i]));
		if (!check_containers(ctx, list, had, &v[i]) && here)
			check_machine(ctx, &v[i]);
	}
}
