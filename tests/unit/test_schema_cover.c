/* test_schema_cover.c - the table of keys against the Compose Specification's own JSON schema.
 * Walks the schema's property definitions and our rows side by side: a key without a row, a row
 * without a key, a shape that refuses what the schema allows, other choices or bounds are failures.
 * The schema is read from $COMPOSE_SCHEMA or ../shared/reference/; without it only the walk itself
 * is tested, which is said. */
#include <setjmp.h>
#include <stackplan/arena.h>
#include <stackplan/keys.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_MAPS = 16, MAX_VISITED = 1024, MAX_DEPTH = 24, MAX_BYTES = 1 << 20 };

/* Rows that have choices where the schema has any text: the engine takes no other ones. */
static const char narrower[] =
	"services.deploy.endpoint_mode services.deploy.mode "
	"services.deploy.restart_policy.condition "
	"services.deploy.rollback_config.failure_action "
	"services.deploy.update_config.failure_action services.env_file.format "
	"services.ports.mode services.volumes.bind.propagation";

/* Rows with bounds that the schema lacks. */
static const char bounded[] =
	"services.blkio_config.device_read_iops.rate "
	"services.blkio_config.device_write_iops.rate services.blkio_config.weight "
	"services.blkio_config.weight_device.weight services.cpu_period services.cpu_rt_period "
	"services.cpu_rt_runtime services.cpu_shares "
	"services.deploy.placement.max_replicas_per_node "
	"services.deploy.replicas services.deploy.resources.limits.pids "
	"services.deploy.resources.reservations.generic_resources.discrete_resource_spec.value "
	"services.deploy.restart_policy.max_attempts services.deploy.rollback_config.parallelism "
	"services.deploy.update_config.parallelism services.healthcheck.retries "
	"services.build.ulimits.hard services.build.ulimits.soft services.mem_swappiness "
	"services.pids_limit services.ports.target services.scale "
	"services.ulimits.hard services.ulimits.soft models.context_size";

/* Rows that ask for more than the schema does: without it there would be nothing to do. */
static const char stricter[] =
	"services.blkio_config.device_read_bps.path services.blkio_config.device_read_bps.rate "
	"services.blkio_config.device_read_iops.path services.blkio_config.device_read_iops.rate "
	"services.blkio_config.device_write_bps.path services.blkio_config.device_write_bps.rate "
	"services.blkio_config.device_write_iops.path "
	"services.blkio_config.device_write_iops.rate services.blkio_config.weight_device.path "
	"services.blkio_config.weight_device.weight services.build.secrets.source "
	"services.configs.source services.ports.target services.secrets.source "
	"services.volumes.target";

/* JSON types, as the schema names them. */
static const char *const type_names[] = {
	"string", "number", "integer", "boolean", "null", "object", "array"};
enum { STR = 1, NUM = 2, INT = 4, BOOL = 8, NUL = 16, OBJ = 32, ARR = 64, ALL = 127 };

/* What each shape accepts; null is the same as not written. */
static const unsigned accepts[] = {
	[SHAPE_ANY] = ALL,
	[SHAPE_STRING] = STR,
	[SHAPE_TEXT] = STR | NUM | INT | BOOL,
	[SHAPE_CHOICE] = STR,
	[SHAPE_BOOL] = STR | BOOL,
	[SHAPE_INT] = STR | NUM | INT,
	[SHAPE_NUMBER] = STR | NUM | INT,
	[SHAPE_SIZE] = STR | NUM | INT,
	[SHAPE_DURATION] = STR,
	[SHAPE_PATH] = STR,
	[SHAPE_STRINGS] = ARR,
	[SHAPE_TEXTS] = ARR,
	[SHAPE_ONE_OR_MORE] = STR | ARR,
	[SHAPE_PAIRS] = OBJ | ARR,
	[SHAPE_COMMAND] = STR | ARR,
	[SHAPE_MAP] = OBJ,
	[SHAPE_NAMED] = OBJ,
	[SHAPE_LIST] = ARR,
	[SHAPE_PORTS] = ARR,
	[SHAPE_MOUNTS] = ARR,
	[SHAPE_NETWORKS] = OBJ | ARR,
	[SHAPE_DEPENDS] = OBJ | ARR,
	[SHAPE_ENV_FILE] = STR | ARR,
	[SHAPE_HOSTS] = OBJ | ARR,
	[SHAPE_ULIMITS] = OBJ,
	[SHAPE_TEST] = STR | ARR,
	[SHAPE_DEVICES] = ARR,
	[SHAPE_GRANTS] = ARR,
	[SHAPE_BUILD] = STR | OBJ,
	[SHAPE_EXTENDS] = STR | OBJ,
	[SHAPE_GPUS] = STR | ARR,
	[SHAPE_EXTERNAL] = STR | BOOL | OBJ,
	[SHAPE_IMAGE] = STR,
	[SHAPE_NAME] = STR,
	[SHAPE_MODE] = STR | NUM | INT,
	[SHAPE_COUNT] = STR | INT,
	[SHAPE_PATHS] = STR | ARR,
	[SHAPE_CONTEXT] = STR,
	[SHAPE_MICROS] = STR | NUM | INT,
};

