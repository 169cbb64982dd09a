// What Twilio itself publishes about its REST API, to hold our answers against.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import twilio from 'twilio';

const require = createRequire(import.meta.url);
const DECLARATIONS = {
  CallResource: 'call.d.ts',
  RecordingResource: 'recording.d.ts',
  IncomingPhoneNumberResource: 'incomingPhoneNumber.d.ts',
  ApplicationResource: 'application.d.ts',
  LocalResource: 'availablePhoneNumberCountry/local.d.ts',
  'call/RecordingResource': 'call/recording.d.ts',
};

/** The fields of a resource, as the official library's types name them. */
export function fieldsOf(resource) {
  const folder = require.resolve('twilio').replace(/lib\/index\.js$|index\.js$/, '');
  const candidates = ['', 'lib/'].map(
    (at) => `${folder}${at}rest/api/v2010/account/${DECLARATIONS[resource]}`,
  );
  const text = readFileSync(candidates.find(existsSync), 'utf8');
  const [, body] = new RegExp(`interface ${resource.split('/').at(-1)} \\{([^}]*)\\}`).exec(text);
  return [...body.matchAll(/^\s*(\w+)\??:/gm)].map((match) => match[1]);
}

/** The official library, talking to our server instead of Twilio's. */
export function officialClient(origin, user, password, accountSid) {
  const client = twilio(user, password, { accountSid });
  const send = client.httpClient.request.bind(client.httpClient);
  client.httpClient.request = (options) =>
    send({ ...options, uri: options.uri.replace('https://api.twilio.com', origin) });
  return client;
}

/**
 * Twilio's OpenAPI description, if it is at hand: npm's @twilio/cli-core carries it
 * as src/services/twilio-api/twilio_api_v2010.json, and beside it those of other APIs. That package brings 150 MB of
 * others with it, so it is not among our dependencies. @see README.md
 */
export function officialDescription(name = 'twilio_api_v2010') {
  const file = process.env.TWILIO_OPENAPI?.replace('twilio_api_v2010', name);
  return file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** A validator of the answer that the description promises for a path. */
export function answerValidator(description, path, status = '200') {
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat(
    'date-time-rfc-2822',
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} \+0000$/,
  );
  ajv.addFormat('currency', /^[A-Z]{3}$/);
  // Twilio's own examples have a formatted one in a friendly_name.
  ajv.addFormat('phone-number', /^(\+[1-9]\d+|\(\d{3}\) \d{3}-\d{4})$/);
  for (const format of ['uri', 'uri-map', 'phone-number-capabilities', 'http-method', 'int64'])
    ajv.addFormat(format, true);
  ajv.addSchema(forAjv(description), 'twilio');
  const answer = description.paths[path].get.responses[status].content['application/json'].schema;
  return ajv.compile({ ...forAjv(answer, 'twilio') });
}

/** OpenAPI 3.0 for ajv: references into the description, and what it says of null in ajv's words. */
function forAjv(schema, base = '') {
  return JSON.parse(
    JSON.stringify(schema, (key, value) => {
      if (key === '$ref' && base) return base + value;
      if (value?.nullable && value.enum) return { ...value, enum: [...value.enum, null] };
      // Twilio's own examples have "" where a number has no application.
      if (value?.pattern?.startsWith('^AP'))
        return { ...value, minLength: 0, pattern: `^$|${value.pattern}` };
      if (value?.nullable && !value.type) return { ...value, nullable: undefined };
      return value;
    }),
  );
}
