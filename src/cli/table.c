/* table.c - the closing table of the containers, in columns. */
#include <stackplan/arena.h>
#include <stackplan/diag.h>
#include <stackplan/project.h>
#include <stackplan/str.h>
#include <string.h>

#include "stack_int.h"

enum { COLUMNS = 5, ID_DIGITS = 12 };

struct row {
	const char *cell[COLUMNS];
};

const char *
container_health(const struct resource *r) {
	static const char *const words[][2] = {{"(healthy)", "healthy"},
		{"(unhealthy)", "unhealthy"}, {"(health: starting)", "starting"}};
	for (size_t i = 0; r->status && i < countof(words); i++)
		if (strstr(r->status, words[i][0]))
			return words[i][1];
	return "";
}

/* A container's state, with its health where it has one. */
static const char *
state_of(struct ctx *ctx, const struct resource *r) {
	const char *state = r->state ? r->state : "", *health = container_health(r);
	if (*health)
		return arena_printf(ctx->mem, "%s (%s%s)", state,
			str_eq(health, "starting") ? "health: " : "", health);
	if (str_eq(state, "exited"))
		return arena_printf(ctx->mem, "exited (%lld)", (long long)r->exit_code);
	return state;
}

/* The row of a wanted container; HAD is what the engine has under its name, or NULL. */
static struct row
row_of(struct ctx *ctx, const struct resource *want, const struct resource *had) {
	struct row row = {
		{want->service ? want->service->name : want->key, want->name, "-", "missing", ""}};
	if (!had)
		return row;
	if (had->id)
		row.cell[2] = strlen(had->id) > ID_DIGITS
				      ? arena_strndup(ctx->mem, had->id, ID_DIGITS)
				      : had->id;
	row.cell[3] = state_of(ctx, had);
	row.cell[4] = had->ports ? had->ports : "";
	return row;
}

/* Append a row, its cells as wide as WIDTH says; the last one isn't padded. */
static void
add_row(struct buf *b, const struct row *row, const size_t *width) {
	struct buf line = {0};
	for (size_t i = 0; i < COLUMNS; i++) {
		size_t cells = str_width(row->cell[i], strlen(row->cell[i]));
		str_safe(&line, row->cell[i], strlen(row->cell[i]), false);
		buf_printf(&line, "%*s", (int)(width[i] - cells + 3), "");
	}
	while (line.n && line.s[line.n - 1] == ' ')
		line.n--;
	buf_add(b, line.s, line.n);
	buf_addc(b, '\n');
	buf_free(&line);
}

void
table_containers(struct cli *cli, const struct resources *want, const struct resources *had) {
	struct row *row = arena_array(cli->ctx->mem, want->n + 1, sizeof(*row));
	size_t width[COLUMNS] = {0}, n = 0;
	row[n++] = (struct row){{"SERVICE", "CONTAINER", "ID", "STATE", "PORTS"}};
	for (size_t i = 0; i < want->n; i++)
		if (want->v[i]->kind == KIND_CONTAINER)
			row[n++] = row_of(cli->ctx, want->v[i],
				resources_find(had, KIND_CONTAINER, want->v[i]->name));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < COLUMNS; j++) {
			size_t cells = str_width(row[i].cell[j], strlen(row[i].cell[j]));
			width[j] = cells > width[j] ? cells : width[j];
		}
	for (size_t i = 0; i < n; i++)
		add_row(&cli->out, &row[i], width);
}