/* One walk over a schema. */
struct walk {
	struct arena *mem;
	const struct node *root;
	const struct node *visited[MAX_VISITED]; /* property definitions, each once */
	size_t nvisited, nwrong;
	size_t nstanding[KEY_REFUSED + 1]; /* places whose keys stand so */
	bool is_quiet;
};

/* The maps of properties that may stand at one place, and the keys required there. */
struct place {
	const struct node *props[MAX_MAPS];
	const struct node *owner[MAX_MAPS];
	size_t n;
};

static void compare(struct walk *, const char *path, const struct place *, const struct schema *);

/* Count something wrong and say it. */
static void
wrong(struct walk *w, const char *path, const char *name, const char *why) {
	w->nwrong++;
	if (!w->is_quiet)
		print_error("%s.%s: %s\n", path, name, why);
}

/* What a reference stands for, or the node itself. */
static const struct node *
deref(const struct walk *w, const struct node *n) {
	for (size_t i = 0; i < MAX_DEPTH; i++) {
		const char *ref = node_text(node_find(n, "$ref"));
		if (*ref == '\0')
			return n;
		assert_true(str_starts(ref, "#/$defs/"));
		n = node_at(w->root, "$defs", ref + strlen("#/$defs/"), NULL);
		assert_non_null(n);
	}
	fail_msg("references in a circle");
	return NULL;
}

/* Collect the maps of properties below N that are not inside another property. */
static void
collect(const struct walk *w, const struct node *n, struct place *out, size_t depth) {
	static const char *const lists[] = {"oneOf", "anyOf", "allOf"};
	const struct node *named;

	assert_true(depth < MAX_DEPTH);
	n = deref(w, n);
	if (node_find(n, "properties") != NULL) {
		assert_true(out->n < MAX_MAPS);
		out->owner[out->n] = n;
		out->props[out->n++] = node_find(n, "properties");
	}
	for (size_t i = 0; i < countof(lists); i++) {
		const struct node *list = node_find(n, lists[i]);
		for (size_t j = 0; list != NULL && j < list->n; j++)
			collect(w, list->u.item[j], out, depth + 1);
	}
	if (node_find(n, "items") != NULL)
		collect(w, node_find(n, "items"), out, depth + 1);
	named = node_find(n, "patternProperties");
	for (size_t i = 0; named != NULL && i < named->n; i++) {
		if (!str_eq(named->u.member[i].key, "^x-"))
			collect(w, named->u.member[i].val, out, depth + 1);
	}
}

/* Remember a property definition; it is met once for every place that refers to it. */
static void
visit(struct walk *w, const struct node *prop) {
	for (size_t i = 0; i < w->nvisited; i++) {
		if (w->visited[i] == prop)
			return;
	}
	assert_true(w->nvisited < MAX_VISITED);
	w->visited[w->nvisited++] = prop;
}

/* The JSON types that may stand at a property, as a set. */
static unsigned
types_of(const struct walk *w, const struct node *prop) {
	const struct node *type, *choice;
	unsigned set = 0;

	prop = deref(w, prop);
	type = node_find(prop, "type");
	choice = node_find(prop, "oneOf");
	for (unsigned i = 0; i < countof(type_names); i++) {
		bool is_it = type != NULL && str_eq(node_text(type), type_names[i]);
		for (size_t j = 0; type != NULL && type->type == NODE_LIST && j < type->n; j++)
			is_it = is_it || str_eq(node_text(type->u.item[j]), type_names[i]);
		set |= is_it ? 1U << i : 0;
	}
	for (size_t i = 0; choice != NULL && i < choice->n; i++)
		set |= types_of(w, choice->u.item[i]);
	return set;
}

/* Are the words of the schema's enum just the choices of the row? */
static bool
same_words(const struct node *words, const char *one_of) {
	size_t n = 1;

	for (size_t i = 0; i < words->n; i++) {
		if (!str_in(one_of, node_text(words->u.item[i])))
			return false;
	}
	for (const char *p = one_of; p != NULL && *p != '\0'; p++)
		n += *p == ' ';
	return n == words->n;
}

