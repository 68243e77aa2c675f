/* node_index.c - find a member of a large map by its key.
 *
 * A hash table with open addressing beside the map's array; slots hold positions in the array.
 * The hash is SipHash-1-3 under a random key, so that no file can be written to be slow. The
 * order of members never depends on it. */
#include "data_int.h"

#include <bsd/stdlib.h>
#include <stackplan/arena.h>
#include <string.h>

/* What slot.at may be besides a position plus 1. */
#define EMPTY 0u
#define GONE UINT32_MAX

struct slot {
	uint32_t hash, at;
};

struct node_index {
	uint64_t key[2];
	size_t nslot; /* a power of two */
	size_t nused; /* slots not EMPTY */
	struct slot *slot;
};

struct sip {
	uint64_t a, b, c, d;
};

/* Turn the bits of X to the left. */
static uint64_t
turn(uint64_t x, int by) {
	return x << by | x >> (64 - by);
}

/* One round of SipHash. */
static void
sip_round(struct sip *v) {
	v->a += v->b;
	v->c += v->d;
	v->b = turn(v->b, 13) ^ v->a;
	v->d = turn(v->d, 16) ^ v->c;
	v->a = turn(v->a, 32);
	v->c += v->b;
	v->a += v->d;
	v->b = turn(v->b, 17) ^ v->c;
	v->d = turn(v->d, 21) ^ v->a;
	v->c = turn(v->c, 32);
}

/* Up to 8 bytes as a little-endian number. */
static uint64_t
bytes_le(const unsigned char *p, size_t n) {
	uint64_t w = 0;

	for (size_t i = 0; i < n; i++)
		w |= (uint64_t)p[i] << (8 * i);
	return w;
}

/* Take one word into the state. */
static void
sip_word(struct sip *v, uint64_t w) {
	v->d ^= w;
	sip_round(v);
	v->a ^= w;
}

/* SipHash-1-3 of a text, cut to 32 bits. */
static uint32_t
hash_key(const uint64_t key[2], const char *text) {
	const unsigned char *p = (const unsigned char *)text;
	size_t n = strlen(text);
	struct sip v = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
		key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};

	for (size_t i = n / 8; i > 0; i--, p += 8)
		sip_word(&v, bytes_le(p, 8));
	sip_word(&v, bytes_le(p, n % 8) | (uint64_t)n << 56);
	v.c ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(&v);
	return (uint32_t)(v.a ^ v.b ^ v.c ^ v.d);
}

/* Put a position into the first free slot for its hash. */
static void
put_slot(struct node_index *x, struct slot s) {
	size_t i = s.hash & (x->nslot - 1);

	while (x->slot[i].at != EMPTY)
		i = (i + 1) & (x->nslot - 1);
	x->slot[i] = s;
	x->nused++;
}

/* Make room for more than the map's present members; what was removed is forgotten. */
static void
enlarge(struct arena *mem, struct node *map) {
	struct node_index *x = map->u.index;
	struct slot *old = x->slot;
	size_t nold = x->nslot;

	x->nslot = 4;
	while (x->nslot < 2 * (size_t)map->n)
		x->nslot *= 2;
	x->slot = arena_array(mem, x->nslot, sizeof(*x->slot));
	x->nused = 0;
	for (size_t i = 0; i < nold; i++)
		if (old[i].at != EMPTY && old[i].at != GONE)
			put_slot(x, old[i]);
}

size_t
index_find(const struct node *map, const char *key) {
	const struct node_index *x = map->u.index;
	uint32_t hash = hash_key(x->key, key);

	for (size_t i = hash & (x->nslot - 1);; i = (i + 1) & (x->nslot - 1)) {
		struct slot s = x->slot[i];
		if (s.at == EMPTY)
			return SIZE_MAX;
		if (s.at != GONE && s.hash == hash && strcmp(map->u.member[s.at - 1].key, key) == 0)
			return s.at - 1;
	}
}

/* Note member AT. */
static void
note(struct arena *mem, struct node *map, size_t at) {
	struct node_index *x = map->u.index;

	if (4 * (x->nused + 1) > 3 * x->nslot)
		enlarge(mem, map);
	put_slot(x, (struct slot){hash_key(x->key, map->u.member[at].key), (uint32_t)(at + 1)});
}

void
index_add(struct arena *mem, struct node *map) {
	if (map->n > NODE_SMALL + 1) {
		note(mem, map, map->n - 1);
		return;
	}
	map->u.index = arena_make(mem, struct node_index);
	arc4random_buf(map->u.index->key, sizeof(map->u.index->key));
	for (size_t i = 0; i < map->n; i++)
		note(mem, map, i);
}

void
index_remove(struct node *map, size_t at) {
	struct node_index *x = map->u.index;

	for (size_t i = 0; i < x->nslot; i++) {
		struct slot *s = &x->slot[i];
		if (s->at == EMPTY || s->at == GONE)
			continue;
		if (s->at == at + 1)
			s->at = GONE;
		else if (s->at > at + 1)
			s->at--;
	}
}
