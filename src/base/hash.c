/* hash.c - SHA-256 over parts with their lengths (libmd does the work). */
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
