// What stands under the last row.

import type { Desk } from '../feed/desk.ts';
import { searchOf } from '../feed/filters.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

export function OlderCalls({ desk }: { desk: Desk }) {
  const { older, state, filters } = desk.feed;
  if (state.next === null) {
    return <p class="end">{searchOf(filters) === '' ? text.feed.end : text.feed.endMatching}</p>;
  }
  if (older !== 'failed') return <p class="end">{older === 'busy' && text.feed.olderBusy}</p>;
  return (
    <div class="end">
      <p class="err" role="alert">
        <Icon name="alert" small />
        {text.feed.olderFailed}
      </p>
      <button type="button" class="btn btn-line" onClick={() => void desk.loadOlder()}>
        {text.feed.olderAgain}
      </button>
    </div>
  );
}
