// One short message at a time, bottom left: what was done, and how to undo it.

export interface Toast {
  kind: 'done' | 'failed';
  words: string;
  action?: { words: string; go: () => void };
}

const SHOWN_MS = 6_000;

class Toasts {
  shown: Toast | null = null;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  show(toast: Toast): void {
    this.#set(toast);
    this.resume();
  }

  hide = (): void => {
    clearTimeout(this.#timer);
    this.#set(null);
  };

  /** While somebody points at it or is in it, it stays. */
  pause = (): void => clearTimeout(this.#timer);

  resume = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.hide, SHOWN_MS);
  };

  #set(toast: Toast | null): void {
    this.shown = toast;
    for (const listener of [...this.#listeners]) listener();
  }
}

export const toasts = new Toasts();
