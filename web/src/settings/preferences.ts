// What a reader has chosen for this browser.  Kept in its local storage, so that every tab of
// it has the same, and none of it is told to the server.

export interface Preferences {
  /** null: as the browser says. */
  language: 'en' | 'fr' | null;
  /** Do single letters act?  Who speaks to the device wants them off (WCAG 2.1.4). */
  shortcuts: boolean;
  /** A sound when a message comes in. */
  sound: boolean;
  /** A notification of the system when a message comes in and nobody looks at the page. */
  notify: boolean;
}

export const DEFAULTS: Preferences = {
  language: null,
  shortcuts: true,
  sound: false,
  notify: false,
};

const KEY = 'mainline.preferences';

/** What of a stored text can be made sense of; the rest is as it is by default. */
export function parsePreferences(stored: string | null): Preferences {
  const chosen = objectIn(stored);
  const flag = (name: 'shortcuts' | 'sound' | 'notify'): boolean =>
    typeof chosen[name] === 'boolean' ? chosen[name] : DEFAULTS[name];
  const { language } = chosen;
  return {
    language: language === 'en' || language === 'fr' ? language : DEFAULTS.language,
    shortcuts: flag('shortcuts'),
    sound: flag('sound'),
    notify: flag('notify'),
  };
}

function objectIn(stored: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stored ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

type Keep = Pick<Storage, 'getItem' | 'setItem'>;

export class PreferenceStore {
  readonly #keep: Keep | null;
  readonly #listeners = new Set<() => void>();
  #now: Preferences;

  constructor(keep: Keep | null) {
    this.#keep = keep;
    this.#now = parsePreferences(read(keep));
  }

  get = (): Preferences => this.#now;

  set(change: Partial<Preferences>): void {
    this.#now = { ...this.#now, ...change };
    try {
      this.#keep?.setItem(KEY, JSON.stringify(this.#now));
    } catch {
      // A full or forbidden storage: it holds for as long as the page is open.
    }
    this.#tell();
  }

  /** Another tab has chosen. */
  reload(): void {
    this.#now = parsePreferences(read(this.#keep));
    this.#tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function read(keep: Keep | null): string | null {
  try {
    return keep?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}

/** Merely to name the storage is an error where cookies are forbidden. */
function storage(): Keep | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

export const preferences = new PreferenceStore(storage());

globalThis.addEventListener?.('storage', ({ key }) => {
  if (key === null || key === KEY) preferences.reload();
});
