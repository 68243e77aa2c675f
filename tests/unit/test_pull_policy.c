/* test_pull_policy.c - what pull_policy asks for: when, and from which age. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The wish of a service with this pull_policy, and more keys after it. */
static struct pull_wish
wish(const char *policy) {
	const struct project *p = make_text(
		arena_printf(world.ctx.mem, "services: {a: {image: x, pull_policy: %s}}", policy),
		NULL);

	if (!p) {
		fail_msg("%s: %s", policy, said());
		abort();
	}
	return pulling_of(&world.ctx, &p->service[0]);
}

static void
policies(void **state) {
	(void)state;
	assert_int_equal(pulling_of(&world.ctx, NULL).pulling, PULLING_MISSING);
	assert_int_equal(wish("missing").pulling, PULLING_MISSING);
	assert_int_equal(wish("if_not_present").pulling, PULLING_MISSING);
	assert_int_equal(wish("always").pulling, PULLING_ALWAYS);
	assert_int_equal(wish("never").pulling, PULLING_NEVER);
	assert_int_equal(wish("build").pulling, PULLING_NEVER);
	assert_int_equal(wish("always").at.col, 39);
	assert_string_equal(said(), "");
}

static void
ages(void **state) {
	static const struct {
		const char *policy;
		int64_t age_s;
	} good[] = {
		{"daily", 86400},
		{"weekly", 604800},
		{"every_12h", 43200},
		{"every_1w2d3h4m5s", 604800 + 2 * 86400 + 3 * 3600 + 4 * 60 + 5},
		{"every_0s", 0},
		{"every_99999999999999999999w", (int64_t)36525 * 86400},
		{"refresh, pull_refresh_after: 24h", 86400},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct pull_wish w = wish(good[i].policy);
		assert_int_equal(w.pulling, PULLING_OLD);
		assert_int_equal(w.old_s, good[i].age_s);
	}
	assert_string_equal(said(), "");
}

/* What is wrong is said, and means what no policy means. */
static void
wrong(void **state) {
	/* what the specification knows of no more is refused when loading: test_consist.c */
	static const char *const loaded[] = {"Always", "''", "every_", "every_12", "every_h",
		"every_1h2", "every_1y", "every_-1h", "daily ago"};
	static const char *const bad[] = {"refresh", "refresh, pull_refresh_after: 1.5h"};

	(void)state;
	for (size_t i = 0; i < COUNT(loaded); i++) {
		assert_null(
			make_text(arena_printf(world.ctx.mem,
					  "services: {a: {image: x, pull_policy: %s}}", loaded[i]),
				NULL));
		assert_said("[bad-pull-policy]");
	}
	world.ctx.diags = diags_new(world.ctx.mem);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(wish(bad[i]).pulling, PULLING_MISSING);
		assert_said("[bad-pull-policy]");
		world.ctx.diags = diags_new(world.ctx.mem);
	}
	wish("daily, pull_refresh_after: 1h");
	assert_said("warning: 'pull_refresh_after' has an effect beside");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(policies),
		world_test(ages),
		world_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
