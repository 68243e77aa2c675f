/* hash.h - SHA-256 over parts, so that no two different lists of parts look alike. */
#ifndef STACKPLAN_HASH_H
#define STACKPLAN_HASH_H

#include <sha2.h>
#include <stddef.h>

struct hash {
	SHA2_CTX sha;
};

void hash_start(struct hash *);
/* Add one part: its length as 8 bytes, then its bytes. */
void hash_part(struct hash *, const void *bytes, size_t n);
void hash_text(struct hash *, const char *);
/* 64 hexadecimal digits and NUL. */
void hash_end(struct hash *, char out[65]);

/* 8 hexadecimal digits and NUL of a quick hash (FNV-1a) of both texts: for telling which of many parts has changed, where
 * a SHA-256 over all of them tells that one has. */
void hash_short(const char *key, const char *value, char out[9]);

#endif
