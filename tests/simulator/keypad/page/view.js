// The parts of the page that change.  Nothing is written as markup, so nothing
// that is heard can be any.

import { clock, shownNumber } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

export const at = (id) => document.getElementById(id);

export function icon(name, small = false) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', small ? 'icon icon-16' : 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** An element with what is in it. */
export function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

/** Text in which a phone's number gives way to its name. */
function pieces(text, names) {
  return text.map((piece) => {
    if (typeof piece === 'string') return piece;
    const name = make('bdi', '', names[piece.number] ?? shownNumber(piece.number));
    name.dataset.number = piece.number;
    return name;
  });
}

export class Transcript {
  #list;

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list;
  }

  clear() {
    this.#list.replaceChildren();
  }

  /** @param {number} s @param {object} line of words.js @param {Record<string, string>} names */
  add(s, { icon: shape, key, by, said, text, aside }, names) {
    const time = make('time', '', clock(s));
    const what =
      said === undefined
        ? make(
            'span',
            'did',
            key === undefined ? icon(shape, true) : make('kbd', '', key),
            make('span', '', ...pieces(text, names)),
          )
        : make('p', aside ? 'say aside' : 'say', make('span', 'by', ...pieces(by, names)), said);
    this.#list.append(make('li', '', time, what));
    this.#follow();
  }

  /** Its newest line is in view: within itself where it scrolls by itself, else on the page. */
  #follow() {
    const log = this.#list.parentElement;
    if (getComputedStyle(log).overflowY === 'auto') log.scrollTop = log.scrollHeight;
    else this.#list.lastElementChild.scrollIntoView({ block: 'nearest' });
  }

  /** A phone has got its name. */
  name(number, name) {
    for (const element of this.#list.querySelectorAll('bdi[data-number]'))
      if (element.dataset.number === number) element.textContent = name;
  }
}

/** The state line: said once, and the seconds beside it silently. */
export class StateLine {
  #said = '';

  show({ icon: shape, title, detail }) {
    const said = `${shape} ${title} ${detail}`;
    if (said === this.#said) return;
    this.#said = said;
    at('state').querySelector('use').setAttribute('href', `#i-${shape}`);
    at('status').replaceChildren(make('b', '', title), ' ', make('span', 'sub', detail));
  }

  /** @param {{seconds: number, of: number, label: string}|null} progress */
  progress(progress) {
    at('progress').hidden = progress === null;
    if (progress === null) return;
    const { seconds, of, label } = progress;
    const whole = Math.min(Math.floor(seconds), of);
    const bar = at('bar');
    bar.max = of;
    bar.value = whole;
    bar.setAttribute('aria-label', `${label} ${whole} of ${of} seconds`);
    at('elapsed').textContent = `${clock(whole)} of ${clock(of)}`;
  }
}

const DEEDS = {
  ringing: [
    ['answer', 'Answer'],
    ['decline', 'Decline'],
    ['busy', 'Be busy'],
    ['no-answer', 'Not pick up'],
    ['carrier', 'Use own voicemail'],
  ],
  asked: [['hang-up', 'Hang up']],
  talking: [['hang-up', 'Hang up']],
};

/** What the colleagues whose phones ring can be let do. */
export class Colleagues {
  #let;
  #shown = '';

  /** @param {(leg: number, deed: string) => void} let_ */
  constructor(let_) {
    this.#let = let_;
  }

  show({ colleagues, names }) {
    const shown = JSON.stringify([colleagues.map(({ leg, is }) => [leg, is]), names]);
    if (shown === this.#shown) return;
    const isFocused = at('colleagues').contains(document.activeElement);
    this.#shown = shown;
    at('colleagues').replaceChildren(...colleagues.map((one) => this.#group(one, names)));
    // Whoever chose by keyboard goes on from there, and not from the top of the page.
    if (isFocused) (at('colleagues').querySelector('button') ?? at('dial')).focus();
  }

  #group({ leg, number, is }, names) {
    const name = names[number] ?? shownNumber(number);
    const group = make('div', 'play-part');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', `What ${name} does`);
    group.append(make('span', 'sub', 'Let ', make('bdi', '', name)));
    for (const [deed, word] of DEEDS[is]) {
      const button = make('button', 'btn btn-line', word);
      button.type = 'button';
      button.addEventListener('click', () => this.#let(leg, deed));
      group.append(button);
    }
    return group;
  }
}
