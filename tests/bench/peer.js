// The peer, and an nginx before it that is the stack's own but for where it passes
// requests to; a third address of that nginx answers by itself.

import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../e2e/support/stack.js';
import { start, startUntil } from './children.js';

const SERVER = fileURLToPath(new URL('peer/server.js', import.meta.url));
const PROCESSES = 2;
const KEPT_CONNECTIONS = 256;

/** What `return 200` says: as long as an answer of the menu's. */
const STATIC_BODY = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello.</Say></Response>';

/** Replace every match, of which there must be one at least. */
function replaced(text, pattern, by) {
  if (!new RegExp(pattern.source, pattern.flags.replace('g', '')).test(text)) {
    throw new Error(`nginx's configuration has changed: nothing matches ${pattern}`);
  }
  return text.replaceAll(pattern, by);
}

/**
 * The stack's configuration, made to pass to the peer by HTTP.
 * @param {string} text @param {object} to
 */
export function peerConfiguration(
  text,
  { folder, https, http, peerHttps, peerHttp, staticHttps, socket },
) {
  const listen = (from, port) => [new RegExp(`(listen \\S+:)${from}\\b`, 'g'), `$1${port}`];
  const changes = [
    [/^pid ".*";/gm, `pid "${folder}/nginx.pid";`],
    [/^(\s*(?:error|access)_log) ".*\/([\w-]+\.log)"/gm, `$1 "${folder}/$2"`],
    [/(_temp_path) ".*\/(\w+)";/g, `$1 "${folder}/$2";`],
    listen(https, peerHttps),
    listen(http, peerHttp),
    [
      /^\s*(?:@\w+@|# .*)?fastcgi_(?:param|pass_request_headers|keep_conn|max_temp_file_size) .*$/gm,
      '',
    ],
    [/fastcgi_((?:connect|send|read)_timeout|intercept_errors)/g, 'proxy_$1'],
    [/fastcgi_pass "unix:.*";/g, 'proxy_pass http://peer;'],
    [
      /\n\}\s*$/g,
      `
    upstream peer {
        server "unix:${socket}";
        keepalive ${KEPT_CONNECTIONS};
    }
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    server {
        listen 127.0.0.1:${staticHttps} ssl backlog=4096;
        location / {
            default_type text/xml;
            return 200 '${STATIC_BODY}';
        }
    }
}
`,
    ],
  ];
  return changes.reduce((out, [pattern, by]) => replaced(out, pattern, by), text);
}

export class Peer {
  /**
   * @param {import('../e2e/support/stack.js').Stack} stack
   * @param {{statements: Record<string, string>, session: string, connections: number}} options
   */
  static async start(stack, options) {
    const peer = new Peer();
    peer.folder = join(stack.settings.MAINLINE_DATA, 'peer');
    peer.port = await freePort();
    peer.staticPort = await freePort();
    const { uid, gid } = statSync(stack.settings.MAINLINE_RUN);
    mkdirSync(peer.folder);
    chownSync(peer.folder, uid, gid);
    await peer.#startApp(stack, options);
    await peer.#startNginx(stack);
    return peer;
  }

  async #startApp({ settings, publicUrl }, { statements, session, connections }) {
    const config = join(this.folder, 'config.json');
    this.socket = join(this.folder, 'app.sock');
    writeFileSync(
      config,
      JSON.stringify({
        socket: this.socket,
        processes: PROCESSES,
        connections,
        statements,
        session,
        databaseUrl: settings.DATABASE_URL,
        authToken: settings.TWILIO_AUTH_TOKEN,
        publicUrl,
        forwardTo: settings.MAINLINE_FORWARD_TO,
      }),
    );
    this.app = await startUntil(/^ready$/m, process.execPath, [SERVER], {
      env: { ...process.env, PEER_CONFIG: config, NODE_ENV: 'production' },
    });
  }

  async #startNginx({ settings, httpsPort, httpPort }) {
    const file = join(this.folder, 'nginx.conf');
    const original = readFileSync(settings.NGINX_CONF, 'utf8');
    const text = peerConfiguration(original, {
      folder: this.folder,
      https: httpsPort,
      http: httpPort,
      peerHttps: this.port,
      peerHttp: await freePort(),
      staticHttps: this.staticPort,
      socket: this.socket,
    });
    writeFileSync(file, text);
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` };
    const args = ['-p', this.folder, '-c', file, '-e', join(this.folder, 'nginx-error.log')];
    execFileSync('nginx', ['-t', '-q', ...args], { env, stdio: 'pipe' });
    this.nginx = start('nginx', args, { env, cwd: dirname(file) });
  }
}
