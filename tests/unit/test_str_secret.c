/* test_str_secret.c - names and texts that hold secrets, names the docker command reads. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <stackplan/str.h>

static void
test_secret_names(void **state) {
	(void)state;
	static const char *const secret[] = {"MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", "PASSWORD",
		"password", "DB_PASS", "SMTP_PASSWD", "MYSQL_PWD", "PGPASSWORD", "SSHPASS",
		"API_KEY", "apiKey", "APIKey", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"GITHUB_TOKEN", "JWT_SECRET", "SECRET_KEY_BASE", "db.password",
		"spring.datasource.password", "dbPassword", "SSH_PRIVATE_KEY", "PRIVATE_KEY_PEM",
		"API_KEY_PROD", "REDIS_PASSWORD_1", "PASSWORD2", "GOOGLE_CREDENTIALS",
		"REDISCLI_AUTH", "AUTH_SALT", "ERLANG_COOKIE", "STRIPE_APIKEY", "ENCRYPTION_KEY",
		"VAULT_SECRET_ID", "AUTHTOKEN", "SIGNING_KEYS", "AZURE_STORAGE_CONNECTION_STRING",
		"LICENSE_KEY", "my-token", "A_B_C_D_E_F_G_H_I_J_K_L_M_N_O_P_Q_SECRET",
		"averyveryveryveryveryveryveryverylongnamethatendsinpassword"};
	static const char *const plain[] = {"", "_", "1", "PWD", "OLDPWD", "PATH", "MYSQL_HOST",
		"MYSQL_DATABASE", "MYSQL_USER", "KEYBOARD", "KEYCLOAK_HOST", "KEYMAP", "PUBLIC_KEY",
		"SSH_PUBLIC_KEY", "MYSQL_ROOT_PASSWORD_FILE", "TLS_KEY_FILE", "SSL_KEY_PATH",
		"TOKEN_URL", "TOKEN_EXPIRY", "AWS_ACCESS_KEY_ID", "MYSQL_ALLOW_EMPTY_PASSWORD",
		"MYSQL_RANDOM_ROOT_PASSWORD", "AUTHOR", "AUTHORITY", "PASSENGER_PORT",
		"COMPASS_URL", "BYPASS", "SECRETARY", "MONKEY", "TURKEY_MODE", "TOKENIZER",
		"ENABLE_AUTH", "AUTH_URL", "NO_AUTH", "CACHE_KEY", "PRIMARY_KEY", "PASS_THROUGH",
		"PASSWORD_MIN_LENGTH", "SECRET_NAME", "NODE_ENV", "KEY_FORMAT", "PATTERN",
		"AUTH_METHOD"};
	for (size_t i = 0; i < countof(secret); i++) {
		if (!str_is_secret_name(secret[i]))
			fail_msg("%s is a secret", secret[i]);
	}
	for (size_t i = 0; i < countof(plain); i++) {
		if (str_is_secret_name(plain[i]))
			fail_msg("%s is no secret", plain[i]);
	}
}

static void
test_url_password(void **state) {
	(void)state;
	static const char *const with[] = {"postgres://app:pw@db/app", "redis://:pw@cache:6379",
		"use http://u:p@h and more", "http://plain/ amqp://guest:guest@rabbit:5672/",
		"x=mysql://u:1234@h", "mongodb+srv://u:p%40@h", "mysql://root:pa#ss@db",
		"mysql://root:pa/ss@db"};
	static const char *const without[] = {"", "postgres://db/app", "http://h:80/path",
		"http://user@h", "http://h:80/@scope/x", "http://h/a:b@c", "://:@", "http://u:@h",
		"http://[::1]:80/a@b", "12:30 me@home", "a://b c:d@e", "http://h:8080",
		"http://h?x=a:b@c"};
	for (size_t i = 0; i < countof(with); i++) {
		if (!str_has_url_password(with[i]))
			fail_msg("%s has a password", with[i]);
	}
	for (size_t i = 0; i < countof(without); i++) {
		if (str_has_url_password(without[i]))
			fail_msg("%s has no password", without[i]);
	}
}

static void
test_reserved(void **state) {
	(void)state;
	static const char *const reserved[] = {"DOCKER_HOST", "DOCKER_CONFIG", "BUILDKIT_HOST",
		"BUILDX_BUILDER", "COMPOSE_FILE", "PATH", "HOME", "TMPDIR", "TERM", "HTTP_PROXY",
		"https_proxy", "no_proxy", "ALL_PROXY", "LD_PRELOAD", "LD_LIBRARY_PATH", "GODEBUG",
		"GOMAXPROCS", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "XDG_RUNTIME_DIR",
		"OTEL_EXPORTER_OTLP_ENDPOINT", "LC_ALL", "LANG", "TZ"};
	static const char *const free_names[] = {"", "MYSQL_ROOT_PASSWORD", "PATHS", "MY_PATH",
		"HOMEPAGE", "PROXY", "_PROXY", "MYPROXY", "DOCKER", "path", "TERMINAL", "NODE_ENV",
		"DB_HOST"};
	for (size_t i = 0; i < countof(reserved); i++) {
		if (!str_is_reserved_env(reserved[i]))
			fail_msg("%s is reserved", reserved[i]);
	}
	for (size_t i = 0; i < countof(free_names); i++) {
		if (str_is_reserved_env(free_names[i]))
			fail_msg("%s is not reserved", free_names[i]);
	}
}

int
main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret_names),
		cmocka_unit_test(test_url_password),
		cmocka_unit_test(test_reserved),
	};
	return cmocka_run_group_tests_name("str_secret", tests, NULL, NULL);
}
