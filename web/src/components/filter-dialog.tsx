// All filters together.  They come into the address when they are applied, in one step.

import { useState } from 'preact/hooks';
import type { Outcome } from '../api/types.ts';
import type { Desk } from '../feed/desk.ts';
import { feedHref, NO_FILTERS, OUTCOMES, type Filters } from '../feed/filters.ts';
import { dayKey } from '../format/time.ts';
import { readersLocale } from '../format/locale.ts';
import { grouped } from '../format/phone.ts';
import { router } from '../router/router.ts';
import { text } from '../text.ts';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';

const DAY_MS = 86_400_000;

interface Props {
  desk: Desk;
  onClose: () => void;
}

interface PartProps {
  filters: Filters;
  change: (over: Partial<Filters>) => void;
}

export function FilterDialog({ desk, onClose }: Props) {
  const [filters, setFilters] = useState<Filters>(desk.feed.filters);
  const change = (over: Partial<Filters>): void => setFilters({ ...filters, ...over });
  const { since, until } = filters;
  const isBackwards = since !== null && until !== null && since > until;
  const apply = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isBackwards) return;
    router.go(feedHref(filters));
    onClose();
  };
  const clear = (): void => {
    router.go(feedHref({ ...NO_FILTERS, view: filters.view }));
    onClose();
  };
  const props = { filters, change };
  return (
    <Dialog title={text.filters.title} onClose={onClose}>
      <form class="form" onSubmit={apply}>
        <Outcomes {...props} />
        {desk.lines.length > 1 && <Lines {...props} desk={desk} />}
        <Days {...props} />
        {isBackwards && (
          <p class="err" role="alert">
            <Icon name="alert" small />
            {text.filters.order}
          </p>
        )}
        <Messages {...props} />
        <div class="acts">
          <button type="button" class="btn btn-quiet btn-lg" onClick={clear}>
            {text.filters.clear}
          </button>
          <button type="submit" class="btn btn-solid btn-lg" aria-disabled={isBackwards}>
            {text.filters.apply}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** To choose outcomes is to leave the views that stand for some. */
function Outcomes({ filters: { outcomes, view }, change }: PartProps) {
  const toggle = (outcome: Outcome): void => {
    const has = outcomes.includes(outcome);
    const next = OUTCOMES.filter((other) => (other === outcome ? !has : outcomes.includes(other)));
    change({ outcomes: next, view: view === 'missed' ? 'all' : view });
  };
  return (
    <fieldset>
      <legend>{text.filters.outcome}</legend>
      <div class="checks">
        {OUTCOMES.map((outcome) => (
          <label key={outcome} class={`check o-${outcome}`}>
            <input
              type="checkbox"
              name="outcome"
              value={outcome}
              checked={outcomes.includes(outcome)}
              onChange={() => toggle(outcome)}
            />
            <span class="word">
              <Icon name={outcome} small />
            </span>
            {text.outcome[outcome]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Lines({ filters: { line }, change, desk }: PartProps & { desk: Desk }) {
  return (
    <div class="field">
      <label for="filter-line">{text.filters.line}</label>
      <select
        class="input"
        id="filter-line"
        value={line ?? ''}
        onChange={({ currentTarget: { value } }) => change({ line: value || null })}
      >
        <option value="">{text.filters.anyLine}</option>
        {desk.lines.map((known) => (
          <option key={known.line} value={known.line}>
            {known.name === null ? grouped(known.line) : `${known.name}, ${grouped(known.line)}`}
          </option>
        ))}
      </select>
    </div>
  );
}

function Days({ filters: { since, until }, change }: PartProps) {
  const last = (days: number): void => {
    const locale = readersLocale();
    const now = Date.now();
    change({
      since: dayKey(new Date(now - (days - 1) * DAY_MS), locale),
      until: days === 1 ? dayKey(new Date(now), locale) : null,
    });
  };
  return (
    <div class="field">
      <div class="pair">
        <div class="field">
          <label for="filter-since">{text.filters.from}</label>
          <input
            class="input"
            type="date"
            id="filter-since"
            value={since ?? ''}
            onChange={({ currentTarget: { value } }) => change({ since: value || null })}
          />
        </div>
        <div class="field">
          <label for="filter-until">{text.filters.to}</label>
          <input
            class="input"
            type="date"
            id="filter-until"
            value={until ?? ''}
            onChange={({ currentTarget: { value } }) => change({ until: value || null })}
          />
        </div>
      </div>
      <div class="quick">
        <button type="button" class="btn btn-line" onClick={() => last(1)}>
          {text.filters.today}
        </button>
        <button type="button" class="btn btn-line" onClick={() => last(7)}>
          {text.filters.week}
        </button>
        <button type="button" class="btn btn-line" onClick={() => last(30)}>
          {text.filters.month}
        </button>
      </div>
    </div>
  );
}

function Messages({ filters: { voicemail, heard }, change }: PartProps) {
  return (
    <div class="field">
      <label for="filter-message">{text.filters.message}</label>
      <select
        class="input"
        id="filter-message"
        value={String(voicemail)}
        onChange={({ currentTarget: { value } }) =>
          change({ voicemail: value === 'null' ? null : value === 'true' })
        }
      >
        <option value="null">{text.filters.any}</option>
        <option value="true">{text.filters.with}</option>
        <option value="false">{text.filters.without}</option>
      </select>
      <label class="check">
        <input
          type="checkbox"
          name="unheard"
          checked={heard === false}
          onChange={({ currentTarget: { checked } }) => {
            change(checked ? { heard: false, voicemail: true } : { heard: null });
          }}
        />
        {text.filters.unheard}
      </label>
    </div>
  );
}
