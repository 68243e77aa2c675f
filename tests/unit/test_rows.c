/* test_rows.c - the table of keys holds together: order, docs, flags, choices, sub-schemas, notes.
 * Every schema that can be reached from the file's own is looked at, each once. */
#include <setjmp.h>
#include <stackplan/keys.h>
#include <stackplan/str.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_SCHEMAS = 128 };

static const struct schema *all[MAX_SCHEMAS];
static size_t nall;

/* Put a schema on the list, unless it is there. */
static void
add(const struct schema *schema) {
	for (size_t i = 0; i < nall; i++)
		if (all[i] == schema)
			return;
	assert_true(nall < MAX_SCHEMAS);
	all[nall++] = schema;
}

/* Collect what can be reached from the file. */
static int
collect(void **state) {
	(void)state;
	nall = 0;
	add(&schema_file);
	for (size_t i = 0; i < nall; i++) {
		for (size_t j = 0; j < all[i]->n; j++) {
			if (all[i]->key[j].sub != NULL)
				add(all[i]->key[j].sub);
		}
	}
	return 0;
}

typedef const char *row_rule(const struct schema *, const struct key *);

/* Ask every row; a rule answers what is wrong with it, or NULL. */
static void
each_row(row_rule *rule) {
	size_t nwrong = 0;

	for (size_t i = 0; i < nall; i++) {
		for (size_t j = 0; j < all[i]->n; j++) {
			const struct key *key = &all[i]->key[j];
			const char *wrong = rule(all[i], key);
			if (wrong == NULL)
				continue;
			print_error("'%s' of %s: %s\n", key->name, all[i]->what, wrong);
			nwrong++;
		}
	}
	assert_int_equal(nwrong, 0);
}

/* The rows that the specification has for a service, and the top of the file. */
static void
test_reach(void **state) {
	(void)state;
	assert_int_equal(schema_service.n, 93);
	assert_int_equal(schema_file.n, 9);
	assert_true(nall > 30);
	add(&schema_network);
	add(&schema_volume);
	add(&schema_secret);
	add(&schema_config);
	size_t before = nall;
	collect(NULL);
	assert_int_equal(nall, before);
}

/* Is the row greater than the one before it? */
static const char *
rule_sorted(const struct schema *schema, const struct key *key) {
	if (key == schema->key || strcmp(key[-1].name, key->name) < 0)
		return NULL;
	return "not after the row before it";
}

/* A schema that says that none of its rows is required must be right. */
static const char *
rule_optional(const struct schema *schema, const struct key *key) {
	return schema->all_optional && key->required ? "its schema has all_optional" : NULL;
}

static void
test_sorted(void **state) {
	(void)state;
	each_row(rule_sorted);
	each_row(rule_optional);
}

/* Is there one sentence of a fair length? */
static const char *
rule_doc(const struct schema *schema, const struct key *key) {
	(void)schema;
	if (key->doc == NULL || *key->doc == '\0')
		return "no doc";
	if (strlen(key->doc) > 100)
		return "its doc is longer than 100 characters";
	if (!str_ends(key->doc, ".") || str_ends(key->doc, ".."))
		return "its doc is no sentence";
	return strpbrk(key->doc, "\n\t\"") != NULL ? "its doc holds what it should not" : NULL;
}

static void
test_docs(void **state) {
	(void)state;
	each_row(rule_doc);
	for (size_t i = 0; i < nall; i++) {
		assert_non_null(all[i]->what);
		assert_true(all[i]->n > 0);
	}
}

/* Does the form write flags that stand in the rows below it? */
static bool
is_block(enum form form) {
	return form == FORM_HEALTH || form == FORM_LOGGING || form == FORM_BLKIO ||
	       form == FORM_DEPLOY;
}

/* Has the form its flag, and is it one? */
static const char *
rule_flag(const struct schema *schema, const struct key *key) {
	(void)schema;
	if (key->flag == NULL)
		return key->form == FORM_NONE || is_block(key->form) ? NULL
								     : "its form wants a flag";
	if (is_block(key->form))
		return "the flags of its form stand in the rows below";
	if (str_starts(key->flag, "--") ? strlen(key->flag) < 4
					: key->flag[0] != '-' || strlen(key->flag) != 2)
		return "its flag is no flag";
	return strpbrk(key->flag, " =\t") != NULL ? "its flag holds more than a flag" : NULL;
}

static void
test_flags(void **state) {
	(void)state;
	each_row(rule_flag);
}

