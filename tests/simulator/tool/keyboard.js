// The person at the terminal plays the caller, and the colleague whose phone rings.

const KEYS = /^[0-9*#]$/;
const CTRL_C = '\u0003';

export class Keyboard {
  #screen;
  #call = null;
  #colleagues = [];
  /** The colleagues who have been asked to press a key. */
  #asked = new Set();

  /** @param {import('./screen.js').Screen} screen */
  constructor(screen) {
    this.#screen = screen;
  }

  /**
   * Read keys from a terminal until the call is over.
   * @param {NodeJS.ReadStream} input
   * @returns {() => void} give the terminal back
   */
  attach(input) {
    const read = (data) => [...data.toString()].forEach((key) => this.press(key));
    input.setRawMode?.(true);
    input.on('data', read);
    input.resume();
    return () => {
      input.off('data', read);
      input.setRawMode?.(false);
      input.pause();
    };
  }

  /** The caller: does nothing but what is pressed. */
  caller = async (leg, call) => {
    this.#call = call;
    for (;;) {
      const moment = await leg.next(['gather', 'tone', 'talking']);
      if (moment.kind === 'gather') await this.#belowPrompt(leg, 'press 0-9 * #    h: hang up');
      if (moment.kind === 'talking')
        this.#screen.hint('h: caller hangs up    d: colleague hangs up');
      if (moment.kind === 'tone') {
        leg.voice(true);
        this.#screen.hint('you are speaking    #: done    s: fall silent    h: hang up');
      }
    }
  };

  /** A colleague: picks up, accepts or declines as is pressed. */
  colleague = async (leg) => {
    await leg.wait(1);
    this.#colleagues.push(leg);
    leg.ring();
    this.#screen.hint("the colleague's phone    a: pick up   d: decline   h: hang up (caller)");
    for (;;) {
      await leg.next(['gather']);
      this.#asked.add(leg);
      await this.#belowPrompt(leg, "the colleague's phone    a or any digit: accept    d: decline");
    }
  };

  /** Say what can be pressed, once the prompt that begins now is on the screen. */
  async #belowPrompt(leg, text) {
    await leg.wait(0.05);
    this.#screen.hint(text);
  }

  /** One key of the keyboard. */
  press(key) {
    const leg = this.#call?.leg;
    const over = leg === undefined || leg.over;
    // The first Ctrl-C hangs up, so that the server hears of the end; the next waits for nothing.
    if (over && key === CTRL_C) process.exit(130);
    if (over) return;
    if (key === 'h' || key === CTRL_C) leg.hangUp();
    if (key === 's' && leg.speaking) leg.voice(false);
    const colleague = this.#colleagues.find((each) => !each.over);
    if (KEYS.test(key)) this.#digit(key, leg, colleague);
    if (key === 'a') this.#accept(colleague);
    if (key === 'd') colleague?.hangUp();
  }

  /** Keys are the caller's, but for a colleague who is being asked for one. */
  #digit(key, leg, colleague) {
    if (this.#asked.has(colleague)) colleague.press(key);
    else leg.press(key);
  }

  #accept(colleague) {
    if (colleague === undefined) return;
    if (colleague.answeredAt === null) colleague.answer();
    else colleague.press('1');
  }
}
