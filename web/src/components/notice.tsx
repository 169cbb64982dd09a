// What failed, what to do next, and a code for whoever looks into it.

import { useState } from 'preact/hooks';
import type { Failure } from '../api/failure.ts';
import { failureWords } from '../api/failure-words.ts';
import { readersLocale } from '../format/locale.ts';
import { clockTime } from '../format/time.ts';
import { text } from '../text.ts';
import { Icon } from './icons.tsx';

interface Props {
  title: string;
  failure: Failure;
  level: 'h1' | 'h2';
  onAgain: () => void;
}

export function Notice({ title, failure, level: Title, onAgain }: Props) {
  const [at] = useState(new Date());
  return (
    <div class="notice o-missed" role="alert">
      <Icon name="alert" />
      <Title>{title}</Title>
      <p>{failureWords(failure)}</p>
      <div class="acts">
        <button type="button" class="btn btn-solid" onClick={onAgain}>
          {text.failure.again}
        </button>
      </div>
      <p class="sub mono">
        {failure.code} · {clockTime(at, readersLocale())}
      </p>
    </div>
  );
}
