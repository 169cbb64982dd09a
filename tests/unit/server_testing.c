/* server_testing: a server on the loopback. */
#include "server_testing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void
server_say(int fd, const char *words)
{
	(void)!write(fd, words, strlen(words));
}

/* By single bytes, so that the body stays where it is. */
bool
server_hear(int fd, char *head, size_t room)
{
	size_t n = 0;

	while (n + 1 < room) {
		if (read(fd, head + n, 1) != 1)
			return false;
		head[++n] = '\0';
		if (n >= 4 && strcmp(head + n - 4, "\r\n\r\n") == 0)
			return true;
	}
	return false;
}

int
server_listen(struct server *out)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 5), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	(void)snprintf(out->url, sizeof(out->url), "http://127.0.0.1:%d/",
	    ntohs(at.sin_port));
	return fd;
}

struct server
server_begin(void (*serve)(int fd))
{
	struct server server;
	const int fd = server_listen(&server);

	server.pid = fork();
	if (server.pid == 0) {
		(void)setpgid(0, 0); /* so that all of it can be ended */
		(void)prctl(
		    PR_SET_PDEATHSIG, SIGKILL); /* a failed test's too */
		for (;;) {
			const int peer = accept(fd, NULL, NULL);

			if (fork() == 0) {
				serve(peer);
				_exit(0);
			}
			(void)close(peer);
		}
	}
	(void)setpgid(server.pid, server.pid);
	(void)close(fd);
	return server;
}

void
server_end(const struct server *server)
{
	(void)kill(-server->pid, SIGKILL);
	(void)waitpid(server->pid, NULL, 0);
}