/* Compare the choices. */
static void
compare_choice(struct walk *w, const char *path, const struct node *prop, const struct key *key) {
	const struct node *words = node_find(deref(w, prop), "enum");
	const char *here = arena_printf(w->mem, "%s.%s", path, key->name);

	if (words == NULL && key->shape == SHAPE_CHOICE && !str_in(narrower, here))
		wrong(w, path, key->name, "choices where the schema has none");
	if (words != NULL && (key->shape != SHAPE_CHOICE || !same_words(words, key->one_of)))
		wrong(w, path, key->name, "other choices than in the schema");
}

/* The schema's bound of this name, at the property or at one of its alternatives. */
static bool
bound(const struct node *prop, const char *name, int64_t *out) {
	const struct node *choice = node_find(prop, "oneOf");

	if (node_find(prop, name) != NULL)
		return node_to_int(node_find(prop, name), out);
	for (size_t i = 0; choice != NULL && i < choice->n; i++) {
		if (node_find(choice->u.item[i], name) != NULL)
			return node_to_int(node_find(choice->u.item[i], name), out);
	}
	return false;
}

/* Compare the bounds. */
static void
compare_bounds(struct walk *w, const char *path, const struct node *prop, const struct key *key) {
	const char *here = arena_printf(w->mem, "%s.%s", path, key->name);
	int64_t min, max;
	bool has_min = bound(deref(w, prop), "minimum", &min);
	bool has_max = bound(deref(w, prop), "maximum", &max);

	if (has_min && key->shape != SHAPE_SIZE && key->min != min)
		wrong(w, path, key->name, "another minimum than in the schema");
	if (has_max && key->max != max)
		wrong(w, path, key->name, "another maximum than in the schema");
	if (!has_min && key->max > key->min && !str_in(bounded, here))
		wrong(w, path, key->name, "bounds where the schema has none");
}

/* Is it told what becomes of the key: mapped, silent by its meaning, or noted or refused with the reason? */
static void
compare_standing(struct walk *w, const char *path, const struct key *key) {
	bool is_told = key->standing == KEY_NOTED || key->standing == KEY_REFUSED;

	w->nstanding[key->standing]++;
	if (is_told && (key->note == NULL || *key->note == '\0'))
		wrong(w, path, key->name, "noted or refused without a reason");
}

/* Compare one property with its row, and what stands below both. */
static void
compare_row(struct walk *w, const char *path, const struct node *prop, const struct key *key) {
	struct place below = {0};
	unsigned types = types_of(w, prop);

	visit(w, prop);
	if ((types & ~(accepts[key->shape] | NUL)) != 0)
		wrong(w, path, key->name, "its shape refuses a type that the schema allows");
	compare_standing(w, path, key);
	compare_choice(w, path, prop, key);
	compare_bounds(w, path, prop, key);
	collect(w, prop, &below, 0);
	if ((below.n != 0) != (key->sub != NULL))
		wrong(w, path, key->name,
			below.n != 0 ? "no rows below it"
				     : "rows below it where the schema has none");
	if (below.n != 0 && key->sub != NULL)
		compare(w, arena_printf(w->mem, "%s.%s", path, key->name), &below, key->sub);
}

/* Is NAME one of the keys that the schema requires at this place? */
static bool
is_required(const struct place *place, const char *name) {
	for (size_t i = 0; i < place->n; i++) {
		const struct node *list = node_find(place->owner[i], "required");
		for (size_t j = 0; list != NULL && j < list->n; j++) {
			if (str_eq(node_text(list->u.item[j]), name))
				return true;
		}
	}
	return false;
}

/* Is there a property for every row, required where it should be? */
static void
compare_back(
	struct walk *w, const char *path, const struct place *place, const struct schema *schema) {
	for (size_t i = 0; i < schema->n; i++) {
		const struct key *key = &schema->key[i];
		const char *here = arena_printf(w->mem, "%s.%s", path, key->name);
		bool is_there = false, must = is_required(place, key->name);
		for (size_t j = 0; j < place->n; j++)
			is_there = is_there || node_find(place->props[j], key->name) != NULL;
		if (!is_there)
			wrong(w, path, key->name, "a row that the schema does not know");
		if (must != key->required && (must || !str_in(stricter, here)))
			wrong(w, path, key->name, must ? "not required" : "required");
	}
}

static void
compare(struct walk *w, const char *path, const struct place *place, const struct schema *schema) {
	/* The top of the file has no name, so that the paths read as people write them. */
	const char *at = str_starts(path, ".") ? path + 1 : path;

	assert_true(strlen(path) < 400);
	for (size_t i = 0; i < place->n; i++) {
		const struct node *props = place->props[i];
		for (size_t j = 0; j < props->n; j++) {
			const struct key *key = schema_find(schema, props->u.member[j].key);
			if (key == NULL)
				wrong(w, at, props->u.member[j].key, "no row for it");
			else
				compare_row(w, at, props->u.member[j].val, key);
		}
	}
	compare_back(w, at, place, schema);
}

