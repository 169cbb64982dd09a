// Every word of the page, but the reasons of calls (call/reason.ts).

import { plural } from './format/plural.ts';

const calls = (n: number): string => plural(n, 'call', 'calls');
const newCalls = (n: number): string => plural(n, 'new call', 'new calls');

export const text = {
  product: 'Mainline',
  skip: 'Skip to content',
  nav: { label: 'Main', calls: 'Calls', docs: 'API' },
  pageTitle: (page: string) => `${page} · Mainline`,

  signIn: {
    title: 'Sign in to Mainline',
    short: 'Sign in',
    ended: 'You were signed out: the session has ended or its token was revoked.',
    field: 'API token',
    show: 'Show',
    showLabel: 'Show the token',
    submit: 'Sign in',
    busy: 'Signing in…',
    empty: 'Enter a token. It begins with ml_.',
    refused: 'This token is not valid. Was it copied whole, or has it been revoked?',
    tooMany: 'Too many tries from this address. Wait a moment and try again.',
    offline: 'The server cannot be reached. Check your connection and try again.',
    failed: (code: string) => `Signing in did not work (${code}). Try again in a moment.`,
    where: 'A token is made on the server, by the person who runs Mainline there:',
    command: 'mainline token add --name you --scope read,audio',
    local: 'A local stack keeps its own in',
    localFile: 'var/admin-token',
  },
  signOut: { label: 'Sign out', failed: 'Signing out did not work. Try again.' },

  link: {
    live: 'Live, up to date',
    lost: 'Not up to date',
    offline: 'Offline',
    offlineTitle: 'You are offline.',
    offlineSince: (clock: string) => `Showing calls up to ${clock}. Your callers are not affected.`,
    lostTitle: 'Reconnecting…',
    lostNext: (next: string, age: string) => `Next try in ${next}. Rows may be up to ${age} old.`,
    trying: 'Trying now.',
    now: 'Try now',
    again: 'Try again',
    backTitle: 'Live again.',
    back: (n: number) => (n === 0 ? 'Nothing was missed.' : `${newCalls(n)} came in meanwhile.`),
  },

  failure: {
    title: 'The calls could not be loaded',
    startTitle: 'Mainline could not be reached',
    again: 'Try again',
    words: (status: number, code: string, detail: string): string => {
      if (status === 0) return 'The server did not answer. Check your connection.';
      if (code === 'unavailable')
        return 'The database did not answer. Callers are still answered; their calls will appear here later.';
      if (code === 'scope_missing')
        return 'Your token may not read calls. Sign in with one that has the scope read.';
      if (status === 429) return 'Too many requests from this address. Wait a moment.';
      return detail === '' ? 'The server gave an answer that this page does not know.' : detail;
    },
  },

  feed: {
    title: 'Calls',
    loading: 'Loading calls',
    columns: { outcome: 'Outcome', length: 'Length', time: 'Time' },
    count: calls,
    newCalls,
    older: 'Older calls',
    olderBusy: 'Loading older calls…',
    olderFailed: 'The older calls could not be loaded.',
    end: 'These are all calls.',
    lede: {
      today: 'today',
      answered: 'answered',
      missed: 'missed',
      toHear: (n: number) => (n === 1 ? 'message to hear' : 'messages to hear'),
    },
  },

  row: {
    unheard: 'Unheard.',
    talk: 'talk',
    message: 'message',
    inAll: 'in all',
    play: 'Play',
    playLabel: (who: string, length: string | null) =>
      length === null ? `Play message from ${who}` : `Play message from ${who}, ${length}`,
  },

  caller: {
    none: 'No caller ID',
    withheld: 'Number withheld',
    unknownPlace: 'Place not known',
    internet: 'Call over the internet',
  },

  live: {
    title: 'Now',
    where: 'Where this call is',
    menu: 'Menu',
    inMenu: 'In the menu',
    pressed: (key: string) => `Pressed ${key}`,
    rang: (phone: string) => `Rang ${phone}`,
    ringing: (phone: string) => `Ringing ${phone}`,
    talking: (phone: string) => `Talking with ${phone}`,
    voicemail: 'Voicemail',
    message: 'Leaving a message',
    ending: 'Hanging up',
    inCall: 'In a call',
    aPhone: 'a phone',
  },

  news: {
    call: (who: string) => `New call from ${who}`,
    callRinging: (who: string, phone: string) => `New call from ${who}, ringing ${phone}`,
    message: (who: string) => `New message from ${who}`,
    calls: newCalls,
  },

  player: {
    group: (who: string) => `Message from ${who}`,
    play: 'Play',
    pause: 'Pause',
    position: 'Position in the message',
    positionText: (at: string, of: string) => `${at} of ${of}`,
    speed: (rate: string) => `Speed ${rate}`,
    download: 'Download',
    close: 'Close the player',
    again: 'Try again',
    loading: 'Loading the message',
    failures: {
      recording_not_ready: 'The phone network is still preparing this message. Trying again…',
      recording_gone: 'The audio of this message no longer exists.',
      scope_missing: 'Your token may not play messages. Sign in with one that has the scope audio.',
      upstream_failed: 'The storage of the audio did not hand it out.',
      unreachable: 'The server cannot be reached. Check your connection.',
      unplayable: 'This browser cannot play the audio. Download it instead.',
      other: (code: string) => `The audio could not be loaded (${code}).`,
    },
  },

  empty: {
    title: 'Ready for the first call',
    lead: 'Every call to your number appears here as it rings: who called, how it ended and why, and the message to listen to.',
    phone: 'Call your number from your own phone',
    phoneHint: 'Press a key of the menu, or leave a message: it appears here by itself.',
    simulated: 'Or place a simulated call',
    simulatedHint: 'With a local stack, no phone and no account needed:',
    command: 'script/call --press 2 --hang-up-after 4',
  },
} as const;
