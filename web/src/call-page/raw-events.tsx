// Every request of the phone network's about a call, for those who look into it.

import type { CallDetail } from '../api/types.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icons.tsx';
import { text } from '../text.ts';
import { prettyXml } from './twiml.ts';

type Event = CallDetail['events'][number];

export function RawEvents({ detail }: { detail: CallDetail }) {
  const words = text.callPage.raw;
  const { events, events_omitted: omitted } = detail;
  return (
    <section class="block">
      <details class="raw-all">
        <summary>
          <Icon name="right" small />
          {words.title}{' '}
          <span class="sub">
            {words.count(events.length)}
            {omitted > 0 && `, ${words.omitted(omitted)}`}
          </span>
        </summary>
        <ol class="raw">
          {events.map((event, i) => (
            <li key={i}>
              <RawEvent event={event} />
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

/** 11:12:04.118, as the log of the server has it: UTC. */
function utcClock(at: string): string {
  return new Date(at).toISOString().slice(11, 23);
}

function RawEvent({ event }: { event: Event }) {
  const words = text.callPage.raw;
  const params = event.params.map(({ name, value }) => `${name}=${value}`).join('\n');
  return (
    <details>
      <summary>
        <Icon name="right" small />
        <span class="mono">{utcClock(event.received_at)}</span>
        <b class="mono">{event.kind}</b>
        <span class="mono clip">{event.url}</span>
      </summary>
      <Text title={words.sent} of={words.params} value={params} />
      {event.twiml !== null && (
        <Text title={words.answered} of={words.twiml} value={prettyXml(event.twiml)} />
      )}
      {event.answer !== null && (
        <Text title={words.twilioSaid} of={words.twilioSaid} value={prettyJson(event.answer)} />
      )}
    </details>
  );
}

function Text({ title, of, value }: { title: string; of: string; value: string }) {
  const words = text.callPage.raw;
  return (
    <div class="raw-text">
      <p class="sub">
        {title}
        {value !== '' && (
          <CopyButton
            value={value}
            words={words.copy}
            copied={words.copied}
            label={words.copyLabel(of)}
            class="btn btn-small"
          />
        )}
      </p>
      <pre tabIndex={0} role="region" aria-label={title}>
        {value === '' ? words.nothing : value}
      </pre>
    </div>
  );
}

function prettyJson(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
