import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonText } from '../src/call/reason.ts';
import { en } from '../src/messages/en.ts';
import { fr } from '../src/messages/fr.ts';
import { chosenLanguage, setLanguage, text } from '../src/text.ts';
import { aCall } from './support.ts';

/** Every word, by its path; functions are called with whatever they take. */
function words(of: unknown, path = ''): [string, string][] {
  if (typeof of === 'string') return [[path, of]];
  if (typeof of === 'function') {
    const said: unknown = of(2, 'x', 'x');
    return typeof said === 'string' ? [[path, said]] : words(said, path);
  }
  if (typeof of !== 'object' || of === null) return [];
  return Object.entries(of).flatMap(([key, value]) => words(value, `${path}.${key}`));
}

test('both languages have words for the same things', () => {
  const paths = (of: unknown): string[] => words(of).map(([path]) => path);
  assert.deepEqual(paths(fr), paths(en));
  for (const [path, said] of [...words(en), ...words(fr)]) assert.notEqual(said.trim(), '', path);
});

test('French has its own spaces, quotation marks and apostrophes', () => {
  for (const [path, said] of words(fr)) {
    if (/[Cc]ommand$/.test(path)) continue;
    assert.doesNotMatch(said, / [;:?!»]|« |[^\s\u202f\u00a0][;?!»]|'|"/, `${path}: ${said}`);
  }
});

test('no language exclaims', () => {
  for (const [path, said] of [...words(en), ...words(fr)]) assert.doesNotMatch(said, /!/, path);
});

test('the first language of the reader’s that is spoken here', () => {
  assert.equal(chosenLanguage(null, ['de-DE', 'fr-CA', 'en']), 'fr');
  assert.equal(chosenLanguage(null, ['en-GB', 'fr']), 'en');
  assert.equal(chosenLanguage('fr', ['en-GB']), 'fr');
  assert.equal(chosenLanguage(null, ['de']), 'en');
  assert.equal(chosenLanguage(null, []), 'en');
});

test('another language is spoken at once, everywhere', async () => {
  await setLanguage('fr');
  try {
    assert.equal(text, fr);
    const call = aCall('a', { reason: 'hung_up_in_menu', duration_s: 125 });
    assert.equal(reasonText(call).replace(/\s/g, ' '), 'A raccroché dans le menu après 2 min 5 s');
  } finally {
    await setLanguage('en');
  }
});
