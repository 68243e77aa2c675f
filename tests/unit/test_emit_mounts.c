/* test_emit_mounts.c - "-v" and "--mount", and volumes_from. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
mounts(void **state) {
	static const struct mapped m[] = {
		{"    volumes: ['/h:/c']\n", "-v /h:/c"},
		{"    volumes: ['/:/c:ro']\n", "-v /:/c:ro"},
		{"    volumes: ['/h:/c:ro,z']\n", "-v /h:/c:ro,z"},
		{"    volumes: ['data:/c']\nvolumes: {data: }\n", "-v myapp_data:/c"},
		{"    volumes: ['data:/c:nocopy']\nvolumes: {data: }\n", "-v myapp_data:/c:nocopy"},
		{"    volumes: [/c]\n", "--mount type=volume,dst=/c"},
		{"    volumes: [{type: bind, source: /h, target: /c, bind: {create_host_path: "
		 "false}}]\n",
			"--mount type=bind,src=/h,dst=/c"},
		{"    volumes: [{type: bind, source: /h, target: /c}]\n", "-v /h:/c"},
		{"    volumes: [{type: bind, source: '/a,b', target: '/c\"d', bind: "
		 "{create_host_path: false}}]\n",
			"--mount type=bind,\"src=/a,b\",\"dst=/c\"\"d\""},
		{"    volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1k, mode: 0755}}]\n",
			"--mount type=tmpfs,dst=/t,tmpfs-size=1024,tmpfs-mode=755"},
		{"    volumes: [{type: volume, source: d, target: /c, read_only: true, volume: "
		 "{subpath: s}}]\nvolumes: {d: }\n",
			"--mount type=volume,src=myapp_d,dst=/c,readonly,volume-subpath=s"},
		{"    volumes_from: ['b:ro', 'container:c']\n  b: {image: x}\n",
			"--volumes-from myapp-b-1:ro --volumes-from c"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
}

/* Docker would not make a folder whose path has a colon. */
static void
colon_is_told(void **state) {
	(void)state;
	assert_string_equal(
		words_of_service("    volumes: [{type: bind, source: '/a:b', target: /c}]\n", NULL),
		"--network none --mount type=bind,src=/a:b,dst=/c");
	assert_said("warning: docker makes no missing folder");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(mounts),
		world_test(colon_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
