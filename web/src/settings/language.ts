// The language that is spoken: the one chosen here, else the browser's.

import { chosenLanguage, setLanguage } from '../text.ts';
import { preferences } from './preferences.ts';

/** Speaks the language of the preferences; whoever draws words draws them anew afterwards. */
export async function followLanguage(): Promise<void> {
  const to = chosenLanguage(preferences.get().language, navigator.languages);
  await setLanguage(to);
  document.documentElement.lang = to;
}
