/* values_int.h - what values.c and values_had.c share: how people write a value. */
#ifndef STACKPLAN_VALUES_INT_H
#define STACKPLAN_VALUES_INT_H

#include <stdbool.h>
#include <stdint.h>

struct ctx;
struct diffing;
struct difference;
struct node;
struct resource;
struct schema;

/* A tree in one line, as YAML has it between brackets, cut where it is long; what is secret in it is not told. */
const char *value_flow(struct ctx *, const struct node *);
/* "TEXT" between quotes, likewise; NULL for NULL. */
const char *value_quoted(struct ctx *, const char *text);
/* A number of bytes: "64m". A time in nanoseconds: "1s", "1500ms". */
const char *value_size(struct ctx *, int64_t bytes);
const char *value_duration(struct ctx *, int64_t ns);
/* What is mounted, without the target, which the key has: "volume app_data", "bind /srv, read-only". SIZE_BYTES: of a tmpfs; 0: not set. */
const char *value_mount(
	struct ctx *, const char *type, const char *source, bool read_only, int64_t size_bytes);
/* A network that a container is in, and how: "network app_back, {aliases: ["x"]}". OPTIONS may be NULL. */
const char *value_network(struct ctx *, const char *name, const struct node *options);
/* Limits as `deploy.resources` has them: only what is set, and always in this order. */
struct value_limits {
	const char *cpus, *memory, *pids, *reserved_memory; /* NULL: not set */
};
const char *value_limits(struct ctx *, const struct value_limits *);
/* "[a, b]" of the ports; NULL when there are none. PORTS is what was appended with value_add_port. */
struct buf;
void value_add_port(struct buf *ports, const char *ip, const char *published, const char *target);
const char *value_ports(struct ctx *, struct buf *ports);
/* For an item of a list: "/dev/null:/dev/x:rwm"; "NET_ADMIN" for "CAP_NET_ADMIN". */
struct node *value_device(struct ctx *, const char *source, const char *target, const char *may);
const char *value_capability(const char *name);
/* The part of a key after PARENT and a dot, or NULL. */
const char *value_member(const char *key, const char *parent);

extern const char value_redacted[];

/* One question: what has this thing for that key? */
struct asked {
	struct ctx *ctx;
	const struct diffing *d;
	const struct resource *had;
	const struct difference *diff;
};

/* What stands at a path of its facts, or NULL; is there something in that? */
const struct node *had_fact(const struct asked *, const char *path);
bool had_something(const struct node *);
/* A list or map in the making. had_put leaves out what is nothing. */
struct node *had_list(const struct asked *);
struct node *had_map(const struct asked *);
void had_add(const struct asked *, struct node *list, const char *text);
void had_put(const struct asked *, struct node *map, const char *key, const struct node *);

/* By the row of the key: where an engine reports it, and in which unit. */
const char *had_by_row(const struct asked *, const struct schema *, const char *key);
/* The network KEY of a container, and how it is in it. */
const char *had_network(const struct asked *, const char *key);
/* "service:db" for the "container:ID" at PATH; "db:alias" for "/app-db-1:/app-web-1/alias"; "db:ro" for "app-db-1:ro". */
const char *had_namespace(const struct asked *, const char *path);
const char *had_links(const struct asked *);
const char *had_volumes_from(const struct asked *);
/* A key of a network or volume. */
const char *had_of_named(const struct asked *, const char *key);

#endif
