/*
 * supervisor: keeps two pools of workers alive.
 * Floor: process.
 *
 * TERM and INT: the sockets' names go away, the workers answer what still waits
 * and end; what has not ended after SUPERVISOR_STOP_MS is killed.  HUP: the
 * configuration is read again and a new generation of workers is started; the
 * old one goes when the new one is ready, and stays if it never is.  A worker
 * that dies is replaced at once, one that keeps dying more and more slowly.  A
 * request that takes longer than SUPERVISOR_REQUEST_MS costs its worker its
 * life; of an answer that is sent piece by piece, each piece has as long.
 */
#ifndef MAINLINE_PROCESS_SUPERVISOR_H
#define MAINLINE_PROCESS_SUPERVISOR_H

#include "base/arena.h"
#include "base/log.h"
#include "io/conf.h"

#define SUPERVISOR_REQUEST_MS 5000
#define SUPERVISOR_STOP_MS 4500

/*
 * Serves until told to stop; `env` is read again at each HUP.  Gives the exit
 * status: 0 stopped as told, 1 could not begin (the log says why).
 */
int supervisor_run(const struct conf *conf, char *const *env);

#endif
