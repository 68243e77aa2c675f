/* port.c - is a port of this machine free? It is tried, the way the engine's own proxy would take it. */
#include "base_int.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stackplan/path.h>
#include <stackplan/proc.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The address in binary; any address of version 4 for "". Its length, 0 for what is no address. */
static socklen_t
address(const char *ip, uint16_t port, struct sockaddr_storage *out) {
	struct sockaddr_in *four = (struct sockaddr_in *)out;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (!*ip || inet_pton(AF_INET, ip, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, ip, &six->sin6_addr) != 1)
		return 0;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(port);
	return sizeof(*six);
}

bool
port_is_taken(const char *ip, uint16_t port, bool udp) {
	struct sockaddr_storage at;
	socklen_t n = address(ip, port, &at);
	int on = 1,
	    fd = n ? socket(at.ss_family, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0) : -1;
	bool taken;

	if (fd < 0)
		return false;
	/* as listeners do: connections that are ending are in nobody's way */
	if (!udp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	taken = bind(fd, (struct sockaddr *)&at, n) != 0 && errno == EADDRINUSE;
	close(fd);
	return taken;
}
