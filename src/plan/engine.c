/* engine.c - the rows of engines: a program and its differences from docker. */
#include "plan_int.h"
#include <stackplan/str.h>
#include <string.h>

static const struct engine engines[] = {
	{.name = "docker", .program = "docker"},
};

const struct engine *
engine_find(const char *name) {
	for (size_t i = 0; i < countof(engines); i++)
		if (str_eq(engines[i].name, name))
			return &engines[i];
	return NULL;
}

const struct engine *
engine_nth(size_t i) {
	return i < countof(engines) ? &engines[i] : NULL;
}

const struct flag_rule *
engine_rule(const struct engine *e, const char *key) {
	for (size_t i = 0; i < e->nrule; i++)
		if (str_eq(e->rule[i].key, key))
			return &e->rule[i];
	return NULL;
}
