// The whole tried in containers without an account: a call played on the page with the
// keypad, its message kept and heard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { send } from '../e2e/support/http.js';
import { Containers } from './support/containers.js';

const FROM_PAGE = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
const WITHIN_MS = 30_000;
const stack = new Containers(process.env.MAINLINE_COMPOSE_DATA);

const post = (path, body = '{}') => send(stack, { method: 'POST', path, headers: FROM_PAGE, body });

/** Ask until the answer is what is wanted. */
async function until(what, ask) {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await wait(200)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`${what}: not within ${WITHIN_MS / 1000} s`);
}

test('a message left by the keypad is in the feed, and can be heard', async () => {
  assert.equal((await send(stack, { path: '/keypad/' })).status, 200);
  const placed = await post('/keypad/calls', JSON.stringify({ from: '+15550100187' }));
  assert.equal(placed.status, 201, placed.body);
  const { id, sid } = JSON.parse(placed.body);
  const deed = async (name, body) =>
    (await post(`/keypad/calls/${id}/${name}`, body)).status === 204;

  // A call that no page looks at is hung up.
  const page = send(stack, { path: `/keypad/calls/${id}/events` });
  // A key that is pressed before the menu is asked for is heard by nobody.
  await wait(1500);
  await deed('key', '{"key":"2"}');
  await until('the tone', () => deed('sample'));
  await wait(4000);
  await deed('hangup');
  assert.match((await page).body, /event: end/);
  const call = await until('the message', async () => {
    const { status, json } = await stack.api.request(`/api/calls/${sid}`);
    return status === 200 && json.outcome === 'voicemail' && json;
  });
  const { bytes } = await until('its audio', async () => {
    const answer = await stack.api.request(
      new URL(call.voicemail.audio_url, stack.publicUrl).pathname,
    );
    return answer.status === 200 && answer;
  });
  assert.ok(bytes.length > 1000);
});
