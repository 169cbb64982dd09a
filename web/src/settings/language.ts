// The language that is spoken: the one chosen here, else the browser's.

import { chosenLanguage, setLanguage } from '../text.ts';
import { settings } from './settings.ts';

/** Speaks the language of the settings; whoever draws words draws them anew afterwards. */
export async function followLanguage(): Promise<void> {
  const to = chosenLanguage(settings.value.language, navigator.languages);
  await setLanguage(to);
  document.documentElement.lang = to;
}
