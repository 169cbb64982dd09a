// Programs that run for us, none of which may outlive us.

import { spawn } from 'node:child_process';

/** @type {Set<import('node:child_process').ChildProcess>} */
const living = new Set();

/** Start one. It is ended by endAll(). */
export function start(file, args, options = {}) {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  living.add(child);
  child.on('exit', () => living.delete(child));
  return child;
}

/** Run one to its end. @returns {Promise<string>} what it printed; rejects if it failed */
export function runToEnd(file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = start(file, args, options);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${file} ended with ${code ?? signal}:\n${(err || out).slice(-2000)}`));
    });
  });
}

/** Start one and wait for the line that says it is ready. */
export function startUntil(ready, file, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = start(file, args, options);
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      if (ready.test(said)) resolve(child);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${file} ended with ${code}:\n${said}`)));
  });
}

/** End a child and wait until it is gone. */
function end(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), 5000);
    child.on('exit', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill(signal);
  });
}

/** End all that still run. */
export function endAll() {
  return Promise.all([...living].map((child) => end(child)));
}
