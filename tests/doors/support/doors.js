// The C program that goes through the doors, told what to do line by line.

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const PROGRAM = process.env.DOORS ?? join(HERE, '../../../build/dev/tests/doors/doors');

const hex = (field) => Buffer.from(field).toString('hex');
const unhex = (field) => Buffer.from(field, 'hex').toString();

function parse(line) {
  const [error, result, why] = line.split('\t');
  return { error, result: unhex(result), why: unhex(why) };
}

/**
 * What came of each of `lines`, arrays of a verb and its fields (strings or Buffers).
 * @returns {Promise<{ error: string, result: string, why: string }[]>}
 */
export async function doors(lines, env = {}) {
  const child = spawn(PROGRAM, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';

  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stdin.end(lines.map((fields) => `${fields.map(hex).join('\t')}\n`).join(''));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...how) => resolve(how));
  });
  const answers = out.split('\n').slice(0, -1).map(parse);

  if (code !== 0 || answers.length !== lines.length)
    throw new Error(`${PROGRAM} ended with ${code ?? signal} after ${answers.length} of ${lines.length} lines`);
  return answers;
}

export async function door(...fields) {
  const [answer] = await doors([fields]);
  return answer;
}
