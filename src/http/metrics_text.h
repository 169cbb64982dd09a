/*
 * metrics_text: Prometheus's text format, and the parts of /metrics.
 * Private to the http floor.
 */
#ifndef MAINLINE_HTTP_METRICS_TEXT_H
#define MAINLINE_HTTP_METRICS_TEXT_H

#include "base/buf.h"
#include "base/str.h"
#include "http/figures.h"

/* HELP and TYPE; the samples of the name follow. */
void metrics_family(
    struct buf *b, const char *name, const char *type, const char *help);

/* name="value", with what ends or escapes a value escaped. */
void metrics_label(struct buf *b, const char *name, struct str value);

/* Latency, statuses, and workers that failed. */
void metrics_add_webhooks(struct buf *b, const struct figures *figures);

#endif
