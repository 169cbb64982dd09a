// What is known of a call, one fact a line.

import type { ComponentChildren } from 'preact';
import type { CallDetail } from '../api/types.ts';
import { callerOf } from '../call/caller.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { clockDuration } from '../format/duration.ts';
import { grouped } from '../format/phone.ts';
import type { Locale } from '../format/locale.ts';
import { text } from '../text.ts';
import { exactTime } from './clock.ts';
import { verstatWords } from './verstat.ts';

type Row = [string, ComponentChildren];

export function Facts({
  detail,
  line,
  locale,
}: {
  detail: CallDetail;
  line: string;
  locale: Locale;
}) {
  const words = text.callPage.facts;
  const time = (at: string): string => exactTime(new Date(at), locale);
  const place = callerOf({ ...detail, from: null, caller_name: null }).more;
  const rows: (Row | false)[] = [
    [words.line, line === grouped(detail.line) ? line : `${line}, ${grouped(detail.line)}`],
    [words.number, detail.from === null ? words.noNumber : grouped(detail.from)],
    hasPlace(detail) && [words.place, place],
    [words.callerId, verstatWords(detail.verstat)],
    [words.started, <time dateTime={detail.started_at}>{time(detail.started_at)}</time>],
    [
      words.ended,
      detail.ended_at === null ? (
        words.lasts
      ) : (
        <time dateTime={detail.ended_at}>{time(detail.ended_at)}</time>
      ),
    ],
    detail.duration_s !== null && [words.whole, clockDuration(detail.duration_s)],
    [words.talk, detail.talk_s === null ? words.noTalk : clockDuration(detail.talk_s)],
    detail.voicemail?.duration_s != null && [
      words.message,
      clockDuration(detail.voicemail.duration_s),
    ],
    detail.menu_key !== null && [words.key, detail.menu_key],
    detail.forwarded_to !== null && [words.phone, detail.forwarded_to],
    detail.flow_version !== null && [words.flow, words.version(detail.flow_version)],
    detail.reconciled_at !== null && [words.checked, time(detail.reconciled_at)],
  ];
  return (
    <section class="block" aria-labelledby="h-facts">
      <h2 id="h-facts">{words.title}</h2>
      <dl class="facts">
        {rows.filter(isRow).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Sids detail={detail} />
    </section>
  );
}

function isRow(row: Row | false): row is Row {
  return row !== false;
}

function hasPlace(detail: CallDetail): boolean {
  return Boolean(detail.caller_city ?? detail.caller_region ?? detail.caller_country);
}

function Sids({ detail }: { detail: CallDetail }) {
  const words = text.callPage.facts;
  const sids: [string, string[]][] = [
    [words.callSid, [detail.sid]],
    [words.recordingSid, detail.voicemail === null ? [] : [detail.voicemail.recording_sid]],
    [words.legSids, detail.legs.map(({ sid }) => sid)],
  ];
  return (
    <dl class="facts sids">
      {sids.map(
        ([name, all]) =>
          all.length > 0 && (
            <div key={name}>
              <dt>{name}</dt>
              {all.map((sid) => (
                <dd key={sid}>
                  <span class="mono">{sid}</span>
                  <CopyButton
                    value={sid}
                    words=""
                    copied=""
                    label={words.copy(`${name} ${sid}`)}
                    class="btn btn-icon btn-small"
                  />
                </dd>
              ))}
            </div>
          ),
      )}
    </dl>
  );
}
