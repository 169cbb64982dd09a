// No call has come yet: what will happen, and how to make it happen.

import { text } from '../text.ts';
import { Icon } from './icons.tsx';
import { useKeypad } from './use-keypad.ts';

export function Empty() {
  const hasKeypad = useKeypad();
  return (
    <div class="empty">
      <Ghost />
      <h2>{text.empty.title}</h2>
      <p class="lead">{text.empty.lead}</p>
      <ul class="todo-list">
        <li>
          <span class="step-n">
            <Icon name="phone" small />
          </span>
          <div>
            <b>{text.empty.phone}</b>
            <p class="sub">{text.empty.phoneHint}</p>
          </div>
        </li>
        <li>
          <span class="step-n">
            <Icon name="keypad" small />
          </span>
          <div>
            <b>{text.empty.simulated}</b>
            <p class="sub">{text.empty.simulatedHint}</p>
            <p>
              {hasKeypad ? (
                <a href="/keypad/">{text.nav.keypad}</a>
              ) : (
                <code>{text.empty.command}</code>
              )}
            </p>
          </div>
        </li>
      </ul>
    </div>
  );
}

/** Three rows as they will be. */
function Ghost() {
  return (
    <svg class="ghost" viewBox="0 0 352 132" aria-hidden="true">
      <rect class="k" x=".5" y=".5" width="351" height="43" rx="10" />
      <circle class="v" cx="24" cy="22" r="12" />
      <path class="s" d="M19 22l3.5 3.5 6.5-7" />
      <rect class="b" x="48" y="13" width="92" height="7" rx="3.5" />
      <rect class="a" x="48" y="26" width="64" height="6" rx="3" />
      <rect class="a" x="300" y="18" width="34" height="7" rx="3.5" />
      <g opacity=".7">
        <rect class="k" x=".5" y="48.5" width="351" height="43" rx="10" />
        <circle class="a" cx="24" cy="70" r="12" />
        <rect class="b" x="48" y="61" width="70" height="7" rx="3.5" />
        <rect class="a" x="48" y="74" width="110" height="6" rx="3" />
        <rect class="a" x="300" y="66" width="34" height="7" rx="3.5" />
      </g>
      <g opacity=".35">
        <rect class="k" x=".5" y="96.5" width="351" height="34" rx="10" />
        <circle class="a" cx="24" cy="114" r="10" />
        <rect class="b" x="48" y="107" width="104" height="7" rx="3.5" />
      </g>
    </svg>
  );
}
