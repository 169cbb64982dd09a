// Who has played the message.

import { useState } from 'preact/hooks';
import type { CallDetail } from '../api/types.ts';
import type { Locale } from '../format/locale.ts';
import { fullTime } from '../format/time.ts';
import { text } from '../text.ts';
import { shortTime } from './clock.ts';

const FEW = 5;

export function Listens({ listens, locale }: { listens: CallDetail['listens']; locale: Locale }) {
  const [isAll, setAll] = useState(false);
  const words = text.callPage.listens;
  const shown = isAll ? listens : listens.slice(0, FEW);
  const more = listens.length - shown.length;
  return (
    <section class="block" aria-labelledby="h-listens">
      <h2 id="h-listens">{words.title}</h2>
      {listens.length === 0 && <p class="sub">{words.none}</p>}
      <ul class="listens">
        {shown.map(({ who, at }, i) => (
          <li key={i}>
            <bdi>{who}</bdi>
            <time dateTime={at} title={fullTime(new Date(at), locale)}>
              {shortTime(new Date(at), locale)}
            </time>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="btn btn-small" onClick={() => setAll(true)}>
          {words.more(more)}
        </button>
      )}
    </section>
  );
}
