/*
 * compiler: the few attributes and macros that every file may use.
 * Floor: base.
 */
#ifndef MAINLINE_BASE_COMPILER_H
#define MAINLINE_BASE_COMPILER_H

/* The caller decides something by the value; ignoring it is a bug. */
#define MUST_USE __attribute__((warn_unused_result))

#define NORETURN __attribute__((noreturn))

/* `fmt` and `args` are the positions, from 1, of the format and its values. */
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* For true arrays only, never for a pointer. */
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