/* A set of shapes. */
#define S(name) (UINT64_C(1) << SHAPE_##name)

/* The shapes whose canonical form the form can deal with. */
static const uint64_t form_shapes[] = {
	[FORM_NONE] = UINT64_MAX,
	[FORM_VALUE] = S(STRING) | S(TEXT) | S(CHOICE) | S(INT),
	[FORM_SWITCH] = S(BOOL),
	[FORM_TRISTATE] = S(BOOL),
	[FORM_EACH] = S(STRINGS) | S(TEXTS) | S(ONE_OR_MORE),
	[FORM_PAIRS] = S(PAIRS),
	[FORM_SECONDS] = S(DURATION),
	[FORM_NONZERO] = S(INT) | S(NUMBER) | S(SIZE) | S(MICROS),
	[FORM_ENV] = S(PAIRS) | S(ENV_FILE),
	[FORM_PORTS] = S(PORTS),
	[FORM_MOUNTS] = S(MOUNTS),
	[FORM_NETWORKS] = S(NETWORKS) | S(STRING),
	[FORM_HEALTH] = S(MAP),
	[FORM_LOGGING] = S(MAP),
	[FORM_ULIMITS] = S(ULIMITS),
	[FORM_DEVICES] = S(DEVICES),
	[FORM_HOSTS] = S(HOSTS),
	[FORM_RESTART] = S(STRING),
	[FORM_NAMESPACE] = S(STRING),
	[FORM_LINKS] = S(STRINGS),
	[FORM_EXTERNAL_LINKS] = S(STRINGS),
	[FORM_VOLUMES_FROM] = S(STRINGS),
	[FORM_BLKIO] = S(MAP),
	[FORM_GPUS] = S(GPUS) | S(LIST),
	[FORM_SECURITY] = S(STRINGS),
	[FORM_GRANTS] = S(GRANTS),
	[FORM_LABELS] = S(PAIRS),
	[FORM_DEPLOY] = S(MAP),
	[FORM_MAC] = S(STRING),
	[FORM_SOCKET] = S(BOOL),
	[FORM_DOMAINS] = S(ONE_OR_MORE),
	[FORM_ONE_OF] = S(STRING),
};

/* Does the form fit the shape and the standing? What has no effect has no words. */
static const char *
rule_form(const struct schema *schema, const struct key *key) {
	(void)schema;
	if ((size_t)key->form >= countof(form_shapes) || form_shapes[key->form] == 0)
		return "a form that this test does not know";
	if ((form_shapes[key->form] >> key->shape & 1) == 0)
		return "its form does not fit its shape";
	if (key->form != FORM_NONE && key->standing != KEY_MAPPED)
		return "it has no effect, but a form";
	return NULL;
}

static void
test_forms(void **state) {
	(void)state;
	each_row(rule_form);
}

/* Are the words of a choice there, in order, each once? */
static const char *
rule_choice(const struct schema *schema, const struct key *key) {
	char last[64] = "";

	(void)schema;
	if (key->shape == SHAPE_PAIRS || key->shape == SHAPE_SIZE) {
		const char *only =
			key->shape == SHAPE_PAIRS ? "null-is-empty only-map" : "-1 only-text";
		return !key->one_of || strstr(only, key->one_of) ? NULL : "odd choices";
	}
	if (key->shape != SHAPE_CHOICE && key->form != FORM_ONE_OF)
		return key->one_of == NULL ? NULL : "choices that nobody reads";
	if (key->one_of == NULL || *key->one_of == '\0')
		return "no choices";
	for (const char *p = key->one_of; *p != '\0';) {
		size_t n = strcspn(p, " ");
		char word[64];
		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		if (n == 0 || strcmp(last, word) >= 0)
			return "its choices are not sorted";
		strcpy(last, word);
		p += n;
		if (*p == ' ' && *++p == '\0')
			return "its choices end in a blank";
	}
	return NULL;
}

static void
test_choices(void **state) {
	(void)state;
	each_row(rule_choice);
}

/* What a shape is, when trees are merged. */
enum kind { SCALAR, LIST, MAP, OTHER };

