// The prompts aloud, where the browser can and the person wants it.

export const canSpeak = () => 'speechSynthesis' in window;

/** As fast as the simulated voice, which a menu's time is counted by. */
const RATE = 1.1;

export class Speaker {
  #on = false;

  set on(on) {
    this.#on = on && canSpeak();
    if (!this.#on) this.silence();
  }

  /** @param {{text: string, language?: string}} prompt */
  say({ text, language }) {
    if (!this.#on) return;
    const utterance = new SpeechSynthesisUtterance(text);
    if (language) utterance.lang = language;
    utterance.rate = RATE;
    speechSynthesis.speak(utterance);
  }

  /** A key or the end cuts it short. */
  silence() {
    if (canSpeak()) speechSynthesis.cancel();
  }
}
