import type { components } from '../../generated/schema.js';
import { ask, client } from './request.ts';

export type User = components['schemas']['User'];

export async function listUsers(): Promise<User[]> {
  return (await ask(client.GET('/api/users'))).users;
}
