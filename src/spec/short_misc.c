/* short_misc.c - the other short forms: extra_hosts, ulimits, healthcheck.test, devices, gpus,
 * external. */
#include <arpa/inet.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

#include "spec_int.h"

/* ---- extra_hosts ---- */

/* Is it an address, or the word for the host's own? */
static bool
is_host_address(const char *s) {
	unsigned char bytes[sizeof(struct in6_addr)];

	return str_eq(s, "host-gateway") || inet_pton(AF_INET, s, bytes) == 1 ||
	       inet_pton(AF_INET6, s, bytes) == 1;
}

/* Take "NAME=ADDRESS" into the list: NAME and ADDRESS are slices of words. */
static bool
add_host(const struct shaping *sh, struct unique *out, const struct word *name, size_t nname,
	const struct word *address, size_t off) {
	size_t n = strlen(address->s + off);
	struct text text = {0};

	if (address->s[off] == '[' && n > 2 && address->s[off + n - 1] == ']') {
		off++;
		n -= 2;
	}
	struct word ip = word_part(sh->ctx, address, off, n);
	if (!is_host_address(ip.s) &&
		!say_unfit(sh, ip.at, "bad-host", "NAME=ADDRESS with an IP address or host-gateway",
			say_word(sh->ctx, address)))
		return false;
	if (nname == 0 || word_find(name, 0, nname, ":= \t") != SIZE_MAX)
		return say_bad(sh, word_pos(name, 0, nname), "bad-host",
			"NAME=ADDRESS with the name of a host", say_word(sh->ctx, name));
	text_add_slice(&text, name, 0, nname);
	text_add(&text, "=");
	text_add_word(&text, &ip);
	struct node *item = node_from_word(sh->ctx->mem, text_take(sh->ctx->mem, &text, name->at));
	unique_add(sh->ctx, out, node_text(item), item);
	return true;
}

/* One item "NAME:ADDRESS" or "NAME=ADDRESS" of a list. */
static bool
host_item(const struct shaping *sh, struct unique *out, const struct node *item) {
	struct word word = node_word(item);

	if (!say_string(sh, item))
		return false;
	size_t n = strcspn(word.s, strchr(word.s, '=') != NULL ? "=" : ":");
	if (word.s[n] == '\0')
		return say_bad(sh, item->at, "bad-host", "NAME=ADDRESS", say_word(sh->ctx, &word));
	return add_host(sh, out, &word, n, &word, n + 1);
}

/* One member of a mapping: an address, or a list of them. */
static bool
host_member(const struct shaping *sh, struct unique *out, const struct member *m) {
	struct word name = {.s = m->key, .at = m->at};
	size_t n = m->val->type == NODE_LIST ? m->val->n : 1;
	bool is_good = true;

	for (size_t i = 0; i < n; i++) {
		const struct node *value = m->val->type == NODE_LIST ? m->val->u.item[i] : m->val;
		struct word address = node_word(value);
		if (!(value->flags & NODE_RESET))
			is_good = say_string(sh, value) &&
				  add_host(sh, out, &name, strlen(m->key), &address, 0) && is_good;
	}
	return is_good;
}

/* Does the very text stand in the list once only? */
static bool
host_is_new(const struct shaping *sh, struct unique *raw, struct node *item) {
	const struct node *first = unique_get(raw, node_text(item));

	if (first)
		return say_twice(sh, item, first->at);
	unique_add(sh->ctx, raw, node_text(item), item);
	return true;
}

bool
short_hosts(const struct shaping *sh, struct node **slot) {
	const struct node *value = *slot;
	struct unique out, raw;
	bool is_good = true;

	if (value->type != NODE_LIST && value->type != NODE_MAP)
		return say_wrong(sh, value, "a list of NAME=ADDRESS or a mapping");
	unique_begin(sh->ctx, &out, value->at, value->n);
	unique_begin(sh->ctx, &raw, value->at, value->n);
	for (size_t i = 0; i < value->n; i++) {
		if (value->type == NODE_MAP)
			is_good = host_member(sh, &out, &value->u.member[i]) && is_good;
		else if (!(value->u.item[i]->flags & NODE_RESET))
			is_good = host_item(sh, &out, value->u.item[i]) &&
				  host_is_new(sh, &raw, value->u.item[i]) && is_good;
	}
	if (is_good)
		slot_put(slot, out.list);
	return is_good;
}

