// Calls that are going on, above the past.

import type { Call, CallDetail } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { trackOf } from '../call/track.ts';
import { clockDuration } from '../format/duration.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

interface Props {
  calls: Call[];
  details: ReadonlyMap<string, CallDetail>;
  now: number;
}

export function LiveBand({ calls, details, now }: Props) {
  if (calls.length === 0) return null;
  return (
    <section class="now" aria-labelledby="now-h">
      <h2 class="now-h" id="now-h">
        {text.live.title}
        <span>{text.feed.count(calls.length)}</span>
      </h2>
      <ul class="rows">
        {calls.map((call) => (
          <LiveRow key={call.sid} call={call} detail={details.get(call.sid)} now={now} />
        ))}
      </ul>
    </section>
  );
}

function LiveRow({
  call,
  detail,
  now,
}: {
  call: Call;
  detail: CallDetail | undefined;
  now: number;
}) {
  const caller = callerOf(call);
  const track = trackOf(call, detail);
  return (
    <li>
      <div class="row o-live todo">
        <span class={track.isRinging ? 'tile pulse' : 'tile'}>
          <Icon name="live" />
        </span>
        <div class="who">
          <h3 class="name">
            <bdi class="clip">{caller.name}</bdi>
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
