/* emit_mounts.c - volumes, binds and tmpfs mounts: "-v" where people would write it and it says all, "--mount" where
 * it does not; and volumes_from. */
#include "plan_int.h"
#include <inttypes.h>
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* One mount of the file, taken apart. */
struct mount {
	const struct node *n;
	const char *type;
	struct word source, target;
	bool read_only, anonymous;
	const struct node *bind, *volume, *tmpfs;
};

/* Report a type of mount that no command can make here. */
static void
refuse_type(struct emit *e, const struct mount *m) {
	const struct node *type = node_find(m->n, "type");

	if (str_eq(m->type, "npipe"))
		diag(e->ctx, SEV_ERROR, type->at, "no-form",
			"named pipes are mounted on Windows only: leave this mount out");
	else if (str_eq(m->type, "cluster"))
		diag(e->ctx, SEV_ERROR, type->at, "no-form",
			"only a swarm has cluster volumes: use a volume of a driver that reaches "
			"the storage");
}

struct word
mount_image(const struct project *p, const struct node *mount) {
	struct word source = node_word(node_find(mount, "source"));
	const struct service *s = project_service(p, source.s);

	return s ? s->image : source;
}

/* Take one apart; a volume gets the engine's name, an image that of the service whose it is. */
static struct mount
mount_of(struct emit *e, const struct node *n) {
	struct mount m = {
		.n = n,
		.type = node_text(node_find(n, "type")),
		.source = node_word(node_find(n, "source")),
		.target = node_word(node_find(n, "target")),
		.read_only = node_is_true(node_find(n, "read_only")),
		.bind = node_find(n, "bind"),
		.volume = node_find(n, "volume"),
		.tmpfs = node_find(n, "tmpfs"),
	};

	refuse_type(e, &m);
	if (str_eq(m.type, "image"))
		m.source = mount_image(e->project, n);
	m.anonymous = str_eq(m.type, "volume") && !*m.source.s;
	if (str_eq(m.type, "volume") && !m.anonymous) {
		bool external;
		const char *name =
			project_resource_name(e->ctx, e->project, "volumes", m.source.s, &external);
		if (name)
			m.source = (struct word){.s = name, .at = m.source.at};
	}
	return m;
}

/* Can "-v SOURCE:TARGET" say it? */
static bool
is_short(const struct mount *m) {
	const struct node *host = node_find(m->bind, "create_host_path");

	if (strchr(m->source.s, ':') || strchr(m->target.s, ':') || m->anonymous)
		return false;
	if (str_eq(m->type, "bind"))
		return (!host || node_is_true(host)) && !node_find(m->bind, "recursive");
	return str_eq(m->type, "volume") && strlen(m->source.s) > 1 &&
	       !node_find(m->volume, "subpath") && !node_find(m->volume, "labels");
}

/* A further ":ro", ":ro,z" option. */
static void
add_mode(struct text *t, bool *any, const char *mode) {
	if (!*mode)
		return;
	text_add(t, *any ? "," : ":");
	text_add(t, mode);
	*any = true;
}

/* "-v SOURCE:TARGET:MODES" */
static void
emit_short(struct emit *e, const char *flag, const struct mount *m) {
	struct text t = {0};
	bool any = false;

	text_add_word(&t, &m->source);
	text_add(&t, ":");
	text_add_word(&t, &m->target);
	add_mode(&t, &any, m->read_only ? "ro" : "");
	add_mode(&t, &any, node_text(node_find(m->bind, "selinux")));
	add_mode(&t, &any, node_text(node_find(m->bind, "propagation")));
	add_mode(&t, &any, node_is_true(node_find(m->volume, "nocopy")) ? "nocopy" : "");
	emit_option(e, flag, text_take(e->ctx->mem, &t, m->n->at));
}

/* A further field "key=value" of --mount, quoted as a whole where it must be. */
static void
add_field(struct emit *e, struct text *t, const char *key, const struct word *value) {
	struct text field = {0};
	struct word w;

	text_add(&field, key);
	text_add(&field, "=");
	text_add_word(&field, value);
	w = text_take(e->ctx->mem, &field, value->at);
	text_add(t, ",");
	quote_csv(t, &w);
}

