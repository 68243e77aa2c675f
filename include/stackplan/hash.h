/* hash.h - SHA-256 over parts, so that no two different lists of parts look alike. */
#ifndef STACKPLAN_HASH_H
#define STACKPLAN_HASH_H

#include <sha2.h>
#include <stddef.h>
#include <stdint.h>

struct hash {
	SHA2_CTX sha;
};

void hash_start(struct hash *);
/* Add one part: its length as 8 bytes, then its bytes. */
void hash_part(struct hash *, const void *bytes, size_t n);
void hash_text(struct hash *, const char *);
/* 64 hexadecimal digits and NUL. */
void hash_end(struct hash *, char out[65]);

/* A quick hash of both texts, for telling which of many parts has changed; it is no secret and no proof. The same on every
 * machine and in every version: labels of containers hold it. */
uint64_t hash_quick(const char *key, const char *value);
/* It as 8 hexadecimal digits and NUL. */
void hash_short(uint64_t quick, char out[9]);

#endif
