// How far the phone network vouches for a caller's number (STIR/SHAKEN), in words.
// Its own: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir

import { text } from '../text.ts';

export function verstatWords(verstat: string | null): string {
  const words = text.callPage.verstat;
  if (verstat === null || /^No-TN-Validation/i.test(verstat)) return words.none;
  if (/Failed/i.test(verstat)) return words.failed;
  const attestation = /Passed(?:-Diverted)?-([ABC])/i.exec(verstat)?.[1]?.toUpperCase();
  if (attestation === 'A') return words.a;
  if (attestation === 'B') return words.b;
  return attestation === 'C' ? words.c : verstat;
}
