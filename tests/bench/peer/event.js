// A signed request as an event.

import { createHash } from 'node:crypto';

/** Is this the SID of a call? */
const CALL = /^CA[0-9a-f]{32}$/;

/** An empty parameter counts as absent. */
const text = (value) => (value ? value : null);
const number = (value) => (/^\d{1,9}$/.test(value ?? '') ? Number(value) : null);

/** SHA-256 over the length-prefixed kind, URI and sorted parameters. */
function keyOf(kind, uri, params) {
  const hash = createHash('sha256');
  const length = Buffer.alloc(8);
  const add = (part) => {
    const bytes = Buffer.from(part);
    length.writeBigUInt64BE(BigInt(bytes.length));
    hash.update(length).update(bytes);
  };
  add(kind);
  add(uri);
  for (const name of Object.keys(params).sort()) {
    for (const value of [params[name]].flat()) {
      add(name);
      add(value);
    }
  }
  return hash.digest();
}

function stateOf(kind, query) {
  const n = kind === 'voice' ? 1 : (number(query.n) ?? 0);
  return {
    line: text(query.line),
    call: CALL.test(query.call ?? '') ? query.call : null,
    version: number(query.v),
    step: text(query.step),
    phone: text(query.phone),
    try: number(query.try) ?? 1,
    n,
  };
}

export function typeEvent({ kind, uri, query, raw, params }) {
  const state = stateOf(kind, query);
  const own = text(params.CallSid);
  const callSid = state.call ?? text(params.ParentCallSid) ?? own;
  const inbound = own === callSid;
  return {
    kind,
    uri,
    raw,
    params,
    state,
    callSid,
    inbound,
    key: keyOf(kind, uri, params),
    line: state.line ?? (inbound ? text(params.To) : null),
    legSid: inbound ? text(params.DialCallSid) : own,
    status: text(params.CallStatus),
    durationS: number(params.CallDuration),
    sequence: number(params.SequenceNumber),
    sipCode: number(params.SipResponseCode),
    occurredAt: params.Timestamp ? new Date(params.Timestamp) : null,
  };
}
