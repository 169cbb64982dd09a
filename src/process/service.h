/*
 * service: what systemd gives a service that it starts, and wants to hear of
 * it: sockets that are bound already, and signs of life.  Where nothing of the
 * kind is in the environment, nothing is done.  Private to the process floor.
 * Source: sd_listen_fds(3), sd_notify(3).
 */
#ifndef MAINLINE_PROCESS_SERVICE_H
#define MAINLINE_PROCESS_SERVICE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/un.h>

struct service {
	int fd;                     /* datagrams to who started us; -1: none */
	struct sockaddr_un address; /* of theirs */
	int64_t watchdog_ms; /* from one sign of life to the next; 0: none */
	int64_t next_ms;     /* monotonic */
	bool is_ready;       /* that was said */
};

/*
 * The listening unix stream socket that was passed to this process as `name`
 * (FileDescriptorName= of the .socket unit), made non-blocking and closed at
 * exec; -1: none was passed.
 *
 * ERR_INPUT: one was, which is of another kind.
 */
MUST_USE enum err service_socket(char *const *env, const char *name, int *out);

/* Reads whom to tell of our life, and how often. */
struct service service_new(char *const *env);

/* Calls are answered: what waits for us may begin.  Said once. */
void service_say_ready(struct service *service);

/* We end, as we were told to. */
void service_say_stopping(const struct service *service);

/* To be called every 100 ms or so: whoever watches us hears that we live. */
void service_tend(struct service *service);

#endif
