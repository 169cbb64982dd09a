// The page's files, by the paths under which they are served.

import { readFileSync } from 'node:fs';

const PAGE = new URL('page/', import.meta.url);
/** What it stands on is the feed's own. */
const WEB = new URL('../../../web/src/', import.meta.url);

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** What it may do: run its own files, and talk to this host alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Path below /keypad/ -> file. */
const FILES = {
  '': new URL('index.html', PAGE),
  'icon.svg': new URL('icon.svg', WEB),
};
for (const name of ['tokens.css', 'base.css', 'controls.css', 'outcome.css'])
  FILES[name] = new URL(`styles/${name}`, WEB);
for (const name of [
  'keypad.css',
  'main.js',
  'line.js',
  'microphone.js',
  'phone.js',
  'preview.js',
  'recorder.js',
  'resample.js',
  'sounds.js',
  'state.js',
  'view.js',
  'words.js',
])
  FILES[name] = new URL(name, PAGE);

/** @param {string} path @returns {{headers: object, body: Buffer}|null} */
export function fileAt(path) {
  const name = path.startsWith('/keypad/') ? path.slice('/keypad/'.length) : null;
  if (name === null || !Object.hasOwn(FILES, name)) return null;
  const place = FILES[name];
  const isPage = name === '';
  return {
    headers: {
      'Content-Type': TYPES[place.pathname.split('.').at(-1)],
      'Cache-Control': 'no-cache',
      ...(isPage && {
        'Content-Security-Policy': POLICY,
        'Permissions-Policy': 'microphone=(self)',
      }),
    },
    body: readFileSync(place),
  };
}
