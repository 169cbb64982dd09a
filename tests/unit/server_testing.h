/*
 * server_testing: a server on the loopback, played by child processes, one a
 * connection.
 */
#ifndef TESTS_UNIT_SERVER_TESTING_H
#define TESTS_UNIT_SERVER_TESTING_H

#include "testing.h"

#include <sys/types.h>

struct server {
	pid_t pid;
	char url[64]; /* "http://127.0.0.1:PORT/" */
};

/* `serve` is called in a child with each connection, which ends with it. */
struct server server_begin(void (*serve)(int fd));
void server_end(const struct server *server);

/* A listening socket that nobody accepts from: who connects waits there. */
int server_listen(struct server *out);

void server_say(int fd, const char *words);

/* Reads a request's head, at most `room` bytes with the NUL; false: none. */
bool server_hear(int fd, char *head, size_t room);

#endif
