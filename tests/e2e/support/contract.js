// openapi/mainline.yaml, held against responses: no member that it does not name,
// none missing that it promises, no status that it does not list.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { ROOT } from './root.js';

export const openapi = parse(readFileSync(join(ROOT, 'openapi/mainline.yaml'), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(openapi, 'mainline');

function resolve(node) {
  if (!node?.$ref) return node;
  return node.$ref
    .slice(2)
    .split('/')
    .reduce((at, key) => at[key.replaceAll('~1', '/').replaceAll('~0', '~')], openapi);
}

/** The description's path for a concrete one. */
function template(path) {
  return Object.keys(openapi.paths).find((each) => {
    const pattern = each.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
    return new RegExp(`^${pattern}$`).test(path);
  });
}

const compiled = new Map();

function validator(pointer) {
  if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({ $ref: `mainline${pointer}` }));
  return compiled.get(pointer);
}

const escaped = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * What is wrong with a response, in one line each; [] if nothing is.
 * @param {string} method
 * @param {string} path without its query
 * @param {{status: number, headers: object, body: string}} response
 */
export function violations(method, path, { status, headers, body }) {
  const at = template(path);
  if (!at) return [`${path} is not described`];
  const verb = method.toUpperCase() === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = openapi.paths[at][verb];
  if (!operation) return [`${method} ${at} is not described`];
  const described = resolve(operation.responses[status]);
  if (!described) return [`${method} ${at} answered ${status}, which is not described`];
  if (!described.content) return body === '' ? [] : [`${status} has a body, none is described`];
  const type = (headers['content-type'] ?? '').split(';')[0];
  if (!described.content[type]) return [`${status} has the type ${type}, which is not described`];
  const { schema } = described.content[type];
  if (!schema) return []; // bytes
  const reference = operation.responses[status].$ref;
  const base = reference ?? `#/paths/${escaped(at)}/${verb}/responses/${status}`;
  const pointer = schema.$ref ?? `${base}/content/${escaped(type)}/schema`;
  if (method.toUpperCase() === 'HEAD') return [];
  const validate = validator(pointer);
  if (validate(JSON.parse(body))) return [];
  return validate.errors.map((error) => {
    const extra = error.params.unevaluatedProperty ?? error.params.additionalProperty ?? '';
    return `${error.instancePath || '/'} ${error.message} ${extra}`.trim();
  });
}

/**
 * What is wrong with the body of a webhook that we send; [] if nothing is.
 * @param {string} name in the description
 * @param {object} event
 */
export function webhookViolations(name, event) {
  const validate = validator(
    `#/webhooks/${name}/post/requestBody/content/${escaped('application/json')}/schema`,
  );
  if (validate(event)) return [];
  return validate.errors.map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
}
