// Which calls the figures are of.  What is chosen goes into the address.

import { useRef, useState } from 'preact/hooks';
import type { Line } from '../api/lines.ts';
import { Icon } from '../components/icons.tsx';
import { grouped } from '../format/phone.ts';
import { text } from '../text.ts';
import { isWhole, lastDays, PRESETS, type Range } from './range.ts';

interface Props {
  range: Range;
  today: string;
  lines: readonly Line[];
  onRange: (range: Range) => void;
}

export function Filters({ range, today, lines, onRange }: Props) {
  const words = text.figures;
  const [isCustom, setCustom] = useState(range.preset === null);
  const choose = (value: string): void => {
    const preset = PRESETS.find((days) => String(days) === value);
    setCustom(preset === undefined);
    if (preset !== undefined) onRange(lastDays(preset, today, range.line));
  };
  const isKnown = range.line === null || lines.some(({ line }) => line === range.line);
  return (
    <div class="figures-filters" role="group" aria-label={words.filters}>
      {(lines.length > 1 || range.line !== null) && (
        <label class="chosen">
          <span class="vh">{words.line}</span>
          <select
            class="select"
            value={range.line ?? ''}
            onChange={(event) => onRange({ ...range, line: event.currentTarget.value || null })}
          >
            <option value="">{words.allLines}</option>
            {!isKnown && range.line !== null && (
              <option value={range.line}>{grouped(range.line)}</option>
            )}
            {lines.map(({ line, name }) => (
              <option key={line} value={line}>
                {name === null ? grouped(line) : `${name}, ${grouped(line)}`}
              </option>
            ))}
          </select>
          <Icon name="down" small />
        </label>
      )}
      <label class="chosen">
        <span class="vh">{words.range}</span>
        <select
          class="select"
          value={isCustom ? 'custom' : String(range.preset)}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {PRESETS.map((days) => (
            <option key={days} value={String(days)}>
              {words.last(days)}
            </option>
          ))}
          <option value="custom">{words.custom}</option>
        </select>
        <Icon name="down" small />
      </label>
      {isCustom && <Days {...{ range, today, onRange }} />}
    </div>
  );
}

function Days({ range, today, onRange }: Omit<Props, 'lines'>) {
  const words = text.figures;
  const since = useRef<HTMLInputElement>(null);
  const until = useRef<HTMLInputElement>(null);
  const [isWrong, setWrong] = useState(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const [from, to] = [since.current?.value ?? '', until.current?.value ?? ''];
    const isGood = isWhole(from, to);
    setWrong(!isGood);
    if (isGood) onRange({ ...range, preset: null, since: from, until: to });
  };
  const field = {
    type: 'date' as const,
    max: today,
    'aria-invalid': isWrong,
    'aria-describedby': isWrong ? 'days-error' : undefined,
  };
  return (
    <form class="days" noValidate onSubmit={submit}>
      <label>
        {words.since}
        <input class="input" ref={since} defaultValue={range.since} {...field} />
      </label>
      <label>
        {words.until}
        <input class="input" ref={until} defaultValue={range.until} {...field} />
      </label>
      <button type="submit" class="btn btn-line">
        {words.apply}
      </button>
      {isWrong && (
        <p class="err" id="days-error" role="alert">
          <Icon name="alert" small />
          {words.wrongRange}
        </p>
      )}
    </form>
  );
}
