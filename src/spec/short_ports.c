/* short_ports.c - ports: "[[IP:]PUBLISHED:]TARGET[/PROTOCOL]", with ranges, to one mapping for
 * each port.
 *
 * Starts at short_ports(). A text is cut into its parts (struct spec), each part read as a
 * range, and the ranges are counted out. What was written long is checked the same way. */
#include <arpa/inet.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>
#include <strings.h>

#include "spec_int.h"

enum { MAX_PORTS = 1000, PORT_MAX = 65535 };

/* A piece of the text; n 0: it is not there. */
struct piece {
	size_t off, n;
};

struct spec {
	const struct word *word;
	struct piece ip, published, target, protocol;
};

struct range {
	int64_t from, to;
};

/* The list in the making, and how many ports it opens. */
struct ports {
	const struct shaping *sh;
	struct unique out;
	size_t n;
};

/* Report a piece of a port; an empty one is shown as the whole. */
static bool
bad_piece(const struct shaping *sh, const struct word *word, struct piece p, const char *wanted) {
	if (p.n == 0)
		p = (struct piece){0, strlen(word->s)};
	struct word part = word_part(sh->ctx, word, p.off, p.n);
	return say_bad(sh, part.at, "bad-port", wanted, say_word(sh->ctx, &part));
}

/* The same for a piece that Compose takes as it is. */
static bool
unfit_piece(const struct shaping *sh, const struct word *word, const char *wanted) {
	return say_unfit(sh, word->at, "bad-port", wanted, say_word(sh->ctx, word));
}

/* Read "80" or "80-90" of S .. S+N. */
static bool
read_range(const char *s, size_t n, int64_t least, struct range *out) {
	int64_t value[2] = {0};
	size_t nvalue = 0;

	for (size_t i = 0; i <= n; nvalue++) {
		size_t start = i;
		int64_t sum = 0;
		for (; i < n && s[i] >= '0' && s[i] <= '9' && sum <= PORT_MAX; i++)
			sum = sum * 10 + (s[i] - '0');
		if (nvalue == 2 || i == start || sum < least || sum > PORT_MAX)
			return false;
		if (i < n && s[i] != '-')
			return false;
		value[nvalue] = sum;
		i++;
	}
	*out = (struct range){value[0], value[nvalue > 1]};
	return out->from <= out->to;
}

/* Is it an address of either kind? */
static bool
is_address(const char *s) {
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, s, bytes) == 1 || inet_pton(AF_INET6, s, bytes) == 1;
}

/* Find where the parts of the text are. */
static bool
cut_spec(const struct shaping *sh, const struct word *word, struct spec *spec) {
	const char *s = word->s, *slash = strchr(s, '/');
	size_t end = slash != NULL ? (size_t)(slash - s) : strlen(s), i = end;

	*spec = (struct spec){.word = word};
	if (slash != NULL)
		spec->protocol = (struct piece){end + 1, strlen(slash + 1)};
	while (i > 0 && s[i - 1] != ':')
		i--;
	spec->target = (struct piece){i, end - i};
	if (i < 2)
		return true;
	end = --i;
	while (i > 0 && s[i - 1] != ':' && s[i - 1] != ']')
		i--;
	if (i > 0 && s[i - 1] == ']')
		return bad_piece(sh, word, (struct piece){0}, "[IP:]PUBLISHED:TARGET");
	spec->published = (struct piece){i, end - i};
	if (i < 2)
		return true;
	spec->ip = (struct piece){0, i - 1};
	return true;
}

/* The address without brackets; an address of version 6 wants them. */
static bool
read_ip(const struct shaping *sh, struct spec *spec) {
	struct piece *ip = &spec->ip;
	const char *s = spec->word->s;
	bool has_brackets = ip->n > 2 && s[0] == '[' && s[ip->n - 1] == ']';

	if (ip->n == 0)
		return true;
	if (!has_brackets && memchr(s, ':', ip->n) != NULL)
		return bad_piece(sh, spec->word, *ip,
			"[IP:][PUBLISHED:]TARGET[/PROTOCOL], an IPv6 address in brackets");
	struct piece inner = has_brackets ? (struct piece){1, ip->n - 2} : *ip;
	if (!is_address(arena_strndup(sh->ctx->mem, s + inner.off, inner.n)))
		return bad_piece(sh, spec->word, *ip, "an IP address before the ports");
	*ip = inner;
	return true;
}

