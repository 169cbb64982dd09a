// A call as one JSON object, for programs: what --json prints.

/** @param {import('../wire/webhooks.js').WebhookRequest} request */
function requestOf(request, startedAt) {
  const { kind, method, url, params, attempt, duplicate, lost, response, error } = request;
  const asked = { kind, leg_sid: request.legSid, method, url, params, attempt, duplicate, lost };
  return {
    ...asked,
    at_s: (request.at - startedAt) / 1000,
    status: response?.status ?? null,
    ms: response ? Math.round(response.ms * 10) / 10 : null,
    error: error ? { code: error.code, message: error.message } : null,
  };
}

/**
 * @param {import('../inbound-call.js').InboundCall} call
 * @param {import('../network.js').PhoneNetwork} network
 * @param {string|null} story its name
 * @param {object|null} outcome what the server's API says of the call
 */
export function recordOf(call, network, story, outcome) {
  const { sid, from, to, status } = call;
  const startedAt = call.leg.createdAt;
  const recordings = call.recordings.map((recording) => ({
    sid: recording.sid,
    status: recording.status,
    duration_s: recording.duration,
  }));
  return {
    ...{ sid, from, to, status, story, recordings, seed: network.seed },
    application_error: call.applicationError,
    problems: network.problems,
    heard: call.heard.map(({ at, ...moment }) => moment),
    requests: call.requests.map((request) => requestOf(request, startedAt)),
    never_delivered: call.lost.map((request) => requestOf(request, startedAt)),
    call: outcome,
  };
}
