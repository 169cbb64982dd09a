// The wire to the simulator: what is done goes there in order, what happens comes
// from there.

/** The simulator said no, and why. */
export class Refused extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

async function send(path, body, type = 'application/json') {
  let answer;
  try {
    answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: type === 'application/json' ? JSON.stringify(body) : body,
    });
  } catch {
    throw new Refused(
      0,
      'unreachable',
      'The local stack does not answer. Is script/server running?',
    );
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => null);
  throw new Refused(
    answer.status,
    problem?.code ?? 'away',
    problem?.detail ?? 'The simulated phone network does not answer. Try again in a moment.',
  );
}

/** @returns {Promise<{line: string|null, calls: number}|null>} null where it is away */
export async function status() {
  try {
    const answer = await fetch('/keypad/status');
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export class Line {
  #path;
  #events;
  #queue = Promise.resolve();

  /**
   * Place a call.
   * @param {string} from
   * @param {{happened: (what: object) => void, lost: () => void}} listener
   */
  static async call(from, listener) {
    const placed = await send('/keypad/calls', { from });
    return new Line(placed, listener);
  }

  constructor({ id, sid }, { happened, lost }) {
    this.#path = `/keypad/calls/${id}`;
    this.sid = sid;
    this.#events = new EventSource(`${this.#path}/events`);
    this.#events.onmessage = ({ data }) => happened(JSON.parse(data));
    this.#events.addEventListener('end', () => this.#events.close());
    this.#events.onerror = () => {
      // Broken off it is taken up again by itself; refused, nobody knows of the call any more.
      if (this.#events.readyState === EventSource.CLOSED) lost();
    };
  }

  press(key) {
    return this.#do('key', { key });
  }

  let(leg, does) {
    return this.#do('colleague', { leg, does });
  }

  playSample() {
    return this.#do('sample', {});
  }

  /** @param {ArrayBuffer} pcm */
  sound(pcm) {
    return this.#do('sound', pcm, 'application/octet-stream');
  }

  hangUp() {
    return this.#do('hangup', {});
  }

  /** The page goes: there is time for one word. */
  leave() {
    this.#events.close();
    navigator.sendBeacon(`${this.#path}/hangup`, new Blob(['{}'], { type: 'application/json' }));
  }

  /** One after the other, so that what was said before a key is heard before it. */
  #do(deed, body, type) {
    const done = this.#queue.then(() => send(`${this.#path}/${deed}`, body, type));
    this.#queue = done.catch(() => {});
    return done;
  }
}
