/* emit_ports.c - ports that the host publishes, and further lines of /etc/hosts. */
#include "plan_int.h"
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdlib.h>
#include <string.h>

/* How many ports of the host a text such as "8080" or "8080-8089" names; 0 when the engine is to choose. */
static int64_t
ports_named(const char *published) {
	const char *dash = strchr(published, '-');
	int64_t first = 0, last = 0;

	if (dash && str_int(dash + 1, 0, 65535, &last))
		return strtoll(published, NULL, 10) <= last
			       ? last - strtoll(published, NULL, 10) + 1
			       : 1;
	return str_int(published, 0, 65535, &first) && !first ? 0 : *published != '\0';
}

void
ports_check(struct ctx *ctx, const struct service *s) {
	const struct node *list = node_find(s->tree, "ports");

	if (str_eq(node_text(node_find(s->tree, "network_mode")), "host"))
		return;
	for (size_t i = 0; list && list->type == NODE_LIST && i < list->n; i++) {
		const struct node *port = list->u.item[i];
		int64_t n = ports_named(node_text(node_find(port, "published")));
		if (n && n < s->scale)
			diag(ctx, SEV_ERROR, port->at, "port-and-scale",
				"service '%s' has %lld containers, and the host has %s for them: "
				"leave the choice to the engine, or publish a range",
				s->name, (long long)s->scale,
				n == 1 ? "one port" : "too few ports");
	}
}

/* [IP:][PUBLISHED:]TARGET[/PROTOCOL] */
void
emit_ports(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		const struct node *p = n->u.item[i];
		struct word ip = node_word(node_find(p, "host_ip"));
		struct word published = node_word(node_find(p, "published"));
		struct word target = node_word(node_find(p, "target"));
		const char *protocol = node_text(node_find(p, "protocol"));
		struct text t = {0};
		bool six = strchr(ip.s, ':') != NULL;

		if (*ip.s) {
			text_add(&t, six ? "[" : "");
			text_add_word(&t, &ip);
			text_add(&t, six ? "]:" : ":");
		}
		if (*published.s || *ip.s) {
			text_add_word(&t, &published);
			text_add(&t, ":");
		}
		text_add_word(&t, &target);
		if (*protocol && !str_eq(protocol, "tcp")) {
			text_add(&t, "/");
			text_add(&t, protocol);
		}
		emit_option(e, flag, text_take(e->ctx->mem, &t, p->at));
	}
}

/* "host=address" to --add-host host:address, the spelling that old engines know too. */
void
emit_hosts(struct emit *e, const struct key *row, const char *flag, const struct node *n) {
	(void)row;
	for (size_t i = 0; i < n->n; i++) {
		struct word w = node_word(n->u.item[i]);
		const char *eq = strchr(w.s, '=');
		struct text t = {0};

		if (!eq)
			continue;
		text_add_slice(&t, &w, 0, (size_t)(eq - w.s));
		text_add(&t, ":");
		text_add_slice(&t, &w, (size_t)(eq - w.s) + 1, strlen(eq + 1));
		emit_option(e, flag, text_take(e->ctx->mem, &t, w.at));
	}
}
