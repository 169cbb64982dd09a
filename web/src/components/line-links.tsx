// The company's lines, where there are several: each leads to its own calls.

import { useDesk } from '../feed/context.ts';
import { feedHref, NO_FILTERS } from '../feed/filters.ts';
import { grouped } from '../format/phone.ts';
import { router } from '../router/router.ts';
import { text } from '../text.ts';

export function LineLinks() {
  const { lines } = useDesk();
  if (lines.length < 2) return null;
  const { pathname, search } = router.url;
  return (
    <section class="places-lines" aria-labelledby="lines-h">
      <h2 id="lines-h">{text.nav.lines}</h2>
      <ul class="lines">
        {lines.map(({ line, name }) => {
          const href = feedHref({ ...NO_FILTERS, line });
          const isHere = `${pathname}${search}` === href;
          return (
            <li key={line}>
              <a href={href} aria-current={isHere ? 'page' : undefined}>
                <b class="clip">{name ?? grouped(line)}</b>
                {name !== null && <span class="sub">{grouped(line)}</span>}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