/* The same for a node that is set. */
static void
add_field_node(struct emit *e, struct text *t, const char *key, const struct node *n) {
	struct word w = node_word(n);

	if (n && *w.s)
		add_field(e, t, key, &w);
}

/* tmpfs options: bytes as they are, the mode in octal. */
static void
add_tmpfs(struct emit *e, struct text *t, const struct mount *m) {
	const struct node *mode = node_find(m->tmpfs, "mode");
	int64_t v;

	add_field_node(e, t, "tmpfs-size", node_find(m->tmpfs, "size"));
	if (mode && node_to_int(mode, &v))
		add_field(e, t, "tmpfs-mode",
			&(struct word){.s = arena_printf(e->ctx->mem, "%" PRIo64, (uint64_t)v)});
}

/* Options of volumes. */
static void
add_volume(struct emit *e, struct text *t, const struct mount *m) {
	const struct node *labels = node_find(m->volume, "labels");

	if (node_is_true(node_find(m->volume, "nocopy")))
		text_add(t, ",volume-nocopy");
	add_field_node(e, t, "volume-subpath", node_find(m->volume, "subpath"));
	for (size_t i = 0; labels && labels->type == NODE_MAP && i < labels->n; i++) {
		struct word w = emit_pair(e, labels->u.member[i].key, labels->u.member[i].val);
		add_field(e, t, "volume-label", &w);
	}
}

/* A bind whose paths hold a ':' can't be written so that docker makes a missing folder. */
static void
warn_colon(struct emit *e, const struct mount *m) {
	const struct node *host = node_find(m->bind, "create_host_path");

	if (str_eq(m->type, "bind") && (!host || node_is_true(host)) &&
		(strchr(m->source.s, ':') || strchr(m->target.s, ':')))
		diag(e->ctx, SEV_WARNING, m->n->at, "noted-key",
			"docker makes no missing folder for a mount with ':' in a path: it must be "
			"there already");
}

/* "--mount", which can say everything. */
static void
emit_long(struct emit *e, const struct mount *m) {
	struct text t = {0};
	struct word type = {.s = m->type};
	const struct node *selinux = node_find(m->bind, "selinux");

	text_add(&t, "type=");
	text_add_word(&t, &type);
	if (*m->source.s)
		add_field(e, &t, "src", &m->source);
	add_field(e, &t, "dst", &m->target);
	if (m->read_only)
		text_add(&t, ",readonly");
	add_field_node(e, &t, "bind-propagation", node_find(m->bind, "propagation"));
	add_field_node(e, &t, "bind-recursive", node_find(m->bind, "recursive"));
	add_volume(e, &t, m);
	add_tmpfs(e, &t, m);
	add_field_node(e, &t, "image-subpath", node_at(m->n, "image", "subpath", NULL));
	add_field_node(e, &t, "consistency", node_find(m->n, "consistency"));
	warn_colon(e, m);
	if (selinux)
		diag(e->ctx, SEV_WARNING, selinux->at, "noted-key",
			"'selinux' has no form beside the other options of this mount and is left "
			"out");
	emit_option(e, "--mount", text_take(e->ctx->mem, &t, m->n->at));
}

void
emit_mounts(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		struct mount m = mount_of(e, n->u.item[i]);
		if (is_short(&m))
			emit_short(e, flag, &m);
		else
			emit_long(e, &m);
	}
}

/* SERVICE[:ro], container:NAME[:ro] */
void
emit_volumes_from(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		struct word w = node_word(n->u.item[i]);
		const char *from = w.s, *rest, *name = NULL;
		char *service;

		if (str_starts(from, "container:")) {
			emit_option(e, flag, word_slice(e->ctx->mem, &w, 10, strlen(from + 10)));
			continue;
		}
		rest = strchr(from, ':');
		service = arena_strndup(
			e->ctx->mem, from, rest ? (size_t)(rest - from) : strlen(from));
		name = emit_container_of(e, service);
		emit_text(e, flag,
			arena_printf(e->ctx->mem, "%s%s", name ? name : service, rest ? rest : ""),
			n->u.item[i]->at);
	}
}
