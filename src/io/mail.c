/*
 * mail: letters through libcurl's SMTP.  Floor: io.
 * Source: https://www.rfc-editor.org/rfc/rfc5321
 */
#include "io/mail.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/mail_header.h"
#include "codec/url.h"
#include "codec/utf8.h"
#include "curl_handle.h"
#include "io/conf.h"
#include "mail_account.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define TEXT_MAX_BYTES ((size_t)1024 * 1024)
#define REPLY_MAX_BYTES 200

struct sending {
	struct arena *arena;
	const struct conf *conf;
	const struct mail *mail;
	struct mailbox from;
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *headers, *recipients;
	int64_t attachment_sent;
	char reply[REPLY_MAX_BYTES + 1]; /* the server's last line */
	char error[CURL_ERROR_SIZE];
};

/* A word of printable ASCII, without what ends it in a header? */
static bool
is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~' ||
		    strchr("<>\"\\;", s.p[i]) != NULL)
			return false;
	}
	return s.n > 0;
}

static bool
is_name(const char *name)
{
	return *name != '\0' &&
	    name[strspn(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-")] == '\0';
}

static enum err
check(const struct sending *s, const char **why)
{
	const struct mail *const mail = s->mail;

	*why = "there must be 1 to 32 recipients";
	if (mail->n_to == 0 || mail->n_to > MAIL_MAX_RECIPIENTS)
		return ERR_INPUT;
	for (size_t i = 0; i < mail->n_to; i++) {
		*why = "a recipient is no mail address";
		if (!mail_address_is_good(mail->to[i]))
			return ERR_INPUT;
	}
	*why = "the message id is none";
	if (!is_word(mail->message_id))
		return ERR_INPUT;
	*why = "the attachment's content type is none";
	if (mail->attachment != NULL &&
	    !is_word(mail->attachment->content_type))
		return ERR_INPUT;
	*why = "a header's name is none";
	for (size_t i = 0; i < mail->n_headers; i++) {
		if (!is_name(mail->headers[i].name))
			return ERR_INPUT;
	}
	*why = "";
	return ERR_OK;
}

static void
append(struct curl_slist **list, struct str line)
{
	struct curl_slist *const more = curl_slist_append(*list, line.p);

	if (more == NULL)
		abort();
	*list = more;
}

static void
add_header(struct sending *s, const char *name, struct str value)
{
	append(&s->headers,
	    str_format(s->arena, "%s: %.*s", name, STR_ARG(value)));
}

/* Folded: a line has at most 998 bytes. */
static struct str
list_recipients(struct arena *arena, const struct mail *mail)
{
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	for (size_t i = 0; i < mail->n_to; i++) {
		if (i > 0)
			buf_add(&out, STR(",\r\n "));
		buf_add(&out, mail->to[i]);
	}
	return buf_str(&out);
}

static void
add_headers(struct sending *s)
{
	const struct mail *const mail = s->mail;

	add_header(s, "Date", date_rfc2822(s->arena, mail->date_us));
	add_header(s, "From", mailbox_format(s->arena, &s->from));
	add_header(s, "To", list_recipients(s->arena, mail));
	add_header(s, "Subject", mail_header_text(s->arena, mail->subject));
	add_header(s, "Message-ID",
	    str_format(s->arena, "<%.*s>", STR_ARG(mail->message_id)));
	for (size_t i = 0; i < mail->n_headers; i++) {
		const struct str value =
		    mail_header_text(s->arena, mail->headers[i].value);

		if (value.n > 0)
			add_header(s, mail->headers[i].name, value);
	}
	(void)curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
}

static void
add_envelope(struct sending *s)
{
	const struct mail *const mail = s->mail;

	(void)curl_easy_setopt(s->easy, CURLOPT_MAIL_FROM,
	    str_format(s->arena, "<%.*s>", STR_ARG(s->from.address)).p);
	for (size_t i = 0; i < mail->n_to; i++)
		append(&s->recipients,
		    str_format(s->arena, "<%.*s>", STR_ARG(mail->to[i])));
	(void)curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, s->recipients);
}

/* UTF-8 whose lines end as the protocol wants them. */
static struct str
body_text(struct arena *arena, struct str text)
{
	struct str rest = utf8_clean(arena, text);
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	while (rest.p != NULL) {
		struct str line = str_split(&rest, '\n');

		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		buf_add(&out, line);
		if (rest.p != NULL)
			buf_add(&out, STR("\r\n"));
	}
	return buf_str(&out);
}

/* libcurl's: the next piece of the attachment is wanted. */
static size_t
give_piece(char *out, size_t size, size_t n, void *arg)
{
	struct sending *const s = arg;
	const struct mail_attachment *const a = s->mail->attachment;
	const int64_t left = a->length - s->attachment_sent;
	ssize_t got;

	if (left <= 0)
		return 0;
	do {
		got = pread(a->fd, out,
		    left < (int64_t)(size * n) ? (size_t)left : size * n,
		    (off_t)s->attachment_sent);
	} while (got < 0 && errno == EINTR);
	if (got <= 0) /* shorter than was told */
		return CURL_READFUNC_ABORT;
	s->attachment_sent += got;
	return (size_t)got;
}

/* libcurl's: once more. */
static int
rewind_to(void *arg, curl_off_t offset, int origin)
{
	struct sending *const s = arg;

	if (origin != SEEK_SET || offset < 0)
		return CURL_SEEKFUNC_FAIL;
	s->attachment_sent = offset;
	return CURL_SEEKFUNC_OK;
}

static const char *
file_name(struct arena *arena, struct str name)
{
	char *const out = str_cstr(arena, name);

	for (char *p = out; *p != '\0'; p++) {
		if (strchr(
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789.-_ ",
			*p) == NULL)
			*p = '_';
	}
	return out;
}

static void
add_parts(struct sending *s)
{
	const struct mail_attachment *const a = s->mail->attachment;
	const struct str text = body_text(s->arena, s->mail->text);
	curl_mimepart *part;

	s->mime = curl_mime_init(s->easy);
	part = curl_mime_addpart(s->mime);
	(void)curl_mime_data(part, text.p == NULL ? "" : text.p, text.n);
	(void)curl_mime_type(part, "text/plain; charset=utf-8");
	(void)curl_mime_encoder(part, "quoted-printable");
	if (a != NULL) {
		part = curl_mime_addpart(s->mime);
		(void)curl_mime_data_cb(
		    part, a->length, give_piece, rewind_to, NULL, s);
		(void)curl_mime_filename(part, file_name(s->arena, a->name));
		(void)curl_mime_type(part, str_cstr(s->arena, a->content_type));
		(void)curl_mime_encoder(part, "base64");
	}
	(void)curl_easy_setopt(s->easy, CURLOPT_MIMEPOST, s->mime);
}

/*
 * libcurl's: a line of the server's; what cannot be shown is left out.  What it
 * says to our goodbye (221) does not hide why we left.
 */
static size_t
hear_line(char *bytes, size_t size, size_t n, void *arg)
{
	struct sending *const s = arg;
	size_t at = 0;

	if (size * n >= 3 && memcmp(bytes, "221", 3) == 0)
		return size * n;
	for (size_t i = 0; i < size * n && at < REPLY_MAX_BYTES; i++) {
		if (bytes[i] >= ' ' && bytes[i] <= '~')
			s->reply[at++] = bytes[i];
	}
	s->reply[at] = '\0';
	return size * n;
}

/* libcurl's: only where nobody asked for the bytes. */
static size_t
drop(char *bytes, size_t size, size_t n, void *arg)
{
	(void)bytes;
	(void)arg;
	return size * n;
}

static enum err
add_server(struct sending *s, int64_t deadline_ms)
{
	const struct conf *const conf = s->conf;
	const int left_ms = clock_left_ms(deadline_ms);
	struct url url;

	if (url_parse(str_of(conf->smtp_url), &url) != ERR_OK)
		return ERR_BUG; /* conf has checked it */
	(void)curl_easy_setopt(s->easy, CURLOPT_URL, conf->smtp_url);
	(void)curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	(void)curl_easy_setopt(s->easy, CURLOPT_USE_SSL,
	    (long)(url_is_loopback(&url) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	(void)curl_easy_setopt(
	    s->easy, CURLOPT_TIMEOUT_MS, (long)(left_ms > 0 ? left_ms : 1));
	(void)curl_easy_setopt(s->easy, CURLOPT_HEADERFUNCTION, hear_line);
	(void)curl_easy_setopt(s->easy, CURLOPT_HEADERDATA, s);
	(void)curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, drop);
	if (conf->smtp_user != NULL) {
		(void)curl_easy_setopt(
		    s->easy, CURLOPT_USERNAME, conf->smtp_user);
		(void)curl_easy_setopt(
		    s->easy, CURLOPT_PASSWORD, conf->smtp_password);
	}
	return ERR_OK;
}

/* The server's words, unless they tell the password. */
static const char *
words_of(struct sending *s, const char *otherwise)
{
	const struct mail_account account = {
		.user = s->conf->smtp_user,
		.password = s->conf->smtp_password,
	};

	if (s->reply[0] == '\0' ||
	    mail_tells_password(s->arena, str_of(s->reply), &account))
		return otherwise;
	return str_format(s->arena, "%s (the server: %s)", otherwise, s->reply)
	    .p;
}

static enum err
judge(struct sending *s, CURLcode result, const char **why)
{
	const char *const error = s->error[0] == '\0'
	    ? curl_easy_strerror(result)
	    : str_cstr(s->arena, str_of(s->error));

	*why = "";
	if (result == CURLE_OK)
		return ERR_OK;
	*why = words_of(s, error);
	switch ((int)result) {
	case CURLE_ABORTED_BY_CALLBACK:
	case CURLE_READ_ERROR:
		*why = "the attachment is shorter than told";
		return ERR_INPUT;
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_WEIRD_SERVER_REPLY:
		/* 53x is about us, not about the letter (RFC 4954, 6). */
		return s->reply[0] == '5' && strncmp(s->reply, "53", 2) != 0
		    ? ERR_INPUT
		    : ERR_BUSY;
	default:
		return ERR_BUSY;
	}
}

static void
end(struct sending *s)
{
	/* It still says goodbye, and hears. */
	curl_handle_free(s->easy);
	curl_mime_free(s->mime);
	curl_slist_free_all(s->headers);
	curl_slist_free_all(s->recipients);
}

enum err
mail_send(struct arena *arena, const struct conf *conf, const struct mail *mail,
    int64_t deadline_ms, const char **why)
{
	struct sending s = { .arena = arena, .conf = conf, .mail = mail };
	enum err e = check(&s, why);

	if (e != ERR_OK)
		return e;
	*why = "MAINLINE_SMTP_FROM is no mail address";
	if (mailbox_parse(str_of(conf->smtp_from), &s.from) != ERR_OK)
		return ERR_INPUT;
	s.easy = curl_handle_new(conf->ca_file, s.error);
	e = add_server(&s, deadline_ms);
	if (e == ERR_OK) {
		add_envelope(&s);
		add_headers(&s);
		add_parts(&s);
		e = judge(&s, curl_easy_perform(s.easy), why);
	}
	end(&s);
	return e;
}
