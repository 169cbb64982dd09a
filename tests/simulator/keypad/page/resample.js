// From the sound card's rate to a telephone's.  Pure.

export const PHONE_RATE = 8000;

/** Turns samples of one rate into 16 bit of 8 kHz, piece by piece, by their mean. */
export class Resampler {
  #step;
  #left = 0;
  #sum = 0;
  #count = 0;

  /** @param {number} rate of what comes in, 8000 or more */
  constructor(rate) {
    this.#step = rate / PHONE_RATE;
    this.#left = this.#step;
  }

  /** @param {Float32Array} samples from -1 to 1 @returns {Int16Array} */
  add(samples) {
    const out = [];
    for (const sample of samples) {
      this.#sum += sample;
      this.#count += 1;
      this.#left -= 1;
      if (this.#left > 0) continue;
      const mean = Math.max(-1, Math.min(1, this.#sum / this.#count));
      out.push(Math.round(mean * 32767));
      this.#left += this.#step;
      this.#sum = 0;
      this.#count = 0;
    }
    return Int16Array.from(out);
  }
}