/* ---- ulimits ---- */

/* Is the soft limit no higher than the hard one? */
static bool
is_ordered(const struct shaping *sh, const struct node *map) {
	const struct node *soft = node_find(map, "soft"), *hard = node_find(map, "hard");
	int64_t a, b;

	if (!node_to_int(soft, &a) || !node_to_int(hard, &b) || b == -1 || (a != -1 && a <= b))
		return true;
	return say_unfit(sh, soft->at, "bad-number", "a soft limit not above the hard one",
		say_node(sh->ctx, soft));
}

bool
short_ulimits(const struct shaping *sh, struct node **slot) {
	bool is_good = true;

	if ((*slot)->type != NODE_MAP)
		return say_wrong(sh, *slot, "a mapping of limits");
	for (size_t i = 0; i < (*slot)->n; i++) {
		struct member *m = &(*slot)->u.member[i];
		struct key row = {.name = m->key, .min = -1, .max = INT64_MAX};
		struct shaping inner = {sh->ctx, sh->canon, &row, *slot};
		if (m->val->flags & NODE_RESET)
			continue;
		if (m->val->type == NODE_MAP)
			is_good = map_canon(sh, m->val, sh->key->sub, false) &&
				  is_ordered(&inner, m->val) && is_good;
		else
			is_good = shape_int(&inner, &m->val) && is_good;
	}
	return is_good;
}

/* ---- healthcheck.test ---- */

bool
short_test(const struct shaping *sh, struct node **slot) {
	struct node *value = *slot;

	if (value->type == NODE_STR) {
		struct node *list = node_new(sh->ctx->mem, NODE_LIST, value->at);
		node_append(sh->ctx->mem, list, node_str(sh->ctx->mem, "CMD-SHELL", value->at));
		node_append(sh->ctx->mem, list, value);
		slot_put(slot, list);
		return true;
	}
	if (value->type != NODE_LIST)
		return say_wrong(
			sh, value, "a command, or a list that begins with CMD, CMD-SHELL or NONE");
	if (!shape_strings(sh, slot))
		return false;
	const struct node *first = (*slot)->n > 0 ? (*slot)->u.item[0] : NULL;
	if (first == NULL || str_in("CMD CMD-SHELL NONE", node_text(first)))
		return true;
	return say_bad(sh, first->at, "bad-test", "a list that begins with CMD, CMD-SHELL or NONE",
		say_node(sh->ctx, first));
}

/* ---- devices ---- */

/* Is it made of r, w and m alone? */
static bool
is_permissions(const char *s) {
	return *s != '\0' && s[strspn(s, "rwm")] == '\0' && strlen(s) <= 3;
}

/* The device's mapping from "SOURCE[:TARGET[:PERMISSIONS]]"; NULL after an error. */
static struct node *
short_device(const struct shaping *sh, const struct word *word) {
	struct node *map = node_new(sh->ctx->mem, NODE_MAP, word->at);
	const char *s = word->s;
	struct word part[3];
	size_t n = 0, off = 0, len;

	do {
		len = strcspn(s + off, ":");
		static const char wanted[] = "SOURCE[:TARGET[:PERMISSIONS]]";
		const char *got = say_word(sh->ctx, word);
		struct pos at = word_pos(word, off, len);
		if (n == countof(part) ? !say_bad(sh, at, "bad-device", wanted, got)
				       : len == 0 && !say_unfit(sh, at, "bad-device", wanted, got))
			return NULL;
		part[n++] = word_part(sh->ctx, word, off, len);
		off += len + 1;
	} while (s[off - 1] != '\0');
	/* "/dev/x:r": never a path of a container, so it means what the docker command takes it
	 * for. */
	bool is_short = n == 2 && is_permissions(part[1].s);
	struct word target = n > 1 && !is_short && *part[1].s != '\0' ? part[1] : part[0];
	struct word permissions = is_short ? part[1]
				  : n > 2  ? part[2]
					   : (struct word){.s = "rwm", .at = word->at};
	node_add(sh->ctx->mem, map, "source", part[0].at, node_from_word(sh->ctx->mem, part[0]));
	node_add(sh->ctx->mem, map, "target", target.at, node_from_word(sh->ctx->mem, target));
	node_add(sh->ctx->mem, map, "permissions", permissions.at,
		node_from_word(sh->ctx->mem, permissions));
	return map;
}

