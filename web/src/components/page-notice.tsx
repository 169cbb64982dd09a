// A whole page that has only one thing to say.

import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icons.tsx';

interface Props {
  icon: IconName;
  title: string;
  words: string;
  /** What to do next. */
  children?: ComponentChildren;
}

export function PageNotice({ icon, title, words, children }: Props) {
  return (
    <div class="notice">
      <Icon name={icon} />
      <h1>{title}</h1>
      <p>{words}</p>
      {children !== undefined && <div class="acts">{children}</div>}
    </div>
  );
}
