// What the feed shows of the call, for whoever is signed in to it.

import { at } from './view.js';
import { OUTCOMES, reasonOf, shownNumber } from './words.js';

const ASK_EVERY_MS = 1000;
/** The archive and the verdict come a moment after the end. */
const ASK_AFTER_END_MS = 6000;

export class Preview {
  #timer = null;
  #sid = null;
  #endedAt = null;
  #now = { icon: 'live', title: '' };

  /** @param {string} sid @param {string} from */
  begin(sid, from) {
    this.stop();
    this.#sid = sid;
    this.#endedAt = null;
    at('preview').hidden = false;
    at('row').hidden = true;
    at('row-name').textContent = shownNumber(from);
    this.#hint('The call is not there yet.');
    this.#ask();
  }

  /** What goes on just now, in the words of the state line. */
  now(words, isOver) {
    this.#now = words;
    if (isOver) this.#endedAt ??= performance.now();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#sid = null;
  }

  async #ask() {
    const sid = this.#sid;
    const answer = await fetch(`/api/calls/${sid}`).catch(() => null);
    if (sid !== this.#sid) return;
    if (answer?.status === 401 || answer?.status === 403) {
      const link = document.createElement('a');
      link.href = '/';
      link.append('Sign in to the feed');
      at('preview-hint').replaceChildren(link, ' to see this call there as well.');
      return;
    }
    if (answer?.ok) this.#show(await answer.json());
    const isDone = this.#endedAt !== null && performance.now() - this.#endedAt > ASK_AFTER_END_MS;
    if (!isDone) this.#timer = setTimeout(() => this.#ask(), ASK_EVERY_MS);
  }

  #show(call) {
    const shape = call.outcome ?? 'live';
    this.#hint('');
    const row = at('row');
    row.hidden = false;
    row.className = `row o-${shape}`;
    row.querySelector('use').setAttribute('href', `#i-${shape}`);
    at('row-sub').textContent = call.from_name ?? '';
    at('row-word').textContent = call.outcome ? OUTCOMES[shape] : this.#now.title;
    at('row-why').textContent = call.outcome ? reasonOf(call) : '';
  }

  #hint(words) {
    at('preview-hint').textContent = words;
  }
}