/* A device written long: what is left out gets its default. */
static bool
long_device(const struct shaping *sh, struct node *map) {
	struct arena *mem = sh->ctx->mem;

	if (!map_canon(sh, map, sh->key->sub, true))
		return false;
	if (node_find(map, "target") == NULL)
		node_add(mem, map, "target", map->at, node_copy(mem, node_find(map, "source")));
	if (node_find(map, "permissions") == NULL)
		node_add(mem, map, "permissions", map->at, node_str(mem, "rwm", map->at));
	return true;
}

/* One item of the list, into OUT. */
static bool
device_item(const struct shaping *sh, struct unique *out, struct node *item) {
	struct word word = node_word(item);
	struct node *map = item;

	if (item->type == NODE_STR)
		map = short_device(sh, &word);
	else if (item->type != NODE_MAP)
		return say_wrong(sh, item, "devices such as /dev/sda:/dev/xvda:rwm");
	if (map == NULL || (map == item && !long_device(sh, map)))
		return false;
	const struct node *permissions = node_find(map, "permissions");
	if (!is_permissions(node_text(permissions)) &&
		!say_unfit(sh, permissions->at, "bad-device", "permissions of r, w and m",
			say_node(sh->ctx, permissions)))
		return false;
	unique_add(sh->ctx, out, node_text(node_find(map, "target")), map);
	return true;
}

bool
short_devices(const struct shaping *sh, struct node **slot) {
	struct unique out;
	bool is_good = true;

	if (!say_list(sh, slot))
		return false;
	unique_begin(sh->ctx, &out, (*slot)->at, (*slot)->n);
	for (size_t i = 0; i < (*slot)->n; i++) {
		if (!((*slot)->u.item[i]->flags & NODE_RESET))
			is_good = device_item(sh, &out, (*slot)->u.item[i]) && is_good;
	}
	if (is_good)
		slot_put(slot, out.list);
	return is_good;
}

/* ---- gpus ---- */

bool
shape_count(const struct shaping *sh, struct node **slot) {
	struct key row = {.name = sh->key->name, .min = -1, .max = INT32_MAX};
	struct shaping inner = {sh->ctx, sh->canon, &row, sh->parent};

	if (!str_eq(node_text(*slot), "all"))
		return shape_int(&inner, slot);
	slot_scalar(sh->ctx, slot, NODE_INT, "-1");
	return true;
}

/* One request of the list. */
static bool
gpu_item(const struct shaping *sh, struct node *map) {
	if (map->type != NODE_MAP)
		return say_wrong(sh, map, "\"all\" or a list of mappings");
	return map_canon(sh, map, sh->key->sub, true);
}

bool
short_gpus(const struct shaping *sh, struct node **slot) {
	struct node *value = *slot;
	bool is_good = true;

	if (value->type == NODE_STR && str_eq(node_text(value), "all")) {
		struct node *map = node_new(sh->ctx->mem, NODE_MAP, value->at);
		node_add(sh->ctx->mem, map, "count", value->at,
			node_int(sh->ctx->mem, -1, value->at));
		slot_put(slot, node_new(sh->ctx->mem, NODE_LIST, value->at));
		node_append(sh->ctx->mem, *slot, map);
		return true;
	}
	if (value->type != NODE_LIST)
		return say_wrong(sh, value, "\"all\" or a list of mappings");
	for (size_t i = 0; i < value->n; i++) {
		if (!(value->u.item[i]->flags & NODE_RESET))
			is_good = gpu_item(sh, value->u.item[i]) && is_good;
	}
	return is_good;
}

/* ---- external ---- */

bool
short_external(const struct shaping *sh, struct node **slot) {
	struct node *map = *slot;

	if (map->type != NODE_MAP)
		return shape_bool(sh, slot);
	if (!map_canon(sh, map, sh->key->sub, false))
		return false;
	const struct member *name = node_member(map, "name"),
			    *own = node_member(sh->parent, "name");
	slot_put(slot, node_bool(sh->ctx->mem, true, map->at));
	if (name == NULL)
		return true;
	if (own != NULL && !node_same(own->val, name->val)) {
		diag(sh->ctx, SEV_ERROR, name->at, "conflict",
			"'external' has another name than 'name'");
		diag_note(sh->ctx, own->at, "'name' stands here");
		return false;
	}
	if (own == NULL)
		node_add(sh->ctx->mem, sh->parent, "name", name->at, name->val);
	return true;
}
