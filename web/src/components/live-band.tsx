// Calls that are going on, above the past.

import type { Call } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { trackOf } from '../call/track.ts';
import { boardCalls, type Progress } from '../feed/board.ts';
import type { Desk } from '../feed/desk.ts';
import { matchesCaller } from '../feed/matches.ts';
import { clockDuration } from '../format/duration.ts';
import { callPath } from '../router/route.ts';
import { text } from '../text.ts';
import { useNow } from './hooks.ts';
import { Icon } from './icons.tsx';

export function LiveBand({ desk }: { desk: Desk }) {
  const now = useNow(1000);
  const { filters } = desk.feed;
  const calls = boardCalls(desk.board, now).filter(({ call }) => matchesCaller(call, filters));
  if (calls.length === 0) return null;
  return (
    <section class="now" aria-labelledby="now-h">
      <h2 class="now-h" id="now-h">
        {text.live.title}
        <span>{text.feed.count(calls.length)}</span>
      </h2>
      <ul class="rows">
        {calls.map(({ call, progress }) => (
          <LiveRow key={call.sid} call={call} progress={progress} now={now} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  call: Call;
  progress: Progress | null;
  now: number;
}

function LiveRow({ call, progress, now }: RowProps) {
  const caller = callerOf(call);
  const track = trackOf(call, progress);
  return (
    <li>
      <div class="row o-live todo">
        <span class={track.isRinging ? 'tile pulse' : 'tile'}>
          <Icon name="live" />
        </span>
        <div class="who">
          <h3 class="name">
            <a class="row-link" href={callPath(call.sid)}>
              <bdi class="clip">{caller.name}</bdi>
            </a>
          </h3>
          <p class="sub clip">{caller.more}</p>
        </div>
        <div class="track">
          <ol aria-label={text.live.where}>
            {track.done.map((step, i) => (
              <li class="is-done" key={`${i} ${step}`}>
                <Icon name="check" small />
                <span>{step}</span>
              </li>
            ))}
            <li class="is-now" aria-current="step">
              <Icon name={track.icon} small />
              <span class="clip">{track.now}</span>
              {track.since !== null && (
                <span>{clockDuration((now - Date.parse(track.since)) / 1000)}</span>
              )}
            </li>
          </ol>
        </div>
      </div>
    </li>
  );
}
