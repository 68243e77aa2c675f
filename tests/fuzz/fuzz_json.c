/* fuzz_json.c - any bytes as an engine's JSON: they are refused with a reason, or what is read can be written and read again. */
#include "../../src/data/data_int.h"
#include <stackplan/arena.h>
#include <stackplan/buf.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A fraction such as 6.0 is written as a whole number: there is no tree to compare, but what was read once can be read again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *mem = arena_new();
	struct buf b = {0};
	const char *why = NULL;
	struct node *n = json_read(mem, (const char *)data, size, &why);

	if ((n == NULL) != (why != NULL))
		abort();
	for (int i = 0; n != NULL && i < 2; i++) {
		buf_clear(&b);
		json_write(&b, n, 0);
		n = json_read(mem, b.s, b.n, &why);
		if (n == NULL)
			abort();
	}
	buf_free(&b);
	arena_free(mem);
	return 0;
}
