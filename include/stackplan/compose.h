/* compose.h - the digests by which Docker Compose tells whether a container is as its spec wants it (compose_hash.c). */
#ifndef STACKPLAN_COMPOSE_H
#define STACKPLAN_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>

struct ctx;
struct docker;
struct project;
struct resource;
struct resources;

/* The label of a container that holds it. */
#define COMPOSE_HASH "com.docker.compose.config-hash"

/* Which spec is meant, as it was said to us: Compose finds the rest as we do. */
struct compose_spec {
	const char *const *file, *const *profile, *const *env_file;
	size_t nfile, nprofile, nenv_file;
	const char *project_directory; /* or NULL */
};

/* Ask `docker compose config` for the digests of all enabled services and put them into service.compose_hash. HAD (or NULL: nothing
 * is there) tells the containers that others share. False after a diagnostic. */
bool compose_hashes(struct ctx *, const struct docker *, const struct compose_spec *,
	struct project *, const struct resources *had);

/* Did Compose make the container, which was looked at closely? And would it keep it, by the digest that service.compose_hash has? */
bool compose_has_made(const struct resource *had);
bool compose_keeps(const struct resource *want, const struct resource *had);

#endif
