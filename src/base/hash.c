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

/* FNV-1a over a text and its NUL, so that two texts do not run together. */
static uint64_t
fnv(uint64_t h, const char *text) {
	do
		h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	while (*text++);
	return h;
}

void
hash_short(const char *key, const char *value, char out[9]) {
	uint64_t h = fnv(fnv(UINT64_C(0xcbf29ce484222325), key), value);
	uint32_t x = (uint32_t)(h ^ (h >> 32));
	for (size_t i = 8; i-- > 0; x >>= 4)
		out[i] = "0123456789abcdef"[x & 15];
	out[8] = '\0';
}
