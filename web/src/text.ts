// The one import for words: `text` is the messages of the language that is spoken now.  It
// changes with setLanguage(), so read it where words are drawn, not when a module is loaded.

import { en, type Messages } from './messages/en.ts';

export type { Messages };
export type Language = 'en' | 'fr';

export const LANGUAGES: readonly Language[] = ['en', 'fr'];

export let text: Messages = en;
export let language: Language = 'en';

/** Of the languages that a reader wants, in their order, the first that we speak. */
export function chosenLanguage(setting: string | null, wanted: readonly string[]): Language {
  for (const tag of setting === null ? wanted : [setting, ...wanted]) {
    const found = LANGUAGES.find((known) => tag.toLowerCase().split('-')[0] === known);
    if (found !== undefined) return found;
  }
  return 'en';
}

/** French is a file of its own, which readers of English never load. */
export async function setLanguage(to: Language): Promise<void> {
  const messages = to === 'fr' ? (await import('./messages/fr.ts')).fr : en;
  text = messages;
  language = to;
}
