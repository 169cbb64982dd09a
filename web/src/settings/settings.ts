// What a reader has chosen, kept in this browser alone.

import type { Language } from '../text.ts';

export interface Settings {
  /** null: as the browser asks for. */
  language: Language | null;
  /** Single keys act while focus is in the list. */
  keys: boolean;
  /** A short tone when a message comes. */
  sound: boolean;
  /** A notification of the system's when a message comes. */
  notify: boolean;
}

export const DEFAULTS: Settings = { language: null, keys: true, sound: false, notify: false };

const KEY = 'mainline';

/** From what was kept; whatever is not as it should be counts as not chosen. */
export function settingsFrom(kept: string | null): Settings {
  const chosen = parsed(kept);
  const flag = (name: 'keys' | 'sound' | 'notify'): boolean => {
    const value = chosen[name];
    return typeof value === 'boolean' ? value : DEFAULTS[name];
  };
  const { language } = chosen;
  return {
    language: language === 'en' || language === 'fr' ? language : null,
    keys: flag('keys'),
    sound: flag('sound'),
    notify: flag('notify'),
  };
}

function parsed(kept: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(kept ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export class SettingsStore {
  value: Settings;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.value = settingsFrom(read());
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(over: Partial<Settings>): void {
    this.value = { ...this.value, ...over };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.value));
    } catch {
      // A browser that keeps nothing still follows the choice until it is closed.
    }
    for (const listener of [...this.#listeners]) listener();
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export const settings = new SettingsStore();
