/*
 * golden_schema: every TwiML of the golden cases is valid against the schema made
 * of Twilio's own types, and keeps the rules that a schema cannot tell.
 */
#include "case.h"
#include "rules.h"

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <stdio.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)256 * 1024)
#define DOCUMENT_MAX_BYTES 64000

static xmlSchema *
read_schema(void)
{
	xmlSchemaParserCtxt *const parser = xmlSchemaNewParserCtxt(SCHEMA);
	xmlSchema *const schema =
	    parser == NULL ? NULL : xmlSchemaParse(parser);

	xmlSchemaFreeParserCtxt(parser);
	return schema;
}

static const char *
check(xmlSchema *schema, struct str twiml)
{
	xmlDoc *const doc =
	    xmlReadMemory(twiml.p, (int)twiml.n, NULL, NULL, XML_PARSE_NONET);
	xmlSchemaValidCtxt *const valid = xmlSchemaNewValidCtxt(schema);
	const char *wrong = NULL;

	if (doc == NULL)
		wrong = "no XML";
	else if (xmlSchemaValidateDoc(valid, doc) != 0)
		wrong = "not valid against the schema";
	else if (twiml.n > DOCUMENT_MAX_BYTES)
		wrong = "too long";
	else
		wrong = rules_check(doc);
	xmlSchemaFreeValidCtxt(valid);
	xmlFreeDoc(doc);
	return wrong;
}

/* For what is meant to be refused. */
static void
say_nothing(void *data, const char *fmt, ...)
{
	(void)data;
	(void)fmt;
}

/* The schema is one that refuses, or the rest would tell nothing. */
static const char *
check_the_checker(xmlSchema *schema)
{
	static const char *const refused[] = {
		"<Response><Foo/></Response>",
		"<Response><say>x</say></Response>",
		"<Response><Dial answeronbridge=\"true\"/></Response>",
		"<Response><Gather><Dial/></Gather></Response>",
		"<Response><Pause length=\"700\"/></Response>",
		"<Response><Hangup/><Hangup/></Response>",
		"<Response><Say>x</Say><Reject/></Response>",
		"<Response>",
	};
	const char *passed = NULL;

	xmlSetGenericErrorFunc(NULL, say_nothing);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (check(schema, str_of(refused[i])) == NULL)
			passed = refused[i];
	}
	xmlSetGenericErrorFunc(NULL, NULL);
	return passed;
}

static int
run_case(struct arena *arena, xmlSchema *schema, const char *path)
{
	const struct golden_case c = case_read(arena, path);
	const struct answer a = case_answer(arena, &c);
	const char *wrong;

	if (a.reply.twiml.p == NULL) {
		if (!event_kind_is_voice(a.ev.kind))
			return 0;
		wrong = "there is none";
	} else {
		wrong = check(schema, a.reply.twiml);
	}
	if (wrong != NULL)
		(void)printf("FAILED %s: %s\n%.*s\n", strrchr(path, '/') + 1,
		    wrong, STR_ARG(a.reply.twiml));
	return wrong == NULL ? 0 : 1;
}

int
main(void)
{
	struct arena *const fixed = arena_new(BLOCK_BYTES);
	struct arena *const arena = arena_new(BLOCK_BYTES);
	const char *const *const paths = case_list(fixed);
	xmlSchema *const schema = read_schema();
	const char *const passed =
	    schema == NULL ? "no schema" : check_the_checker(schema);
	int failed = passed == NULL ? 0 : 1;
	int n = 0;

	if (passed != NULL)
		(void)printf("FAILED to refuse: %s\n", passed);
	for (; schema != NULL && paths[n] != NULL; n++) {
		failed += run_case(arena, schema, paths[n]);
		arena_reset(arena);
	}
	(void)printf("%d golden cases, %d failed\n", n, failed);
	xmlSchemaFree(schema);
	xmlCleanupParser();
	arena_free(arena);
	arena_free(fixed);
	return failed == 0 && n > 0 ? 0 : 1;
}
