// What stands between the caller and the answer, as it was last found.

import type { components } from '../../generated/schema.js';
import { ask, client } from './request.ts';

export type Doctor = components['schemas']['Doctor'];
export type Finding = components['schemas']['Finding'];

export function lastCheck(): Promise<Doctor> {
  return ask(client.GET('/api/doctor'));
}

/** Gives the check before, with `pending`. */
export function checkAgain(): Promise<Doctor> {
  return ask(client.POST('/api/doctor'));
}
