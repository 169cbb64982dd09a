/*
 * csv: the one writer of CSV.  Pure.
 * Floor: codec.  Source: RFC 4180; on formulas
 * https://owasp.org/www-community/attacks/CSV_Injection
 *
 * Cells with commas between, a CR LF behind each row; a cell is put into
 * double quotes where it must be: where it holds a comma, a double quote, a CR
 * or an LF, and where its blanks at either end might be taken away.
 *
 * Anybody can call and say "=HYPERLINK(...)", and somebody opens the file with
 * a spreadsheet, which runs what begins like a formula.  So an apostrophe
 * stands before what would: "=", "+", "-" or "@", each also in its full width,
 * behind any blanks and double quotes; before a TAB, CR or LF that begins a
 * cell; and inside a cell behind ";", TAB, CR or LF, where a spreadsheet whose
 * separator is another one has the next cell begin.
 *
 * A telephone number in E.164 stays as it is: a sign and digits are a number
 * and do nothing, and with an apostrophe no program would know it.  A
 * spreadsheet shows it without its plus unless the column is read as text.
 */
#ifndef MAINLINE_CODEC_CSV_H
#define MAINLINE_CODEC_CSV_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

/*
 * What a program that reads UTF-8 may find at a file's beginning, and Excel
 * must: without it, it takes the file for the system's old character set.
 */
#define CSV_BOM "\xef\xbb\xbf"

struct csv {
	struct buf *out; /* borrowed */
	bool in_row;     /* a cell is written, the row's end is not */
};

void csv_init(struct csv *w, struct buf *out);

/*
 * One more cell of the row.  An absent text is an empty cell.  The text is
 * written as it is but for the apostrophes: what is not UTF-8 stays so.
 */
void csv_cell(struct csv *w, struct str text);

/* Ends the row. */
void csv_end(struct csv *w);

#endif
