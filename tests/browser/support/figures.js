// Figures of a busy fortnight, as a server would give them.

const NONE = { answered: 0, voicemail: 0, missed: 0, abandoned: 0, blocked: 0, failed: 0 };

/** By the hour from 8 on: answered, voicemail, missed, abandoned. */
const HOURS = [
  [6, 1, 1, 1],
  [42, 4, 3, 2],
  [50, 5, 4, 3],
  [41, 3, 4, 2],
  [19, 5, 5, 4],
  [16, 6, 5, 3],
  [35, 3, 3, 1],
  [38, 2, 3, 2],
  [30, 3, 2, 2],
  [14, 3, 3, 3],
  [1, 4, 2, 2],
  [0, 2, 1, 2],
];

export const NO_FIGURES = {
  total: NONE,
  by_hour: Array.from({ length: 24 }, () => NONE),
  by_weekday_hour: Array.from({ length: 7 }, () => Array(24).fill(0)),
  by_line: [],
  by_reason: [],
  time_to_answer: { median_s: null, p90_s: null, classes: [] },
  talk_s: null,
  message_s: null,
  menu: { keys: [], hung_up: 0, came: 0 },
};

/** @param {URLSearchParams} query as it was asked for */
export function figuresFor(query) {
  const [since, until] = [query.get('since'), query.get('until')];
  const days = [];
  for (let at = Date.parse(since); at <= Date.parse(until); at += 24 * 3600_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  const counts = (answered, voicemail, missed, abandoned) => {
    return { ...NONE, answered, voicemail, missed, abandoned };
  };
  return {
    ...NO_FIGURES,
    since,
    until,
    tz: query.get('tz'),
    total: { ...counts(292, 41, 36, 27), blocked: 5, failed: 1 },
    by_day: days.map((day, i) => {
      const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
      return {
        day,
        counts: isWeekend ? counts(2, 2, 2, 1) : counts(22 + ((i * 7) % 13), 2 + (i % 4), 3, i % 5),
      };
    }),
    by_hour: Array.from({ length: 24 }, (_, hour) => counts(...(HOURS[hour - 8] ?? [0, 0, 0, 0]))),
    by_weekday_hour: Array.from({ length: 7 }, (_, day) =>
      Array.from({ length: 24 }, (_, hour) => {
        const all = (HOURS[hour - 8] ?? []).reduce((sum, n) => sum + n, 0);
        return Math.round((all * (day < 5 ? 9 - day : 1)) / 40);
      }),
    ),
    by_line: [
      { line: '+15550100001', counts: counts(224, 32, 20, 21) },
      { line: '+33199001200', counts: counts(68, 9, 16, 6) },
    ],
    by_reason: [
      { outcome: 'answered', reason: 'bridged', calls: 292 },
      { outcome: 'voicemail', reason: 'message_left', calls: 41 },
      { outcome: 'missed', reason: 'no_answer', calls: 19 },
      { outcome: 'abandoned', reason: 'hung_up_in_menu', calls: 19 },
      { outcome: 'missed', reason: 'not_accepted', calls: 11 },
      { outcome: 'abandoned', reason: 'hung_up_while_ringing', calls: 8 },
      { outcome: 'missed', reason: 'busy', calls: 6 },
      { outcome: 'failed', reason: 'twilio_error', calls: 1 },
    ],
    time_to_answer: {
      median_s: 8,
      p90_s: 17,
      classes: [
        { up_to_s: 5, calls: 70 },
        { up_to_s: 10, calls: 121 },
        { up_to_s: 15, calls: 64 },
        { up_to_s: 20, calls: 23 },
        { up_to_s: null, calls: 14 },
      ],
    },
    talk_s: 184,
    message_s: 31,
    menu: {
      came: 381,
      hung_up: 19,
      keys: [
        { key: '1', calls: 309 },
        { key: '2', calls: 34 },
      ],
    },
  };
}
