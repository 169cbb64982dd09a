/*
 * fcgi: requests from nginx over FastCGI; the only user of libfcgi.
 * Floor: http.  Source:
 * https://fastcgi-archives.github.io/FastCGI_Specification.html
 *
 * libfcgi takes a signal in the middle of a read for the end of the request and
 * reports success.  So the caller keeps all signals blocked while it is in
 * here, and the listening socket is non-blocking: fcgi_accept() never waits for
 * a connection.
 */
#ifndef MAINLINE_HTTP_FCGI_H
#define MAINLINE_HTTP_FCGI_H

#include "http/http.h"

struct fcgi;

/*
 * Once a process, before the first fork or after it: the timeouts of libfcgi's
 * own waits, which its defaults make two seconds each.
 */
void fcgi_init(void);

/*
 * For one listening socket, which is borrowed.  It lives in `arena`;
 * fcgi_close() frees what libfcgi has allocated.
 */
struct fcgi *fcgi_new(struct arena *arena, int listen_fd);
void fcgi_close(struct fcgi *fcgi);

/*
 * Takes the next request: all but its body.
 *
 * ERR_OK    `*req` is filled in; fcgi_finish() must follow
 * ERR_BUSY  no connection is waiting (another worker was faster)
 * ERR_INPUT the connection ended before the request was whole; it is closed
 * ERR_BUG   the listening socket is of no use any more
 */
MUST_USE enum err fcgi_accept(
    struct fcgi *fcgi, struct arena *arena, struct log *log, struct req *req);

/*
 * Reads the body, of `req->content_length` bytes, which the caller has compared
 * with its cap.  ERR_INPUT: fewer came, and `req->cut_off` says so.
 */
MUST_USE enum err fcgi_read_body(struct fcgi *fcgi, struct req *req);

/*
 * Sends the answer and ends the request.  With `head` the body is left out, its
 * length is told.  ERR_INPUT: the other side has gone; what was committed
 * stays.
 */
MUST_USE enum err fcgi_finish(
    struct fcgi *fcgi, const struct resp *resp, bool head);

/*
 * The same bit by bit, for an answer whose `rest` is asked for as it is sent:
 * head and body, then pieces, then fcgi_end(); or fcgi_abort() when there is no
 * more to be had, or nobody to take it (ERR_INPUT, when a piece takes over
 * 4 s).
 */
MUST_USE enum err fcgi_begin(struct fcgi *fcgi, const struct resp *resp);
MUST_USE enum err fcgi_piece(struct fcgi *fcgi, struct str piece);
void fcgi_end(struct fcgi *fcgi);

/*
 * Ends the request without an answer: nginx says 502.  Where it has begun to
 * pass one on, it cuts the client's connection, or resets the stream.
 */
void fcgi_abort(struct fcgi *fcgi);

#endif
