/* preflight.c - what can be known to go wrong before anything is done: images that are neither there nor got, networks whose addresses
 * others have, ports of the host that are taken (preflight_ports.c). All of it is reported at once. */
#include "plan_int.h"
#include <arpa/inet.h>
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/proc.h>
#include <stackplan/str.h>
#include <string.h>

/* An address range. */
struct subnet {
	uint8_t bytes[16];
	size_t len; /* of an address: 4 or 16 */
	int64_t bits;
};

/* Read "10.0.0.0/8"; false for what is none. */
static bool
subnet_read(const char *text, struct subnet *out) {
	char ip[64];
	size_t n = strcspn(text, "/");

	memset(out, 0, sizeof(*out));
	if (!text[n] || n >= sizeof(ip) || !str_int(text + n + 1, 0, 128, &out->bits))
		return false;
	memcpy(ip, text, n);
	ip[n] = '\0';
	out->len = inet_pton(AF_INET, ip, out->bytes) == 1    ? 4
		   : inet_pton(AF_INET6, ip, out->bytes) == 1 ? 16
							      : 0;
	return out->len && out->bits <= (int64_t)out->len * 8;
}

/* Have they an address in common? Then the smaller one lies in the larger. */
static bool
overlap(const struct subnet *a, const struct subnet *b) {
	int64_t bits = a->bits < b->bits ? a->bits : b->bits;
	size_t whole = (size_t)(bits / 8), rest = (size_t)(bits % 8);

	if (a->len != b->len || memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	return !rest || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

/* The configured ranges of a wanted network. */
static const struct node *
ranges_of(const struct resource *net) {
	const struct node *list = net->tree ? node_at(net->tree, "ipam", "config", NULL) : NULL;

	return list && list->type == NODE_LIST && list->n ? list : NULL;
}

/* Is the network made now, with addresses that the spec chooses? */
static bool
chooses(const struct change *c) {
	return (c->kind == CHANGE_CREATE || c->kind == CHANGE_REPLACE) &&
	       c->want->kind == KIND_NETWORK && ranges_of(c->want);
}

/* The IDs of all networks, where those that are known are not all: an answer that fails tells of none. */
static void
push_ids(struct ctx *ctx, const struct docker *d, struct words *out) {
	char *argv[] = {arena_strdup(ctx->mem, "network"), arena_strdup(ctx->mem, "ls"),
		arena_strdup(ctx->mem, "-q"), arena_strdup(ctx->mem, "--no-trunc"), NULL};
	struct capture c = {{0}, {0}, 0, false, false};
	const char *p = docker_read(&c, d, argv) && c.status == 0 ? buf_str(&c.out) : "";

	for (size_t n; *p; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		if (n)
			words_push(ctx->mem, out, arena_strndup(ctx->mem, p, n), (struct pos){0});
	}
	capture_free(&c);
}

/* "NAME RANGE RANGE ..." of each network that is there, a line each; "" when the engine does not tell. */
static const char *
ranges_there(struct ctx *ctx, const struct docker *d, const struct resources *had) {
	static const char format[] = "{{.Name}}{{range .IPAM.Config}} {{.Subnet}}{{end}}";
	struct capture c = {{0}, {0}, 0, false, false};
	struct words ids = {0};
	const char *text = "";
	char **argv;
	size_t n = 0;

	if (had->is_part)
		push_ids(ctx, d, &ids);
	for (size_t i = 0; !had->is_part && i < had->n; i++)
		if (had->v[i]->kind == KIND_NETWORK)
			words_push(ctx->mem, &ids, had->v[i]->id, (struct pos){0});
	argv = arena_array(ctx->mem, ids.n + 5, sizeof(char *));
	argv[n++] = arena_strdup(ctx->mem, "network");
	argv[n++] = arena_strdup(ctx->mem, "inspect");
	argv[n++] = arena_strdup(ctx->mem, "--format");
	argv[n++] = arena_strdup(ctx->mem, format);
	for (size_t i = 0; i < ids.n; i++)
		argv[n++] = arena_strdup(ctx->mem, ids.v[i].s);
	if (ids.n && docker_read(&c, d, argv))
		text = arena_strdup(ctx->mem, buf_str(&c.out));
	capture_free(&c);
	return text;
}

/* One wanted range beside those that are there. */
static void
check_range(
	struct ctx *ctx, const struct resource *net, const struct node *wish, const char *there) {
	struct subnet mine, theirs;

	if (!subnet_read(node_text(wish), &mine))
		return;
	for (const char *line = there; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t end = strcspn(line, "\n"), name = strcspn(line, " \n");
		if (strlen(net->name) == name && strncmp(line, net->name, name) == 0)
			continue;
		for (size_t at = name; at < end;) {
			size_t n = strcspn(line + at + 1, " \n");
			const char *text = arena_strndup(ctx->mem, line + at + 1, n);
			if (subnet_read(text, &theirs) && overlap(&mine, &theirs))
				diag(ctx, SEV_ERROR, wish->at, "subnet-taken",
					"the addresses %s of the network '%s' overlap with %s of "
					"the network "
					"'%.*s', which is there already: choose others, or leave "
					"the "
					"choice to the engine",
					node_text(wish), net->key, text, (int)name, line);
			at += n + 1;
		}
	}
}

/* Two wanted networks. */
static void
check_pair(struct ctx *ctx, const struct resource *a, const struct resource *b) {
	const struct node *x = ranges_of(a), *y = ranges_of(b);
	struct subnet mine, theirs;

	for (size_t i = 0; x && i < x->n; i++)
		for (size_t k = 0; y && k < y->n; k++) {
			const struct node *p = node_find(x->u.item[i], "subnet");
			const struct node *q = node_find(y->u.item[k], "subnet");
			if (p && q && subnet_read(node_text(p), &mine) &&
				subnet_read(node_text(q), &theirs) && overlap(&mine, &theirs))
				diag(ctx, SEV_ERROR, q->at, "subnet-taken",
					"the addresses %s of the network '%s' overlap with %s of "
					"the network "
					"'%s': choose others",
					node_text(q), b->key, node_text(p), a->key);
		}
}

/* The addresses of networks that are made. */
static void
check_subnets(struct ctx *ctx, const struct docker *d, const struct changes *list,
	const struct resources *had) {
	const char *there = NULL;

	for (size_t i = 0; i < list->n; i++) {
		const struct change *c = &list->v[i];
		const struct node *ranges;
		if (!chooses(c))
			continue;
		there = there ? there : ranges_there(ctx, d, had);
		ranges = ranges_of(c->want);
		for (size_t k = 0; ranges && k < ranges->n; k++) {
			const struct node *wish = node_find(ranges->u.item[k], "subnet");
			if (wish)
				check_range(ctx, c->want, wish, there);
		}
		for (size_t k = 0; k < i; k++)
			if (list->v[k].want->kind == KIND_NETWORK && ranges_of(list->v[k].want))
				check_pair(ctx, list->v[k].want, c->want);
	}
}

/* Is a container made from the image? */
static bool
is_needed(const struct changes *list, const struct resource *image) {
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].want->image == image &&
			(list->v[i].kind == CHANGE_CREATE || list->v[i].kind == CHANGE_REPLACE))
			return true;
	return false;
}

