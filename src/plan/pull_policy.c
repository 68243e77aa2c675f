/* pull_policy.c - what a service says of pulling its image: pull_policy, and pull_refresh_after beside it.
 * Starts at pulling_of(). How old an image is only an engine knows: here an age is no more than a number of seconds. */
#include "plan_int.h"
#include <stackplan/diag.h>
#include <stackplan/node.h>
#include <stackplan/str.h>
#include <string.h>

/* Ages longer than a century are as good as a century. */
enum { LONGEST_DAYS = 36525, DAY_S = 86400 };

/* The seconds of a unit: w d h m s; 0 for other letters. */
static int64_t
unit_s(char unit) {
	return unit == 'w'   ? (int64_t)7 * DAY_S
	       : unit == 'd' ? DAY_S
	       : unit == 'h' ? 3600
	       : unit == 'm' ? 60
	       : unit == 's' ? 1
			     : 0;
}

/* Read an age such as "12h" or "1w3d" into *OUT, in seconds. */
static bool
age_s(const char *text, int64_t *out) {
	const int64_t longest = (int64_t)LONGEST_DAYS * DAY_S;
	int64_t sum = 0;

	if (!*text)
		return false;
	while (*text) {
		size_t n = strspn(text, "0123456789");
		int64_t count = 0, unit = unit_s(text[n]);
		if (n == 0 || unit == 0)
			return false;
		for (size_t i = 0; i < n && count <= longest; i++)
			count = 10 * count + (text[i] - '0');
		sum += count > longest / unit ? longest : count * unit;
		sum = sum > longest ? longest : sum;
		text += n + 1;
	}
	*out = sum;
	return true;
}

/* The age that `pull_refresh_after` gives, for a policy that asks for it. */
static bool
refresh_age(struct ctx *ctx, const struct service *s, const struct node *policy, int64_t *out) {
	const struct node *after = node_find(s->tree, "pull_refresh_after");

	if (!after || !*node_text(after))
		diag(ctx, SEV_ERROR, policy->at, "bad-pull-policy",
			"'pull_policy: refresh' wants a 'pull_refresh_after' beside it, such as "
			"24h");
	else if (!age_s(node_text(after), out))
		diag(ctx, SEV_ERROR, after->at, "bad-pull-policy",
			"'pull_refresh_after' wants an age such as 12h, 1d or 2w, not \"%s\"",
			node_text(after));
	else
		return true;
	return false;
}

/* An age that no policy asks for. */
static void
note_unused_age(struct ctx *ctx, const struct service *s) {
	const struct node *after = node_find(s->tree, "pull_refresh_after");

	if (after && *node_text(after))
		diag(ctx, SEV_WARNING, after->at, "no-effect",
			"'pull_refresh_after' has an effect beside 'pull_policy: refresh' only");
}

/* The policies that are an age. False for what is none of them, or is wrong. */
static bool
age_of(struct ctx *ctx, const struct service *s, const struct node *policy, int64_t *out) {
	const char *text = node_text(policy);

	if (str_eq(text, "refresh"))
		return refresh_age(ctx, s, policy, out);
	*out = str_eq(text, "daily") ? DAY_S : (int64_t)7 * DAY_S;
	if (str_eq(text, "daily") || str_eq(text, "weekly") ||
		(str_starts(text, "every_") && age_s(text + strlen("every_"), out)))
		return true;
	diag(ctx, SEV_ERROR, policy->at, "bad-pull-policy",
		"'pull_policy' wants always, missing, never, build, daily, weekly or a time such "
		"as every_12h, not \"%s\"",
		text);
	return false;
}

struct pull_wish
pulling_of(struct ctx *ctx, const struct service *s) {
	const struct node *policy = s ? node_find(s->tree, "pull_policy") : NULL;
	const char *text = node_text(policy);
	struct pull_wish w = {.pulling = PULLING_MISSING};

	if (s && !str_eq(text, "refresh"))
		note_unused_age(ctx, s);
	if (!policy || !*text)
		return w;
	w.at = policy->at;
	if (str_eq(text, "always"))
		w.pulling = PULLING_ALWAYS;
	else if (str_in("never build", text))
		w.pulling = PULLING_NEVER;
	else if (!str_in("missing if_not_present", text) && age_of(ctx, s, policy, &w.old_s))
		w.pulling = PULLING_OLD;
	return w;
}
