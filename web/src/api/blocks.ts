// Callers who are turned away.

import type { components } from '../../generated/schema.js';
import { done } from './done.ts';
import { Failure } from './failure.ts';
import { ask, client } from './request.ts';

export type Block = components['schemas']['Block'];
type Page = components['schemas']['BlockPage'];

/** All of them, page by page. */
export async function listBlocks(): Promise<Block[]> {
  const blocks: Block[] = [];
  let after: string | null = null;
  do {
    const query = after === null ? {} : { after };
    const page: Page = await ask(client.GET('/api/blocks', { params: { query } }));
    blocks.push(...page.blocks);
    after = page.next;
  } while (after !== null);
  return blocks;
}

/** null when the number is let in. */
export async function blockOf(number: string): Promise<Block | null> {
  try {
    return await ask(client.GET('/api/blocks/{number}', { params: { path: { number } } }));
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return null;
    throw error;
  }
}

export function block(number: string, note: string | null): Promise<Block> {
  return ask(client.PUT('/api/blocks/{number}', { params: { path: { number } }, body: { note } }));
}

/** Somebody else may have done it before: it is done. */
export async function unblock(number: string): Promise<void> {
  try {
    await done(client.DELETE('/api/blocks/{number}', { params: { path: { number } } }));
  } catch (error) {
    if (!(error instanceof Failure && error.status === 404)) throw error;
  }
}
