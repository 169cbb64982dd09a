/* api: the JSON API's handlers.  Private to the http floor. */
#ifndef MAINLINE_HTTP_API_H
#define MAINLINE_HTTP_API_H

#include "http/http.h"

/* GET /api/calls: the feed, newest first. */
enum err api_calls_list(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/calls/{sid}: one call with its steps, legs and events. */
enum err api_calls_get(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/calls.csv: all of it, for a spreadsheet. */
enum err api_calls_csv(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* DELETE /api/calls/{sid}: erases it, here and at Twilio. */
enum err api_calls_delete(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* 404: no call has the path's SID.  Gives back ERR_NOT_FOUND. */
enum err resp_no_call(struct resp *resp, const struct req *req);

/* PATCH /api/calls/{sid} and /api/calls: heard, done, a note. */
enum err api_call_mark(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_calls_mark(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/lines: the company's numbers. */
enum err api_lines_list(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/blocks, and GET, PUT and DELETE /api/blocks/{number}. */
enum err api_blocks_list(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_block_get(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_block_put(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_block_delete(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/*
 * POST /api/session: signs in, with a cookie, who has a name and its password,
 * a one-time link, or a token.
 */
enum err api_session_open(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/session: who is signed in, or whose token it is. */
enum err api_session_get(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* DELETE /api/session: signs out. */
enum err api_session_close(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* DELETE /api/sessions: signs out everywhere. */
enum err api_sessions_end(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* 429: the name has to wait so long.  Gives back ERR_TOO_MANY. */
enum err resp_locked(struct resp *resp, const struct req *req, int wait_s);

/* PUT /api/session/password: chooses a password. */
enum err api_password_set(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/users: who may sign in. */
enum err api_users_list(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/recordings/{sid}.mp3 and .wav: its audio, from Twilio. */
enum err api_recording_mp3(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_recording_wav(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/live: where the latest changes are, a file that nginx serves. */
enum err api_live(const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET and POST /api/doctor: what the last look found, and another look. */
enum err api_doctor_get(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_doctor_ask(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/stats: the figures of some days. */
enum err api_stats(const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/feed.atom: the messages, for a feed reader. */
enum err api_feed_atom(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET, POST and DELETE /api/feed: the address of one's own. */
enum err api_feed_get(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_feed_make(
    const struct ctx *ctx, struct req *req, struct resp *resp);
enum err api_feed_revoke(
    const struct ctx *ctx, struct req *req, struct resp *resp);

#endif