/* Walk a schema that was read as ROOT beside the rows of SCHEMA. */
static void
walk(struct walk *w, const struct node *root, const struct schema *schema) {
	struct place top = {0};

	w->root = root;
	collect(w, root, &top, 0);
	compare(w, "", &top, schema);
}

/* How many property definitions there are anywhere below N. */
static size_t
count_properties(const struct node *n, size_t depth) {
	size_t sum = 0;

	assert_true(depth < 2 * MAX_DEPTH);
	for (size_t i = 0; n->type == NODE_LIST && i < n->n; i++)
		sum += count_properties(n->u.item[i], depth + 1);
	for (size_t i = 0; n->type == NODE_MAP && i < n->n; i++) {
		const struct member *m = &n->u.member[i];
		if (str_eq(m->key, "properties") && m->val->type == NODE_MAP)
			sum += m->val->n;
		sum += count_properties(m->val, depth + 1);
	}
	return sum;
}

/* The specification's schema, or NULL when it is not on this machine. */
static struct node *
read_schema(struct arena *mem) {
	const char *path = getenv("COMPOSE_SCHEMA"), *why = NULL;
	char *text = arena_alloc(mem, MAX_BYTES);
	struct node *root;
	FILE *f;
	size_t n;

	f = fopen(path != NULL ? path : "../shared/reference/compose-spec.json", "r");
	if (f == NULL)
		return NULL;
	n = fread(text, 1, MAX_BYTES, f);
	fclose(f);
	assert_true(n < MAX_BYTES);
	root = json_read(mem, text, n, &why);
	if (root == NULL)
		fail_msg("the schema is not JSON: %s", why);
	return root;
}

/* Every property definition of the specification has its row. */
static void
test_cover(void **state) {
	struct arena *mem = arena_new();
	struct node *root = read_schema(mem);
	struct walk w = {.mem = mem};
	size_t n;

	(void)state;
	if (root == NULL) {
		print_message("SKIPPED: no compose-spec.json; set COMPOSE_SCHEMA to it\n");
		arena_free(mem);
		skip();
	}
	walk(&w, root, &schema_file);
	print_message(
		"%zu property definitions, %zu of a service; by place: %zu mapped, %zu noted, "
		"%zu silent, %zu refused\n",
		w.nvisited, schema_service.n, w.nstanding[KEY_MAPPED], w.nstanding[KEY_NOTED],
		w.nstanding[KEY_SILENT], w.nstanding[KEY_REFUSED]);
	n = count_properties(root, 0);
	arena_free(mem);
	assert_int_equal(w.nwrong, 0);
	assert_int_equal(w.nvisited, n);
}

/* How many things the walk finds wrong in a small schema beside the rows of a volume. */
static size_t
faults(const char *json) {
	struct arena *mem = arena_new();
	const char *why = NULL;
	struct node *root = json_read(mem, json, strlen(json), &why);
	struct walk w = {.mem = mem, .is_quiet = true};

	assert_non_null(root);
	walk(&w, root, &schema_volume);
	arena_free(mem);
	return w.nwrong;
}

/* A volume as the specification has it, with room for more. */
#define VOLUME(driver, more)                                                                 \
	"{\"properties\": {\"driver\": " driver ", \"driver_opts\": {\"type\": \"object\"}," \
	"\"labels\": {\"$ref\": \"#/$defs/l\"}, \"name\": {\"type\": \"string\"},"           \
	"\"external\": {\"type\": [\"boolean\", \"object\"],"                                \
	"\"properties\": {\"name\": {\"type\": \"string\"}}}" more "},"                      \
	"\"$defs\": {\"l\": {\"oneOf\": [{\"type\": \"object\"}, {\"type\": \"array\"}]}}}"

/* The walk itself notices what it is there for. */
static void
test_walk(void **state) {
	(void)state;
	assert_int_equal(faults(VOLUME("{\"type\": \"string\"}", "")), 0);
	assert_int_equal(faults(VOLUME("{\"type\": \"string\"}", ", \"new\": {}")), 1);
	assert_int_equal(faults(VOLUME("{\"type\": \"integer\"}", "")), 1);
	assert_int_equal(faults(VOLUME("{\"type\": \"string\", \"enum\": [\"a\"]}", "")), 1);
	assert_int_equal(faults(VOLUME("{\"type\": \"string\", \"maximum\": 3}", "")), 1);
	assert_int_equal(faults(VOLUME("{\"properties\": {\"a\": {}}}", "")), 1);
	assert_int_equal(faults(VOLUME("{}", "}, \"required\": [\"driver\"], \"x\": {")), 1);
	assert_int_equal(faults("{\"properties\": {\"driver\": {}}}"), (int)schema_volume.n - 1);
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_cover),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
