/* emit_forms.c - the forms of keys that are more than a value and less than a subject: health, logging, limits, devices,
 * restart policy, namespaces, block I/O, security options. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/quote.h>
#include <stackplan/str.h>
#include <string.h>

/* Append one word of a test as the container's shell reads it. What came from outside stays a reference: such a word is put in
 * single quotes as a whole, which a value must not break. */
static void
add_test_word(struct emit *e, struct text *t, const struct node *n) {
	struct word w = node_word(n);
	struct buf b = {0};

	if (w.nspan && strchr(w.s, '\''))
		diag(e->ctx, SEV_ERROR, n->at, "quote-in-test",
			"a single quote beside a value from outside has no form in a test that is "
			"a list: write the test "
			"as one text, or give the value in 'environment'");
	if (w.nspan) {
		text_add(t, "'");
		text_add_word(t, &w);
		text_add(t, "'");
		return;
	}
	quote_text(&b, QUOTE_SH, w.s);
	text_add(t, buf_str(&b));
	buf_free(&b);
}

/* A test whose words the engine takes as they are: a list in JSON. A value from outside has no reference there. */
static void
emit_json_test(struct emit *e, const struct node *test) {
	struct buf b = {0};

	for (size_t i = 1; i < test->n; i++)
		if (node_word(test->u.item[i]).nspan)
			diag(e->ctx, SEV_ERROR, test->u.item[i]->at, "quote-in-test",
				"a value from outside has no form in a test that is a list: write "
				"the test as one text");
	json_write(&b, test, 0);
	b.n -= b.n > 0;
	emit_text(e, "--health-cmd", arena_strndup(e->ctx->mem, buf_str(&b), b.n), test->at);
	buf_free(&b);
}

/* The test itself: a shell command, or words which are quoted for the container's shell, since no flag takes words. */
static void
emit_test(struct emit *e, const struct node *test) {
	const char *how = test->n ? node_text(test->u.item[0]) : "";
	struct text t = {0};

	if (str_eq(how, "CMD") && e->engine->json_test) {
		emit_json_test(e, test);
		return;
	}
	if (str_eq(how, "CMD-SHELL")) {
		if (test->n > 1 && *node_text(test->u.item[1]))
			emit_option(e, "--health-cmd", node_word(test->u.item[1]));
		return;
	}
	for (size_t i = 1; i < test->n; i++) {
		if (i > 1)
			text_add(&t, " ");
		add_test_word(e, &t, test->u.item[i]);
	}
	if (t.n)
		emit_option(e, "--health-cmd", text_take(e->ctx->mem, &t, test->at));
	text_free(&t);
}

void
emit_health(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	static const struct {
		const char *key, *flag;
	} timing[] = {
		{"interval", "--health-interval"},
		{"timeout", "--health-timeout"},
		{"retries", "--health-retries"},
		{"start_period", "--health-start-period"},
		{"start_interval", "--health-start-interval"},
	};
	const struct node *test = node_find(n, "test");

	(void)row;
	(void)flag;
	if (node_is_true(node_find(n, "disable")) ||
		(test && test->n && str_eq(node_text(test->u.item[0]), "NONE"))) {
		emit_flag(e, "--no-healthcheck", n->at);
		return;
	}
	if (test && test->type == NODE_LIST)
		emit_test(e, test);
	for (size_t i = 0; i < countof(timing); i++) {
		const struct node *v = node_find(n, timing[i].key);
		if (v && *node_text(v))
			emit_option(e, timing[i].flag, node_word(v));
	}
}

void
emit_logging(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	const struct node *driver = node_find(n, "driver"), *opts = node_find(n, "options");

	(void)row;
	(void)flag;
	if (driver && *node_text(driver))
		emit_option(e, "--log-driver", node_word(driver));
	for (size_t i = 0; opts && opts->type == NODE_MAP && i < opts->n; i++)
		emit_option(
			e, "--log-opt", emit_pair(e, opts->u.member[i].key, opts->u.member[i].val));
}

/* NAME=LIMIT or NAME=SOFT:HARD */
void
emit_ulimits(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		const struct member *m = &n->u.member[i];
		bool both = m->val->type == NODE_MAP;
		struct word soft = node_word(both ? node_find(m->val, "soft") : m->val);
		struct word hard = node_word(node_find(m->val, "hard"));
		struct text t = {0};

		text_add(&t, m->key);
		text_add(&t, "=");
		text_add_word(&t, &soft);
		text_add(&t, both ? ":" : "");
		text_add_word(&t, &hard);
		emit_option(e, flag, text_take(e->ctx->mem, &t, m->at));
	}
}