/* The protocol in lower case; NULL after an error. */
static const char *
read_protocol(const struct shaping *sh, const struct word *word, struct piece p) {
	static const char *const known[] = {"tcp", "udp", "sctp"};

	for (size_t i = 0; i < countof(known); i++) {
		if (strlen(known[i]) == p.n && strncasecmp(word->s + p.off, known[i], p.n) == 0)
			return known[i];
	}
	if (p.n == 0)
		return "tcp";
	bad_piece(sh, word, p, "tcp, udp or sctp after the port");
	return NULL;
}

/* A number node for a port: the very bytes of the text where they are that number. */
static struct node *
port_node(struct ctx *ctx, const struct word *word, struct piece p, enum node_type type,
	int64_t value) {
	const char *text = arena_printf(ctx->mem, "%d", (int)value);
	struct word part = word_piece(ctx, word, p.off, p.n);
	struct node *node;

	if (strcmp(part.s, text) != 0)
		part = (struct word){.s = text, .at = part.at};
	node = node_from_word(ctx->mem, part);
	node->type = type;
	return node;
}

/* Take a finished port into the list; what has the same address, ports and protocol is the same
 * port. */
static void
add_port(struct ports *ports, struct node *map) {
	const char *ip = node_text(node_find(map, "host_ip"));
	const char *text = arena_printf(ports->sh->ctx->mem, "%s %s %s %s",
		*ip != '\0' ? ip : "0.0.0.0", node_text(node_find(map, "published")),
		node_text(node_find(map, "target")), node_text(node_find(map, "protocol")));

	unique_add(ports->sh->ctx, &ports->out, text, map);
}

/* Count N more ports. */
static bool
count_ports(struct ports *ports, size_t n, struct pos at) {
	if (ports->n <= MAX_PORTS && ports->n + n > MAX_PORTS)
		diag(ports->sh->ctx, SEV_ERROR, at, "too-many-ports",
			"'%s' holds more than %d ports", ports->sh->key->name, (int)MAX_PORTS);
	ports->n += n;
	return ports->n <= MAX_PORTS;
}

/* The mapping of one port of the range; PUBLISHED is NULL when none is asked for. */
static struct node *
port_map(const struct ports *ports, const struct spec *spec, struct node *target,
	struct node *published, const char *protocol) {
	struct ctx *ctx = ports->sh->ctx;
	struct pos at = spec->word->at;
	struct node *map = node_new(ctx->mem, NODE_MAP, at);

	node_add(ctx->mem, map, "mode", at, node_str(ctx->mem, "ingress", at));
	if (spec->ip.n > 0)
		node_add(ctx->mem, map, "host_ip", at,
			node_from_word(
				ctx->mem, word_piece(ctx, spec->word, spec->ip.off, spec->ip.n)));
	node_add(ctx->mem, map, "target", at, target);
	if (published != NULL)
		node_add(ctx->mem, map, "published", at, published);
	node_add(ctx->mem, map, "protocol", at,
		node_str(ctx->mem, protocol,
			spec->protocol.n > 0
				? word_pos(spec->word, spec->protocol.off, spec->protocol.n)
				: at));
	return map;
}

/* One mapping for each port of the ranges. */
static bool
expand(struct ports *ports, const struct spec *spec, struct range target, struct range published,
	const char *protocol) {
	struct ctx *ctx = ports->sh->ctx;
	bool is_single = target.from == target.to, has_published = spec->published.n > 0;
	bool is_choice = has_published && is_single && published.from != published.to;

	if (has_published && !is_choice && published.to - published.from != target.to - target.from)
		return bad_piece(ports->sh, spec->word, spec->published,
			"as many published ports as there are target ports");
	if (!count_ports(ports, (size_t)(target.to - target.from + 1), spec->word->at))
		return false;
	for (int64_t i = 0; i <= target.to - target.from; i++) {
		struct node *host = NULL;
		if (is_choice)
			host = node_from_word(
				ctx->mem, word_piece(ctx, spec->word, spec->published.off,
						  spec->published.n));
		else if (has_published)
			host = port_node(
				ctx, spec->word, spec->published, NODE_STR, published.from + i);
		add_port(ports,
			port_map(ports, spec,
				port_node(ctx, spec->word, spec->target, NODE_INT, target.from + i),
				host, protocol));
	}
	return true;
}