/* Images that are not there, and may not be pulled. */
static void
check_images(struct ctx *ctx, const struct changes *list, const struct plan_options *o) {
	for (size_t i = 0; i < list->n; i++) {
		const struct change *c = &list->v[i];
		const struct image_wish *w = c->want->wish;
		bool never;
		if (c->want->kind != KIND_IMAGE || c->kind != CHANGE_CREATE || !w || w->builder ||
			!is_needed(list, c->want))
			continue;
		never = o->pull == PULL_NEVER ||
			(o->pull == PULL_POLICY && w->pulling == PULLING_NEVER);
		if (never)
			diag(ctx, SEV_ERROR, c->want->at, "image-absent",
				"the image '%s' is not there, and %s forbids to pull it: 'docker "
				"pull %s' "
				"gets it",
				c->want->name,
				o->pull == PULL_NEVER ? "--pull never" : "'pull_policy: never'",
				c->want->name);
	}
}

bool
preflight(struct ctx *ctx, const struct docker *d, const struct changes *list,
	const struct resources *had, const struct plan_options *o, bool here) {
	size_t errors = diag_errors(ctx);

	check_images(ctx, list, o);
	check_subnets(ctx, d, list, had);
	if (!o->no_start)
		check_ports(ctx, list, had, here);
	return diag_errors(ctx) == errors;
}
