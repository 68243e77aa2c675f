/* test_graph.c - the order of steps: needs first, the present order otherwise, however many there are. */
#include "../../src/plan/plan_int.h"
#include "plan_help.h"

/* A plan of N steps that need nothing yet. */
static struct plan *
blank(size_t n) {
	struct plan *p = arena_make(world.ctx.mem, struct plan);

	*p = (struct plan){.engine = engine_find("docker")};
	for (size_t i = 0; i < n; i++) {
		struct step *s = step_new(&world.ctx, p, ACT_RUN, NULL);

		s->batch = (uint32_t)i; /* where it was */
		plan_append(&world.ctx, p, s);
	}
	return p;
}

/* Every step stands after what it needs, and is numbered by its place. */
static void
assert_order(const struct plan *p) {
	for (size_t i = 0; i < p->nstep; i++) {
		assert_int_equal(p->step[i]->id, i + 1);
		for (size_t k = 0; k < p->step[i]->nneed; k++)
			assert_true(p->step[i]->need[k]->id < p->step[i]->id);
	}
}

static uint32_t
next_random(uint32_t *seed) {
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	return *seed ^= *seed << 5;
}

static struct plan *
random_plan(uint32_t seed) {
	size_t n = 1 + next_random(&seed) % 60;
	struct plan *p = blank(n);
	size_t place[60];

	for (size_t i = 0; i < n; i++)
		place[i] = i;
	for (size_t i = n; i > 1; i--) {
		size_t k = next_random(&seed) % i, x = place[i - 1];
		place[i - 1] = place[k];
		place[k] = x;
	}
	for (size_t i = 0; i < 2 * n; i++) {
		size_t a = next_random(&seed) % n, b = next_random(&seed) % n;
		if (a > b)
			step_need(&world.ctx, p->step[place[a]], p->step[place[b]]);
	}
	return p;
}

/* The first step that could stand at each place does. */
static void
assert_stable(const struct plan *p) {
	for (size_t i = 0; i + 1 < p->nstep; i++)
		for (size_t k = i + 1; k < p->nstep; k++) {
			bool ready = true;
			for (size_t j = 0; j < p->step[k]->nneed; j++)
				ready = ready && p->step[k]->need[j]->id <= i;
			if (ready && p->step[k]->batch < p->step[i]->batch)
				fail_msg("step %zu could have come before %zu", k, i);
		}
}

static void
random_graphs(void **state) {
	(void)state;
	for (uint32_t seed = 1; seed <= 300; seed++) {
		struct plan *p = random_plan(seed), *again = random_plan(seed);

		plan_order(&world.ctx, p);
		plan_order(&world.ctx, again);
		assert_order(p);
		assert_stable(p);
		for (size_t i = 0; i < p->nstep; i++)
			assert_int_equal(p->step[i]->batch, again->step[i]->batch);
		plan_order(&world.ctx, again);
		for (size_t i = 0; i < p->nstep; i++)
			assert_int_equal(p->step[i]->batch, again->step[i]->batch);
	}
}

static void
without_needs(void **state) {
	struct plan *p = blank(100), *none = blank(0);

	(void)state;
	plan_order(&world.ctx, p);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(p->step[i]->batch, i);
	plan_order(&world.ctx, none);
	assert_int_equal(none->nstep, 0);
}

/* A chain turned round, and one step that needs all the others. */
static void
long_chain(void **state) {
	enum { N = 50000 };
	struct plan *p = blank(N);

	(void)state;
	for (size_t i = 0; i + 1 < N; i++)
		step_need(&world.ctx, p->step[i], p->step[i + 1]);
	for (size_t i = 2; i < N; i++)
		step_need(&world.ctx, p->step[0], p->step[i]);
	plan_order(&world.ctx, p);
	assert_order(p);
	assert_int_equal(p->step[0]->batch, N - 1);
	assert_int_equal(p->step[N - 1]->batch, 0);
	assert_int_equal(p->step[N - 1]->nneed, N - 1);
}

static void
needs_of_a_step(void **state) {
	struct plan *p = blank(2);
	struct step *s = p->step[0];

	(void)state;
	step_need(&world.ctx, s, NULL);
	step_need(&world.ctx, s, s);
	assert_int_equal(s->nneed, 0);
	step_need(&world.ctx, s, p->step[1]);
	step_need(&world.ctx, s, p->step[1]);
	assert_int_equal(s->nneed, 1);
	step_text(&world.ctx, s, "run  -d");
	step_push(&world.ctx, s, "a b", s->at);
	assert_int_equal(s->argv.n, 4);
	assert_string_equal(joined(&s->argv), "docker run -d a b");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(random_graphs),
		world_test(without_needs),
		world_test(long_chain),
		world_test(needs_of_a_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