/* One port written short. */
static bool
short_port(struct ports *ports, const struct word *word) {
	const struct shaping *sh = ports->sh;
	struct range target, published = {0, 0};
	struct spec spec;

	if (!cut_spec(sh, word, &spec) || !read_ip(sh, &spec))
		return false;
	if (!read_range(word->s + spec.target.off, spec.target.n, 1, &target))
		return bad_piece(
			sh, word, spec.target, "a port from 1 to 65535, or a range such as 80-90");
	if (spec.published.n > 0 &&
		!read_range(word->s + spec.published.off, spec.published.n, 0, &published))
		return bad_piece(sh, word, spec.published,
			"a published port from 0 to 65535, or a range such as 80-90");
	const char *protocol = read_protocol(sh, word, spec.protocol);
	return protocol != NULL && expand(ports, &spec, target, published, protocol);
}

/* Check what stands at a key of a port written long; an empty text is not set. */
static bool
check_long(const struct shaping *sh, const struct node *map) {
	struct node *target = node_find(map, "target"), *published = node_find(map, "published"),
		    *ip = node_find(map, "host_ip");
	struct range range;
	struct word word = node_word(target);

	if (target == NULL || !read_range(word.s, strlen(word.s), 1, &range) ||
		range.from != range.to)
		return bad_piece(sh,
			target != NULL ? &word : &(struct word){.s = "", .at = map->at},
			(struct piece){0}, "a target port from 1 to 65535");
	word = node_word(published);
	if (*word.s != '\0' && !read_range(word.s, strlen(word.s), 0, &range) &&
		!unfit_piece(sh, &word, "a published port from 0 to 65535"))
		return false;
	word = node_word(ip);
	return *word.s == '\0' || is_address(word.s) ||
	       unfit_piece(sh, &word, "an IP address at 'host_ip'");
}

/* One port written long: what is left out gets its default. */
static bool
long_port(struct ports *ports, struct node *map) {
	const struct shaping *sh = ports->sh;
	struct member *protocol;

	if (!map_canon(sh, map, sh->key->sub, true) || !check_long(sh, map))
		return false;
	if (*node_text(node_find(map, "mode")) == '\0')
		node_set(sh->ctx->mem, map, "mode", map->at,
			node_str(sh->ctx->mem, "ingress", map->at));
	protocol = node_member(map, "protocol");
	if (protocol == NULL) {
		node_add(sh->ctx->mem, map, "protocol", map->at,
			node_str(sh->ctx->mem, "tcp", map->at));
	} else {
		struct word word = node_word(protocol->val);
		const char *name = read_protocol(sh, &word, (struct piece){0, strlen(word.s)});
		if (name == NULL)
			return false;
		slot_scalar(sh->ctx, &protocol->val, NODE_STR, name);
	}
	if (!count_ports(ports, 1, map->at))
		return false;
	add_port(ports, map);
	return true;
}

/* One item of the list. */
static bool
port_item(struct ports *ports, struct node *item) {
	struct word word = node_word(item);

	if (item->flags & NODE_RESET)
		return true;
	if (item->type == NODE_MAP)
		return long_port(ports, item);
	if (item->type == NODE_INT || item->type == NODE_FLOAT)
		word.s = node_canonical(ports->sh->ctx->mem, item);
	else if (item->type != NODE_STR)
		return say_wrong(ports->sh, item, "ports such as \"8080:80\"");
	return short_port(ports, &word);
}

bool
short_ports(const struct shaping *sh, struct node **slot) {
	struct ports ports = {.sh = sh};
	bool is_good = true;

	if (!say_list(sh, slot))
		return false;
	unique_begin(sh->ctx, &ports.out, (*slot)->at, (*slot)->n);
	for (size_t i = 0; i < (*slot)->n && ports.n <= MAX_PORTS; i++)
		is_good = port_item(&ports, (*slot)->u.item[i]) && is_good;
	if (is_good)
		slot_put(slot, ports.out.list);
	return is_good;
}