/* HOST:CONTAINER:rwm; a CDI name (vendor/class=name) stands alone. */
void
emit_devices(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		struct word source = node_word(node_find(n->u.item[i], "source"));
		struct word target = node_word(node_find(n->u.item[i], "target"));
		struct word mode = node_word(node_find(n->u.item[i], "permissions"));
		struct text t = {0};
		bool cdi = source.s[0] != '/' && strchr(source.s, '=');

		text_add_word(&t, &source);
		if (!cdi) {
			text_add(&t, ":");
			text_add_word(&t, *target.s ? &target : &source);
			text_add(&t, ":");
			if (*mode.s)
				text_add_word(&t, &mode);
			else
				text_add(&t, "rwm");
		}
		emit_option(e, flag, text_take(e->ctx->mem, &t, n->u.item[i]->at));
	}
}

/* "no" is the engine's default and has no flag. */
void
emit_restart(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	const char *policy = node_text(n);

	(void)row;
	if (node_at(e->tree, "deploy", "restart_policy", NULL)) /* which wins */
		return;
	if (!str_eq(policy, "no") && !str_eq(policy, "none") && *policy)
		emit_option(e, flag, node_word(n));
}

/* service:S is container:NAME for docker, but for the namespace of the host name, which no two containers can share. */
void
emit_namespace(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	bool of_service = str_starts(node_text(n), "service:");
	const char *name = of_service ? emit_container_of(e, node_text(n) + 8) : NULL;

	if (str_eq(row->name, "uts") && (of_service || str_starts(node_text(n), "container:")))
		diag(e->ctx, SEV_ERROR, n->at, "no-form",
			"docker shares the host name's namespace with no other container: 'uts' "
			"can only be 'host'");
	else if (name)
		emit_text(e, flag, arena_printf(e->ctx->mem, "container:%s", name), n->at);
	else if (*node_text(n))
		emit_option(e, flag, node_word(n));
}

/* PATH:VALUE for each entry of one list of blkio_config. */
static void
emit_per_device(struct emit *e, const struct node *list, const char *flag, const char *value) {
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		struct word path = node_word(node_find(list->u.item[i], "path"));
		struct word limit = node_word(node_find(list->u.item[i], value));
		struct text t = {0};

		text_add_word(&t, &path);
		text_add(&t, ":");
		text_add_word(&t, &limit);
		emit_option(e, flag, text_take(e->ctx->mem, &t, list->u.item[i]->at));
	}
}

void
emit_blkio(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	static const struct {
		const char *key, *flag, *value;
	} lists[] = {
		{"weight_device", "--blkio-weight-device", "weight"},
		{"device_read_bps", "--device-read-bps", "rate"},
		{"device_write_bps", "--device-write-bps", "rate"},
		{"device_read_iops", "--device-read-iops", "rate"},
		{"device_write_iops", "--device-write-iops", "rate"},
	};
	const struct node *weight = node_find(n, "weight");

	(void)row;
	(void)flag;
	if (weight && !str_eq(node_text(weight), "0"))
		emit_option(e, "--blkio-weight", node_word(weight));
	for (size_t i = 0; i < countof(lists); i++)
		emit_per_device(e, node_find(n, lists[i].key), lists[i].flag, lists[i].value);
}

/* seccomp:FILE is relative to the project folder; docker reads it from where it runs. */
void
emit_security(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		struct word w = node_word(n->u.item[i]);
		struct canon c = {.folder = e->project->folder,
			.project_folder = e->project->folder,
			.folder_ref = e->project->folder_ref};
		const char *file = w.s + 8;
		struct text t = {0};
		struct word rest;

		if ((!str_starts(w.s, "seccomp:") && !str_starts(w.s, "seccomp=")) ||
			str_eq(file, "unconfined") || str_eq(file, "builtin")) {
			emit_option(e, flag, w);
			continue;
		}
		rest = word_slice(e->ctx->mem, &w, 8, strlen(file));
		rest = canon_path(e->ctx, &c, &rest);
		text_add(&t, "seccomp=");
		text_add_word(&t, &rest);
		emit_option(e, flag, text_take(e->ctx->mem, &t, w.at));
	}
}
