// What keeps a message from being heard, and whether it is worth another try.

import type { Failure } from '../api/failure.ts';
import { Icon } from '../components/icons.tsx';
import { text } from '../text.ts';

/** Of these only the first mends itself, and of the others not all can be mended. */
const HOPELESS = ['recording_not_ready', 'recording_gone', 'scope_missing'];

export function PlayerTrouble({ failure, onAgain }: { failure: Failure; onAgain: () => void }) {
  const { code } = failure;
  const { failures } = text.player;
  const words = isKnown(code) ? failures[code] : failures.other(code);
  // Why the storage refuses is known only there.
  const detail = code === 'upstream_failed' ? failure.message : '';
  const isWaiting = code === 'recording_not_ready';
  return (
    <div class={isWaiting ? 'trouble is-calm' : 'trouble'} role={isWaiting ? 'status' : 'alert'}>
      <Icon name={isWaiting ? 'back' : 'alert'} small />
      <p>
        {words} {detail}
      </p>
      {!HOPELESS.includes(code) && (
        <button type="button" class="btn btn-line" onClick={onAgain}>
          {text.player.again}
        </button>
      )}
    </div>
  );
}

type Known = Exclude<keyof typeof text.player.failures, 'other'>;

function isKnown(code: string): code is Known {
  return code !== 'other' && Object.hasOwn(text.player.failures, code);
}