static const struct {
	enum kind kind;
	bool sub;
} shapes[] = {
	[SHAPE_ANY] = {OTHER, false},
	[SHAPE_STRING] = {SCALAR, false},
	[SHAPE_TEXT] = {SCALAR, false},
	[SHAPE_CHOICE] = {SCALAR, false},
	[SHAPE_BOOL] = {SCALAR, false},
	[SHAPE_INT] = {SCALAR, false},
	[SHAPE_NUMBER] = {SCALAR, false},
	[SHAPE_SIZE] = {SCALAR, false},
	[SHAPE_DURATION] = {SCALAR, false},
	[SHAPE_PATH] = {SCALAR, false},
	[SHAPE_STRINGS] = {LIST, false},
	[SHAPE_TEXTS] = {LIST, false},
	[SHAPE_ONE_OR_MORE] = {LIST, false},
	[SHAPE_PAIRS] = {MAP, false},
	[SHAPE_COMMAND] = {SCALAR, false}, /* replaced whole */
	[SHAPE_MAP] = {MAP, true},
	[SHAPE_NAMED] = {MAP, true},
	[SHAPE_LIST] = {LIST, true},
	[SHAPE_PORTS] = {LIST, true},
	[SHAPE_MOUNTS] = {LIST, true},
	[SHAPE_NETWORKS] = {MAP, true},
	[SHAPE_DEPENDS] = {MAP, true},
	[SHAPE_ENV_FILE] = {LIST, true},
	[SHAPE_HOSTS] = {LIST, false},
	[SHAPE_ULIMITS] = {MAP, true},
	[SHAPE_TEST] = {SCALAR, false}, /* replaced whole */
	[SHAPE_DEVICES] = {LIST, true},
	[SHAPE_GRANTS] = {LIST, true},
	[SHAPE_BUILD] = {MAP, true},
	[SHAPE_EXTENDS] = {SCALAR, true}, /* replaced whole */
	[SHAPE_GPUS] = {LIST, true},
	[SHAPE_EXTERNAL] = {SCALAR, true},
	[SHAPE_IMAGE] = {SCALAR, false},
	[SHAPE_NAME] = {SCALAR, false},
	[SHAPE_MODE] = {SCALAR, false},
	[SHAPE_COUNT] = {SCALAR, false},
	[SHAPE_PATHS] = {LIST, false},
	[SHAPE_CONTEXT] = {SCALAR, false},
	[SHAPE_MICROS] = {SCALAR, false},
};

/* Are there rows below where the shape needs them, and only there? */
static const char *
rule_sub(const struct schema *schema, const struct key *key) {
	(void)schema;
	if ((size_t)key->shape >= countof(shapes))
		return "a shape that this test does not know";
	if (shapes[key->shape].sub == (key->sub != NULL))
		return NULL;
	return key->sub != NULL ? "rows below that nobody reads" : "no rows below";
}

static void
test_subs(void **state) {
	(void)state;
	each_row(rule_sub);
}

/* Are all blank-separated words of a list rows of this schema? */
static bool
all_rows(const struct schema *schema, const char *list) {
	for (const char *p = list; *p != '\0';) {
		size_t n = strcspn(p, " ");
		char word[64];
		snprintf(word, sizeof(word), "%.*s", (int)n, p);
		if (schema_find(schema, word) == NULL)
			return false;
		p += n + strspn(p + n, " ");
	}
	return *list != '\0';
}

/* Does the merge rule fit the shape, and has BY_KEY the members to tell items apart? */
static const char *
rule_merge(const struct schema *schema, const struct key *key) {
	enum kind kind = shapes[key->shape].kind;

	(void)schema;
	if (key->merge == MERGE_BY_KEY)
		return key->by && key->sub && all_rows(key->sub, key->by) ? NULL : "by which key?";
	if (key->by != NULL && key->merge != MERGE_UNIQUE)
		return "a key that nobody merges by";
	if (kind == SCALAR && key->merge != MERGE_REPLACE)
		return "a scalar is replaced";
	if (kind == MAP && key->merge != MERGE_DEEP && key->merge != MERGE_SPECIAL)
		return "a map is merged member by member";
	if (kind == LIST && key->merge != MERGE_APPEND && key->merge != MERGE_UNIQUE)
		return "a list is appended";
	return NULL;
}

static void
test_merges(void **state) {
	(void)state;
	each_row(rule_merge);
}

/* Does what has no effect say why, in a text that can follow "'key': "? */
static const char *
rule_note(const struct schema *schema, const struct key *key) {
	bool must = key->standing == KEY_NOTED || key->standing == KEY_REFUSED;

	(void)schema;
	if (!must)
		return key->note == NULL ? NULL : "a note that nobody reads";
	if (key->note == NULL || *key->note == '\0')
		return "no note";
	return str_ends(key->note, ".") ? "its note ends in a stop" : NULL;
}

