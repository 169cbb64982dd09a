// Twilio's requests: check the signature, type the event, decide, make it durable, answer.

import { parse } from 'node:querystring';
import twilio from 'twilio';
import { typeEvent } from './event.js';
import { decide } from './flow.js';
import { parameters } from './facts.js';

/** Path -> kind. */
const KINDS = {
  voice: 'voice',
  menu: 'menu',
  dial: 'dial',
  screen: 'screen',
  'screen-key': 'screen_key',
  voicemail: 'voicemail',
  status: 'status',
  leg: 'leg',
  recording: 'recording',
};

export function webhookRoutes(app, pool, { statements, authToken, publicUrl, forwardTo }) {
  // The raw body is kept beside the parsed one: it is part of the record.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (request, raw, done) => done(null, { raw, params: parse(raw) }),
  );
  for (const [path, kind] of Object.entries(KINDS)) {
    app.post(`/twilio/${path}`, async (request, reply) => {
      const receivedAt = new Date();
      const { raw, params } = request.body;
      const signature = request.headers['x-twilio-signature'];
      if (!twilio.validateRequest(authToken, signature, publicUrl + request.raw.url, params)) {
        return reply.code(403).send();
      }
      const event = typeEvent({ kind, uri: request.raw.url, query: request.query, raw, params });
      const { twiml, facts } = decide(event, forwardTo);
      const values = parameters({ ...event, receivedAt, twiml }, facts);
      await pool.query({ name: 'events_add', text: statements.events_add, values });
      if (twiml === null) return reply.code(204).send();
      return reply.type('text/xml').send(twiml);
    });
  }
}
