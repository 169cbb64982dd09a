// The keys: pressed with a pointer, by Tab and Enter, or typed.

const KEYS = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', '', 'Star *'],
  ['0', '+'],
  ['#', '', 'Pound #'],
];
/** So long a key looks pressed. */
const DOWN_MS = 400;

export class Keys {
  #buttons = new Map();

  /** @param {HTMLElement} place @param {(key: string) => void} press */
  constructor(place, press) {
    for (const [key, letters, name] of KEYS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'key';
      button.append(key);
      if (letters !== '') {
        const small = document.createElement('small');
        small.append(letters);
        button.append(small);
      }
      if (name !== undefined) button.setAttribute('aria-label', name);
      button.addEventListener('click', () => press(key));
      this.#buttons.set(key, button);
      place.append(button);
    }
  }

  has(key) {
    return this.#buttons.has(key);
  }

  /** Show that it was pressed. */
  down(key) {
    const { classList } = this.#buttons.get(key);
    classList.add('is-down');
    setTimeout(() => classList.remove('is-down'), DOWN_MS);
  }

  set usable(usable) {
    // Not disabled: focus would be lost from a key when the call ends.
    for (const button of this.#buttons.values())
      button.setAttribute('aria-disabled', String(!usable));
  }
}
