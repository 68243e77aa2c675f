/* test_emit_deploy.c - deploy, gpus and the engine's socket as options of docker run. */
#include "plan_help.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void
resources(void **state) {
	static const struct mapped m[] = {
		{"    deploy: {}\n", ""},
		{"    deploy: {resources: {limits: {cpus: '0.50', memory: 64m, pids: 9}, "
		 "reservations: {memory: 32m}}}\n",
			"--cpus 0.5 --memory 67108864 --pids-limit 9 --memory-reservation "
			"33554432"},
		{"    deploy: {resources: {reservations: {memory: 32m}, limits: {pids: -1}}}\n",
			"--pids-limit -1 --memory-reservation 33554432"},
		{"    deploy: {resources: {limits: {cpus: '0', memory: '0', pids: 0}}}\n", ""},
		/* what both say is said once, where the service says it */
		{"    mem_limit: 64m\n    deploy: {resources: {limits: {memory: 64m, pids: 5}}}\n",
			"--memory 67108864 --pids-limit 5"},
		/* zero is not set, so the other one counts */
		{"    cpus: 0\n    deploy: {resources: {limits: {cpus: '2'}}}\n", "--cpus 2"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
}

static void
restarts(void **state) {
	static const struct mapped m[] = {
		{"    deploy: {restart_policy: {condition: any}}\n", "--restart always"},
		{"    deploy: {restart_policy: {condition: always, max_attempts: 0}}\n",
			"--restart always"},
		{"    deploy: {restart_policy: {condition: unless-stopped}}\n",
			"--restart unless-stopped"},
		{"    deploy: {restart_policy: {condition: on-failure}}\n", "--restart on-failure"},
		{"    deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}\n",
			"--restart on-failure:2"},
		{"    restart: always\n    deploy: {restart_policy: {condition: none}}\n", ""},
		{"    restart: always\n    deploy: {restart_policy: {condition: 'no'}}\n", ""},
		{"    deploy: {restart_policy: {condition: on-failure}}\n    restart: always\n",
			"--restart on-failure"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
	assert_string_equal(said(), "");
	assert_non_null(words_of_service("    deploy: {restart_policy: {}}\n", NULL));
	assert_said("5:14: warning: 'restart_policy' without a 'condition' restarts nothing");
	assert_non_null(words_of_service(
		"    deploy: {restart_policy: {condition: any, max_attempts: 2}}\n", NULL));
	assert_said("'max_attempts' counts only with 'condition: on-failure'");
}

static void
requests(void **state) {
	static const struct mapped m[] = {
		{"    gpus: all\n", "--gpus all"},
		{"    gpus: [{count: all}, {count: 0}]\n", "--gpus all --gpus count=0"},
		{"    gpus: [{capabilities: [gpu]}]\n", "--gpus all"},
		{"    gpus: [{device_ids: [a, b], driver: d}]\n", "--gpus \"device=a,b\",driver=d"},
		{"    gpus: [{capabilities: [x, gpu, y], options: {o: p}}]\n",
			"--gpus all,\"capabilities=x,y\",options=o=p"},
		{"    gpus: [{options: {o: 'p,q', r: s}}]\n",
			"--gpus all,\"options=\"\"o=p,q\"\",r=s\""},
		{"    deploy: {resources: {reservations: {devices: [{capabilities: [gpu, x], "
		 "count: 2}]}}}\n",
			"--gpus count=2,capabilities=x"},
	};
	static const struct mapped refused[] = {
		{"    gpus: [{device_ids: ['a,b']}]\n", "5:26: error: docker takes a comma"},
		{"    deploy: {resources: {reservations: {devices: [{capabilities: [tpu]}]}}}\n",
			"[no-form]"},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
	assert_refused(refused, COUNT(refused));
}

static void
the_socket(void **state) {
	static const struct mapped m[] = {
		{"    use_api_socket: true\n",
			"--mount type=bind,src=/var/run/docker.sock,dst=/var/run/docker.sock"},
		{"    use_api_socket: false\n", ""},
	};

	(void)state;
	assert_mapped(m, COUNT(m));
	assert_said("no credentials of registries");
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		world_test(resources),
		world_test(restarts),
		world_test(requests),
		world_test(the_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
