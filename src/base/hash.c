/* hash.c - SHA-256 over parts with their lengths (libmd does the work), and a quick short hash. */
#include <stackplan/hash.h>
#include <stdint.h>
#include <string.h>

void
hash_start(struct hash *hash) {
	SHA256Init(&hash->sha);
}

void
hash_part(struct hash *hash, const void *bytes, size_t n) {
	uint8_t length[8];
	uint64_t left = n;
	for (size_t i = sizeof(length); i-- > 0; left >>= 8)
		length[i] = (uint8_t)(left & 0xff);
	SHA256Update(&hash->sha, length, sizeof(length));
	if (n != 0)
		SHA256Update(&hash->sha, bytes, n);
}

void
hash_text(struct hash *hash, const char *text) {
	hash_part(hash, text, strlen(text));
}

void
hash_end(struct hash *hash, char out[65]) {
	SHA256End(&hash->sha, out);
}

/* Eight bytes as a number, the same on every machine. */
static uint64_t
word_le(const unsigned char *p) {
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
	       (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

/* Take a text and its NUL into a hash, eight bytes at a time. Each step can be undone, so texts of one length that differ
 * in one of these groups never give the same. */
static uint64_t
mix(uint64_t h, const char *text) {
	size_t n = strlen(text) + 1;
	for (; n >= 8; n -= 8, text += 8) {
		h = (h ^ word_le((const unsigned char *)text)) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	for (; n > 0; n--, text++) {
		h = (h ^ (unsigned char)*text) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return h;
}

uint64_t
hash_quick(const char *key, const char *value) {
	return mix(mix(UINT64_C(0xcbf29ce484222325), key), value);
}

void
hash_short(uint64_t quick, char out[9]) {
	uint32_t x = (uint32_t)(quick ^ (quick >> 32));
	for (size_t i = 8; i-- > 0; x >>= 4)
		out[i] = "0123456789abcdef"[x & 15];
	out[8] = '\0';
}
