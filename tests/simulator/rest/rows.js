// Rows of the REST API, with every field that Twilio's description of it names.
// Twilio sends scalars as strings or null; what is a number here is one there.
// https://www.twilio.com/docs/voice/api

import { API_VERSION } from '../wire/parameters.js';
import { rfc2822 } from '../wire/time.js';

/** A row as JSON. @typedef {Record<string, any>} Row */

const TERMINAL = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

/** '(415) 555-0100' for North America, otherwise as it is. */
function formatted(address) {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(address);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : address;
}

function base(account, kind, sid) {
  return `/${API_VERSION}/Accounts/${account.sid}/${kind}/${sid}`;
}

/** https://www.twilio.com/docs/voice/api/call-resource#call-properties */
export function callRow(leg, { account, now }) {
  const uri = base(account, 'Calls', leg.sid);
  const subresource = (name) => [
    name.replace(/[A-Z]/g, (c, at) => (at ? '_' : '') + c.toLowerCase()),
    `${uri}/${name}.json`,
  ];
  const subresources = [
    'Events',
    'Notifications',
    'Payments',
    'Recordings',
    'Siprec',
    'Streams',
    'Transcriptions',
    'UserDefinedMessages',
    'UserDefinedMessageSubscriptions',
  ];
  return {
    sid: leg.sid,
    date_created: rfc2822(leg.createdAt),
    date_updated: rfc2822(now),
    parent_call_sid: leg.parent?.sid ?? null,
    account_sid: account.sid,
    to: leg.to,
    to_formatted: formatted(leg.to),
    from: leg.from,
    from_formatted: formatted(leg.from),
    phone_number_sid: leg.parent ? null : (account.numbers[leg.to]?.sid ?? null),
    // The REST API has no word `initiated`.
    status: leg.status === 'initiated' ? 'queued' : leg.status,
    start_time: rfc2822(leg.createdAt),
    end_time: leg.endedAt === null ? null : rfc2822(leg.endedAt),
    duration: leg.status === 'completed' ? String(leg.duration) : null,
    price: null,
    price_unit: 'USD',
    direction: leg.direction,
    answered_by: null,
    api_version: API_VERSION,
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: Object.fromEntries(subresources.map(subresource)),
  };
}

/** https://www.twilio.com/docs/voice/api/recording#recording-properties */
export function recordingRow(recording, { account, now }) {
  const uri = base(account, 'Recordings', recording.sid);
  const known = ['completed', 'absent', 'failed'].includes(recording.status);
  return {
    account_sid: account.sid,
    api_version: API_VERSION,
    call_sid: recording.leg.sid,
    conference_sid: null,
    date_created: rfc2822(recording.startedAt),
    date_updated: rfc2822(now),
    start_time: rfc2822(recording.startedAt),
    duration: recording.duration === null ? null : String(recording.duration),
    sid: recording.sid,
    price: null,
    price_unit: 'USD',
    status: recording.status,
    channels: 1,
    source: 'RecordVerb',
    error_code: known && recording.errorCode !== 0 ? recording.errorCode : null,
    uri: `${uri}.json`,
    encryption_details: null,
    subresource_uris: {
      add_on_results: `${uri}/AddOnResults.json`,
      transcriptions: `${uri}/Transcriptions.json`,
    },
    media_url: recording.url,
  };
}

/** The recording as a subresource of its call, which has other fields. */
export function callRecordingRow(row) {
  const { media_url, subresource_uris, uri, price, ...common } = row;
  const prefix = `/${API_VERSION}/Accounts/${row.account_sid}`;
  return {
    ...common,
    price: price === null ? null : Number(price),
    track: 'inbound',
    uri: `${prefix}/Calls/${row.call_sid}/Recordings/${row.sid}.json`,
  };
}

/** https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource */
export function numberRow(number, { account, settings, now }) {
  return {
    account_sid: account.sid,
    address_sid: null,
    address_requirements: 'none',
    api_version: API_VERSION,
    beta: false,
    capabilities: { voice: settings.voice ?? true, sms: true, mms: true, fax: false },
    date_created: rfc2822(settings.createdAt),
    date_updated: rfc2822(now),
    friendly_name: settings.friendlyName ?? formatted(number),
    identity_sid: null,
    phone_number: number,
    origin: 'twilio',
    sid: settings.sid,
    sms_application_sid: '',
    sms_fallback_method: 'POST',
    sms_fallback_url: '',
    sms_method: 'POST',
    sms_url: '',
    status_callback: settings.statusCallback ?? '',
    status_callback_method: settings.statusCallbackMethod ?? 'POST',
    trunk_sid: settings.trunkSid ?? null,
    uri: `${base(account, 'IncomingPhoneNumbers', settings.sid)}.json`,
    voice_receive_mode: settings.voiceReceiveMode ?? 'voice',
    voice_application_sid: settings.voiceApplicationSid ?? '',
    voice_caller_id_lookup: settings.voiceCallerIdLookup ?? false,
    voice_fallback_method: settings.voiceFallbackMethod ?? 'POST',
    voice_fallback_url: settings.voiceFallbackUrl ?? '',
    voice_method: settings.voiceMethod ?? 'POST',
    voice_url: settings.voiceUrl ?? '',
    emergency_status: 'Inactive',
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    bundle_sid: null,
    status: 'in-use',
    type: 'local',
  };
}

/** https://www.twilio.com/docs/usage/api/applications#application-properties */
export function applicationRow(sid, { account, settings, now }) {
  return {
    account_sid: account.sid,
    api_version: API_VERSION,
    date_created: rfc2822(settings.createdAt),
    date_updated: rfc2822(now),
    friendly_name: settings.friendlyName ?? '',
    message_status_callback: '',
    sid,
    sms_fallback_method: 'POST',
    sms_fallback_url: '',
    sms_method: 'POST',
    sms_status_callback: '',
    sms_url: '',
    status_callback: settings.statusCallback ?? '',
    status_callback_method: settings.statusCallbackMethod ?? 'POST',
    uri: `${base(account, 'Applications', sid)}.json`,
    voice_caller_id_lookup: settings.voiceCallerIdLookup ?? false,
    voice_fallback_method: settings.voiceFallbackMethod ?? 'POST',
    voice_fallback_url: settings.voiceFallbackUrl ?? '',
    voice_method: settings.voiceMethod ?? 'POST',
    voice_url: settings.voiceUrl ?? '',
    public_application_connect_enabled: false,
  };
}

/** https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource */
export function availableRow(offer) {
  return {
    friendly_name: formatted(offer.number),
    phone_number: offer.number,
    lata: null,
    locality: offer.locality ?? null,
    rate_center: null,
    latitude: null,
    longitude: null,
    region: offer.region ?? null,
    postal_code: null,
    iso_country: offer.country,
    address_requirements: offer.address ?? 'none',
    beta: false,
    capabilities: { voice: offer.voice ?? true, SMS: true, MMS: offer.type === 'local' },
  };
}

/** https://www.twilio.com/docs/voice/api/call-event-resource */
export function eventRow(request) {
  const { response } = request;
  return {
    request: {
      method: request.method,
      url: request.url,
      parameters: Object.fromEntries(request.params.map(([name, value]) => [snake(name), value])),
    },
    response: {
      response_code: response?.status ?? null,
      request_duration: response ? Math.round(response.ms) : null,
      content_type: response?.headers['content-type'] ?? null,
      response_body: response?.body.toString() ?? null,
      date_created: rfc2822(request.at),
    },
  };
}

function snake(name) {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (c) => `_${c}`).toLowerCase();
}

export function isOver(row) {
  return TERMINAL.includes(row.status);
}
