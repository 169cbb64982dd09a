/*
 * rules: of TwiML that its schema cannot tell.
 * Source: the page of each verb under https://www.twilio.com/docs/voice/twiml
 */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

static const struct range {
	const char *element, *attribute;
	int min, max;
} ranges[] = {
	{ "Gather", "timeout", 1, 60 },
	{ "Gather", "numDigits", 1, 1 },
	{ "Dial", "timeout", 5, 600 },
	{ "Dial", "timeLimit", 1, 14400 },
	{ "Record", "maxLength", 2, 14400 },
	{ "Record", "timeout", 0, 600 },
	{ "Pause", "length", 0, 600 },
};

static int
is(const xmlNode *node, const char *name)
{
	return strcmp((const char *)node->name, name) == 0;
}

static const char *
check_ranges(const xmlNode *node)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		xmlChar *value;
		long n;

		if (!is(node, ranges[i].element))
			continue;
		value =
		    xmlGetNoNsProp(node, (const xmlChar *)ranges[i].attribute);
		if (value == NULL)
			return "an attribute is missing";
		n = strtol((const char *)value, NULL, 10);
		xmlFree(value);
		if (n < ranges[i].min || n > ranges[i].max)
			return "a number is out of range";
	}
	return NULL;
}

static const char *
check_say(const xmlNode *node)
{
	xmlChar *const text = xmlNodeGetContent(node);
	const int n = xmlUTF8Strlen(text);

	xmlFree(text);
	return n > 4096 ? "a Say is longer than 4096 characters" : NULL;
}

/* What Twilio never comes to is a slip: it leaves the document before. */
static const char *
check_end(const xmlNode *node)
{
	const int leaves = is(node, "Hangup") || is(node, "Redirect") ||
	    is(node, "Reject") ||
	    is(node, "Dial"); /* ours all have an action */

	return leaves && node->next != NULL
	    ? "a verb stands behind one that leaves the document"
	    : NULL;
}

/* Behind another verb the call has been answered, and is billed. */
static const char *
check_reject(const xmlNode *node)
{
	return is(node, "Reject") && node->prev != NULL
	    ? "a Reject is not the first verb"
	    : NULL;
}

static const char *
check_verb(xmlNode *verb)
{
	const char *wrong = check_ranges(verb);

	if (wrong == NULL && is(verb, "Say"))
		wrong = check_say(verb);
	if (wrong == NULL)
		wrong = check_end(verb);
	if (wrong == NULL)
		wrong = check_reject(verb);
	if (wrong == NULL && is(verb, "Dial") &&
	    (xmlChildElementCount(verb) < 1 || xmlChildElementCount(verb) > 10))
		wrong = "a Dial has not 1 to 10 numbers";
	for (const xmlNode *i = verb->children;
	    wrong == NULL && i != NULL && is(verb, "Gather"); i = i->next)
		wrong = is(i, "Say") ? check_say(i) : check_ranges(i);
	return wrong;
}

const char *
rules_check(const xmlDoc *doc)
{
	const char *wrong = NULL;

	for (xmlNode *i = xmlDocGetRootElement(doc)->children;
	    wrong == NULL && i != NULL; i = i->next)
		wrong = check_verb(i);
	return wrong;
}
