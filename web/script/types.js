// The API's types, from its description.
import { mkdir, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { DESCRIPTION, GENERATED } from './places.js';

export async function writeTypes() {
  const types = astToString(await openapiTS(DESCRIPTION));
  await mkdir(new URL('.', GENERATED), { recursive: true });
  await writeFile(GENERATED, types);
}

if (import.meta.url === new URL(process.argv[1], 'file:').href) await writeTypes();
