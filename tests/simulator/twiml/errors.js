// Twilio's error codes, as far as these verbs and webhooks can meet them.
// Source: https://www.twilio.com/docs/api/errors
//
// 'error' ends the document: the fallback URL is asked.  'warning' is logged in
// Twilio's debugger and the call goes on, without the attribute or the element
// that was wrong.  Here both are problems, and a test fails by either.

/** @type {Record<number, ['error'|'warning', string]>} */
const CODES = {
  11100: ['error', 'Invalid URL format'],
  11200: ['error', 'HTTP retrieval failure'],
  11201: ['error', 'TCP connection timed out'],
  11202: ['error', 'TCP connection refused'],
  11203: ['error', 'HTTP exchange took too long'],
  11205: ['error', 'HTTP connection failure'],
  11206: ['error', 'HTTP protocol violation'],
  11210: ['error', 'Host name not found'],
  11215: ['error', 'Too many HTTP redirects'],
  11216: ['error', 'Redirect to an invalid URL'],
  11220: ['error', 'TLS handshake failed'],
  11235: ['error', 'Certificate is for another domain'],
  11236: ['error', 'Certificate has expired'],
  11237: ['error', 'Certificate is not signed by a known authority'],
  11240: ['error', 'Invalid connection override'],
  11241: ['error', 'Edge location is not supported'],
  11243: ['error', 'HTTP retry policy is invalid'],
  11750: ['error', 'TwiML response body too large'],
  11770: ['error', 'Empty response body'],
  12100: ['error', 'Document parse failure'],
  12101: ['error', 'Invalid XML version'],
  12102: ['error', 'The root element must be Response'],
  12200: ['warning', 'Schema validation warning'],
  12300: ['error', 'Invalid Content-Type'],
  12400: ['error', 'Internal failure'],
  13201: ['error', 'Dial: cannot dial out from a Dial call segment'],
  13210: ['warning', 'Dial: invalid method'],
  13212: ['warning', 'Dial: invalid timeout'],
  13213: ['warning', 'Dial: invalid hangupOnStar'],
  13214: ['warning', 'Dial: invalid callerId'],
  13215: ['warning', 'Dial: invalid nested element'],
  13216: ['warning', 'Dial: invalid timeLimit'],
  13217: ['warning', 'Dial: invalid record'],
  13218: ['warning', 'Dial: invalid sequential'],
  13219: ['warning', 'Dial: invalid answerOnBridge'],
  13220: ['warning', 'Dial: invalid ringTone'],
  13221: ['warning', 'Dial->Number: invalid method'],
  13222: ['warning', 'Dial->Number: invalid sendDigits'],
  13223: ['warning', 'Dial: invalid phone number format'],
  13247: ['error', 'Dial: invalid From number (caller ID)'],
  13256: ['warning', 'Invalid recordingStatusCallback URL'],
  13257: ['error', 'Invalid transcribeCallback URL'],
  13310: ['warning', 'Gather: invalid finishOnKey'],
  13312: ['warning', 'Gather: invalid method'],
  13313: ['warning', 'Gather: invalid timeout'],
  13314: ['warning', 'Gather: invalid numDigits'],
  13320: ['warning', 'Gather: invalid nested verb'],
  13321: ['warning', 'Gather->Say: invalid voice'],
  13322: ['warning', 'Gather->Say: invalid loop'],
  13326: ['warning', 'Gather: invalid input'],
  13327: ['warning', 'Gather: invalid speechTimeout'],
  13330: ['warning', 'Gather: invalid hints'],
  13338: ['error', 'Gather: invalid actionOnEmptyResult'],
  13410: ['warning', 'Play: invalid loop'],
  13420: ['error', 'Play: invalid Content-Type'],
  13430: ['warning', 'Play: invalid DTMF string'],
  13510: ['warning', 'Say: invalid loop'],
  13520: ['warning', 'Say: invalid text'],
  13521: ['warning', 'Say: character limit exceeded'],
  13610: ['warning', 'Record: invalid method'],
  13611: ['warning', 'Record: invalid timeout'],
  13612: ['warning', 'Record: invalid maxLength'],
  13613: ['warning', 'Record: invalid finishOnKey'],
  13614: ['warning', 'Record: invalid transcribe'],
  13615: ['warning', 'Record: maxLength too high for transcription'],
  13616: ['warning', 'Record: playBeep must be true or false'],
  13617: ['warning', 'Record: length out of range for transcription'],
  13621: ['error', 'Invalid recordingStatusCallbackEvent'],
  13699: ['warning', 'Record: invalid trim'],
  13710: ['warning', 'Redirect: invalid method'],
  13810: ['warning', 'Reject: invalid reason'],
  13910: ['warning', 'Pause: invalid length'],
};

/**
 * Something that Twilio would have logged.
 * @typedef {object} Problem
 * @property {number} code Twilio's, or 0 for what no code of Twilio's covers
 * @property {'error'|'warning'} level
 * @property {string} message
 * @property {string} [url] the document or webhook at fault
 * @property {string} [callSid]
 */

/**
 * @param {number} code
 * @param {string} [detail] what exactly was wrong
 * @returns {Problem}
 */
export function problem(code, detail) {
  const [level, title] = CODES[code] ?? ['error', 'Not simulated'];
  return { code, level, message: detail ? `${title}: ${detail}` : title };
}

/** What ends a document: the fallback URL is asked next. */
export class TwimlError extends Error {
  /**
   * @param {number} code
   * @param {string} url the absolute URL that failed, for ErrorUrl
   * @param {string} [detail]
   */
  constructor(code, url, detail) {
    super(problem(code, detail).message);
    this.name = 'TwimlError';
    this.code = code;
    this.url = url;
    /** True if the test wanted it to fail. */
    this.simulated = false;
  }
}
