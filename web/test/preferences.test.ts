import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, parsePreferences, PreferenceStore } from '../src/settings/preferences.ts';

function aStorage(): Pick<Storage, 'getItem' | 'setItem'> & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

test('what was stored is read, and nonsense is as if nothing was', () => {
  assert.deepEqual(parsePreferences(null), DEFAULTS);
  for (const nonsense of ['', '{', '[]', 'null', '"fr"', '{"language":"de","sound":1}']) {
    assert.deepEqual(parsePreferences(nonsense), DEFAULTS, nonsense);
  }
  assert.deepEqual(parsePreferences('{"language":"fr","shortcuts":false,"more":1}'), {
    ...DEFAULTS,
    language: 'fr',
    shortcuts: false,
  });
});

test('a choice is kept, told of, and there in the next page', () => {
  const storage = aStorage();
  const store = new PreferenceStore(storage);
  let told = 0;
  const stop = store.subscribe(() => (told += 1));
  store.set({ language: 'fr' });
  store.set({ sound: true });
  stop();
  store.set({ notify: true });
  assert.equal(told, 2);
  assert.deepEqual(new PreferenceStore(storage).get(), {
    language: 'fr',
    shortcuts: true,
    sound: true,
    notify: true,
  });
});

test('another tab chooses for this one too', () => {
  const storage = aStorage();
  const here = new PreferenceStore(storage);
  new PreferenceStore(storage).set({ shortcuts: false });
  assert.equal(here.get().shortcuts, true);
  here.reload();
  assert.equal(here.get().shortcuts, false);
});

test('a browser that keeps nothing still lets choose', () => {
  const refuse = (): never => {
    throw new Error('forbidden');
  };
  const store = new PreferenceStore({ getItem: refuse, setItem: refuse });
  store.set({ language: 'en' });
  assert.equal(store.get().language, 'en');
  assert.equal(new PreferenceStore(null).get().language, null);
});