static void
test_notes(void **state) {
	(void)state;
	each_row(rule_note);
}

/* Are bounds where they are read? */
static const char *
rule_range(const struct schema *schema, const struct key *key) {
	(void)schema;
	if (key->min == 0 && key->max == 0)
		return NULL;
	if (key->shape == SHAPE_INT || key->shape == SHAPE_MICROS)
		return key->min < key->max ? NULL : "an empty range";
	if (key->shape == SHAPE_NAME)
		return key->min > 0 && key->max == 0 ? NULL : "an odd least length";
	return "a range that nobody reads";
}

static void
test_ranges(void **state) {
	(void)state;
	each_row(rule_range);
}

/* Does looking up find this row, and not what is nearly its name? */
static const char *
rule_found(const struct schema *schema, const struct key *key) {
	char other[96];

	if (schema_find(schema, key->name) != key)
		return "not found";
	snprintf(other, sizeof(other), "%s_", key->name);
	if (schema_find(schema, other) != NULL)
		return "found under a longer name";
	snprintf(other, sizeof(other), "%.*s", (int)strlen(key->name) - 1, key->name);
	return schema_find(schema, other) == key ? "found under a shorter name" : NULL;
}

static void
test_find(void **state) {
	(void)state;
	each_row(rule_found);
	assert_null(schema_find(&schema_service, ""));
	assert_null(schema_find(&schema_service, "zzz"));
	assert_null(schema_find(&schema_service, "IMAGE"));
	assert_null(schema_find(&schema_service, "x-stackplan"));
}

/* .need names keys that there are. */
static void
test_needs(void **state) {
	(void)state;
	for (size_t i = 0; i < nall; i++) {
		if (all[i]->need != NULL)
			assert_true(all_rows(all[i], all[i]->need));
	}
	assert_string_equal(schema_service.need, "image build provider");
	assert_true(str_in(schema_secret.need, "external"));
	assert_true(str_in(schema_config.need, "content"));
	assert_null(schema_network.need);
}

/* The rows of a schema that stand so are just these. */
static void
assert_standing(const struct schema *schema, enum standing standing, const char *names) {
	for (size_t i = 0; i < schema->n; i++) {
		const struct key *key = &schema->key[i];
		if (str_in(names, key->name) != (key->standing == standing))
			fail_msg("'%s' of %s stands otherwise", key->name, schema->what);
	}
}

static void
test_standing(void **state) {
	(void)state;
	assert_standing(&schema_service, KEY_NOTED,
		"cpu_count cpu_percent credential_spec develop isolation");
	assert_standing(&schema_service, KEY_SILENT, "attach");
	assert_standing(&schema_service, KEY_REFUSED, "models provider");
	assert_standing(schema_find(&schema_service, "deploy")->sub, KEY_NOTED,
		"endpoint_mode labels mode placement rollback_config update_config");
	assert_standing(&schema_file, KEY_REFUSED, "models");
	assert_standing(&schema_file, KEY_SILENT, "version");
	assert_standing(&schema_network, KEY_MAPPED,
		"attachable driver driver_opts enable_ipv4 enable_ipv6 external internal ipam "
		"labels name");
}

/* What the tutorial's commands are made of. */
static void
test_tutorial(void **state) {
	static const struct {
		const char *name, *flag;
		enum form form;
	} want[] = {
		{"environment", "-e", FORM_ENV},
		{"init", "--init", FORM_TRISTATE},
		{"labels", "--label", FORM_LABELS},
		{"network_mode", "--network", FORM_NETWORKS},
		{"networks", "--network", FORM_NETWORKS},
		{"ports", "-p", FORM_PORTS},
		{"stdin_open", "-i", FORM_SWITCH},
		{"stop_grace_period", "--stop-timeout", FORM_SECONDS},
		{"tty", "-t", FORM_SWITCH},
		{"user", "--user", FORM_VALUE},
		{"volumes", "-v", FORM_MOUNTS},
		{"working_dir", "-w", FORM_VALUE},
	};

	(void)state;
	for (size_t i = 0; i < countof(want); i++) {
		const struct key *key = schema_find(&schema_service, want[i].name);
		assert_non_null(key);
		assert_string_equal(key->flag, want[i].flag);
		assert_int_equal(key->form, want[i].form);
	}
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_sorted),
		cmocka_unit_test(test_docs),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_subs),
		cmocka_unit_test(test_merges),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_standing),
		cmocka_unit_test(test_tutorial),
	};
	return cmocka_run_group_tests(tests, collect, NULL);
}
