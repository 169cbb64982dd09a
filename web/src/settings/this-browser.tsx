// What is chosen for this browser alone: it takes effect at once.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useStore } from '../components/hooks.ts';
import { text } from '../text.ts';
import { preferences, type Preferences } from './preferences.ts';

export function ThisBrowser() {
  useStore(preferences);
  const words = text.settings.here;
  const { language, shortcuts, sound, notify } = preferences.get();
  const [isDenied, setDenied] = useState(false);

  const chooseNotify = async (isOn: boolean): Promise<void> => {
    const isAllowed = isOn && (await allowNotifications());
    setDenied(isOn && !isAllowed);
    preferences.set({ notify: isAllowed });
  };
  return (
    <section class="set" aria-labelledby="set-here">
      <h2 id="set-here">{words.title}</h2>
      <p class="sub">{words.about}</p>
      <div class="field">
        <label for="language">{words.language}</label>
        <select
          class="select"
          id="language"
          value={language ?? ''}
          onChange={(event) => preferences.set({ language: languageOf(event.currentTarget.value) })}
        >
          <option value="">{words.asBrowser}</option>
          <option value="en" lang="en">
            {words.english}
          </option>
          <option value="fr" lang="fr">
            {words.french}
          </option>
        </select>
      </div>
      <Switch
        id="shortcuts"
        label={words.shortcuts}
        hint={words.shortcutsHint}
        isOn={shortcuts}
        onChange={(isOn) => preferences.set({ shortcuts: isOn })}
      />
      <Switch
        id="sound"
        label={words.sound}
        hint={words.soundHint}
        isOn={sound}
        onChange={(isOn) => preferences.set({ sound: isOn })}
      />
      <Switch
        id="notify"
        label={words.notify}
        hint={words.notifyHint}
        isOn={notify}
        onChange={(isOn) => void chooseNotify(isOn)}
      >
        {isDenied && (
          <p class="err" role="alert">
            {'Notification' in window ? words.notifyDenied : words.notifyNone}
          </p>
        )}
      </Switch>
    </section>
  );
}

function languageOf(value: string): Preferences['language'] {
  return value === 'en' || value === 'fr' ? value : null;
}

async function allowNotifications(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  if (Notification.permission === 'granted') return true;
  return (await Notification.requestPermission()) === 'granted';
}

interface SwitchProps {
  id: string;
  label: string;
  hint: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  children?: ComponentChildren;
}

function Switch({ id, label, hint, isOn, onChange, children }: SwitchProps) {
  return (
    <div class="switch">
      <input
        type="checkbox"
        id={id}
        checked={isOn}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          // What is drawn is what is kept, not what was pressed.
          event.currentTarget.checked = isOn;
          onChange(!isOn);
        }}
      />
      <div>
        <label for={id}>{label}</label>
        <p class="sub" id={`${id}-hint`}>
          {hint}
        </p>
        {children}
      </div>
    </div>
  );
}
