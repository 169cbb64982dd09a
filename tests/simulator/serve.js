// Serves the REST API of calls that other processes have placed and kept in a
// folder: the Twilio that a local stack reconciles with and fetches audio from.
//
//   TWILIO_AUTH_TOKEN=… node tests/simulator/serve.js --data FOLDER --port N --account AC… [--api-key SK…:SECRET]
//     [--keypad SOCKET --stack FOLDER] [--line NUMBER --public-url ORIGIN]
//
// With --line that is the account's number, and its webhooks are those of the Mainline at
// --public-url, as `mainline number point` sets them.  Without, it has those of the folder.
// With --keypad it also serves the page on which a call can be played, at a socket for
// nginx; --stack is the MAINLINE_DATA of the stack that such a call goes to.
//
// The token comes by the environment: arguments can be read by everybody.

import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { KeypadServer } from './keypad/server.js';
import { PhoneNetwork } from './network.js';
import { pointedSettings } from './tool/stack.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    account: { type: 'string' },
    'api-key': { type: 'string', multiple: true, default: [] },
    keypad: { type: 'string' },
    stack: { type: 'string' },
    line: { type: 'string' },
    'public-url': { type: 'string' },
  },
});

const token = process.env.TWILIO_AUTH_TOKEN;
const publicUrl = values['public-url'];
const isHalf = (values.keypad && !values.stack) || !values.line !== !publicUrl;
if (!values.data || !values.account || !token || isHalf) {
  process.stderr.write(
    'Usage: TWILIO_AUTH_TOKEN=... serve.js --data FOLDER --port N --account AC... [--api-key SK...:SECRET] [--keypad SOCKET --stack FOLDER] [--line NUMBER --public-url ORIGIN]\n',
  );
  process.exit(2);
}

mkdirSync(values.data, { recursive: true });
const network = new PhoneNetwork({
  accountSid: values.account,
  authToken: token.split(','),
  apiKeys: values['api-key']
    .map((pair) => pair.split(':'))
    .map(([sid, secret]) => ({ sid, secret })),
  numbers: {},
  saveTo: values.data,
});
// A careful owner's account: no recording is shown to who has only its address.
network.rest.authOnMedia = true;
if (values.line) {
  network.account.forgetNumbers();
  network.account.addNumber(values.line, pointedSettings({ publicUrl }, values.line));
}
// Before every request, since any of them may ask for what was placed since.
network.rest.beforeRequest = () => network.account.load();
const keypad = values.keypad ? new KeypadServer(values.stack) : null;
await keypad?.endLeft(network.account);
await keypad?.listen(values.keypad);
process.stdout.write(`ready ${await network.listen(Number(values.port), values.host)}\n`);

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, async () => {
    await Promise.all([keypad?.close(), network.close()]);
    process.exit(0);
  });
