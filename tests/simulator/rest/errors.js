// Errors as the REST API words them: {code, message, more_info, status}.
// https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions

export class RestError extends Error {
  /**
   * @param {number} status HTTP
   * @param {number} code Twilio's
   * @param {string} message
   * @param {Record<string, string>} [headers]
   */
  constructor(status, code, message, headers = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toJSON() {
    const { code, message, status } = this;
    return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  }
}

export function notFound(path) {
  return new RestError(404, 20404, `The requested resource ${path} was not found`);
}

export function unauthorized() {
  return new RestError(401, 20003, 'Authenticate', {
    'WWW-Authenticate': 'Basic realm="Twilio API"',
  });
}

/** What the server answers when a test wants it to fail. */
export function fault(status, retryAfter) {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  if (status === 429) return new RestError(429, 20429, 'Too Many Requests', headers);
  return new RestError(status, 20500, 'An internal server error has occurred', headers);
}
