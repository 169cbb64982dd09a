import type { Call, CallDetail, CallPage } from '../src/api/types.ts';

export const AT = Date.parse('2026-11-17T11:24:00Z');

/** A call that Reception answered, ten minutes ago; `over` says what is different. */
export function aCall(sid: string, over: Partial<Call> = {}): Call {
  return {
    sid,
    line: '+15550100001',
    from: '+15550123456',
    to: '+15550100001',
    caller_name: null,
    caller_city: null,
    caller_region: null,
    caller_country: null,
    verstat: null,
    status: 'completed',
    outcome: 'answered',
    reason: 'bridged',
    menu_key: '1',
    forwarded_to: 'Reception',
    first_seen_at: over.started_at ?? '2026-11-17T11:14:00.000Z',
    started_at: '2026-11-17T11:14:00.000Z',
    ended_at: null,
    duration_s: 31,
    talk_s: 24,
    voicemail: null,
    note: null,
    done_at: null,
    answered_later: null,
    flow_version: 1,
    updated_at: '2026-11-17T11:14:31.000Z',
    reconciled_at: null,
    ...over,
  };
}

export function aLiveCall(sid: string, over: Partial<Call> = {}): Call {
  return aCall(sid, { status: 'in-progress', outcome: null, reason: null, ...over });
}

export function aDetail(call: Call, over: Partial<CallDetail> = {}): CallDetail {
  return { ...call, steps: [], legs: [], listens: [], events: [], events_omitted: 0, ...over };
}

export function aPage(sids: string, next: string | null = null): CallPage {
  return { calls: [...sids].map((sid) => aCall(sid)), next };
}

export function aMessage(over: Partial<NonNullable<Call['voicemail']>> = {}): Call['voicemail'] {
  return {
    recording_sid: 'RE0',
    duration_s: 12,
    status: 'completed',
    audio_url: '/api/recordings/RE0.mp3',
    transcript: null,
    heard_at: null,
    ...over,
  };
}
