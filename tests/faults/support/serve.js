// mainline serve by itself, without nginx, against the database of a stack.

import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import twilio from 'twilio';
import { BINARY, run } from '../../e2e/support/stack.js';
import { encode, FORM, inbound } from '../../e2e/support/webhook.js';
import { exchange, requestBytes } from './fastcgi.js';

const READY_WITHIN_MS = 10_000;

/** Started by root it becomes this user, as script/server has it. */
async function unprivileged() {
  if (process.getuid() !== 0) return null;
  const { out } = await run('id', ['-u', 'postgres']);
  return { name: 'postgres', uid: Number(out) };
}

export class Serve {
  /** @param {import('../../e2e/support/stack.js').Stack} stack for its database and settings */
  static async prepare(stack, env = {}) {
    const serve = new Serve();
    const user = await unprivileged();
    serve.stack = stack;
    serve.folder = mkdtempSync(join(tmpdir(), 'mainline-serve-'));
    chmodSync(serve.folder, 0o755);
    if (user) chownSync(serve.folder, user.uid, user.uid);
    serve.run = join(serve.folder, 'run');
    serve.socket = join(serve.run, 'hook.sock');
    serve.env = stack.commandEnv({
      MAINLINE_DATA: serve.folder,
      MAINLINE_RUN: serve.run,
      MAINLINE_WORKERS: '8',
      MAINLINE_API_WORKERS: '2', // ten together: tests count them
      ...(user ? { MAINLINE_USER: user.name } : {}),
      ...env,
    });
    serve.lines = [];
    return serve;
  }

  /** Start it and wait until it listens and its workers are there. */
  async up() {
    this.process = spawn(BINARY, ['serve'], { env: this.env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.exited = new Promise((resolve) =>
      this.process.on('exit', (code, signal) => resolve({ code, signal })),
    );
    let rest = '';
    this.process.stderr.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines)
        this.lines.push(line.startsWith('{') ? JSON.parse(line) : { ev: 'text', line });
    });
    const began = performance.now();
    while (!existsSync(this.socket) || this.workers().length === 0) {
      if (performance.now() - began > READY_WITHIN_MS)
        throw new Error(`not up: ${JSON.stringify(this.lines)}`);
      if (this.process.exitCode !== null) throw new Error(`exited: ${JSON.stringify(this.lines)}`);
      await wait(2);
    }
  }

  /** Process ids of the workers. */
  workers() {
    return this.#children().filter((pid) => ['ml-hook', 'ml-api'].includes(nameOf(pid)));
  }

  /** Process id of the journal, undefined when there is none. */
  journal() {
    return this.#children().find((pid) => nameOf(pid) === 'ml-journal');
  }

  #children() {
    const path = `/proc/${this.process.pid}/task/${this.process.pid}/children`;
    try {
      return readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    } catch {
      return childrenOf(this.process.pid);
    }
  }

  /** Wait until nothing is left in the spool: all is in the database. */
  async settled(within = 10_000) {
    const spool = join(this.folder, 'spool');
    const began = performance.now();
    while (existsSync(spool) && readdirSync(spool).some((name) => name !== 'lock')) {
      if (performance.now() - began > within) throw new Error(`spooled: ${readdirSync(spool)}`);
      await wait(20);
    }
  }

  kill(signal) {
    this.process.kill(signal);
  }

  /** TERM, and how many milliseconds it took. */
  async stop() {
    const began = performance.now();
    this.kill('SIGTERM');
    await this.exited;
    return performance.now() - began;
  }

  close() {
    if (this.process?.exitCode === null && this.process?.signalCode === null)
      this.process.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  said(ev) {
    return this.lines.filter((line) => line.ev === ev);
  }

  /** The bytes of a signed request. */
  request(route, changes = {}) {
    const { stack } = this;
    const params = inbound(stack, changes);
    const path = `/twilio/${route}?line=${encodeURIComponent(stack.line)}`;
    const { hostname } = new URL(stack.publicUrl);
    const token = stack.settings.TWILIO_AUTH_TOKEN;
    const body = encode(params);
    const bytes = requestBytes(
      {
        REQUEST_METHOD: 'POST',
        REQUEST_URI: path,
        CONTENT_TYPE: FORM,
        CONTENT_LENGTH: String(body.length),
        HTTP_X_TWILIO_SIGNATURE: twilio.getExpectedTwilioSignature(
          token,
          `https://${hostname}${path}`,
          params,
        ),
      },
      body,
    );
    return { bytes, callSid: params.CallSid };
  }

  /** A signed request in one piece. */
  async post(route = 'voice', changes = {}) {
    const { bytes, callSid } = this.request(route, changes);
    return { callSid, ...(await exchange(this.socket, [bytes])) };
  }
}

/** The name that a process has given itself. */
function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Where the kernel does not list children: by their parent in /proc. */
function childrenOf(parent) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          Number(/^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) === parent
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}
