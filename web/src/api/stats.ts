import type { components } from '../../generated/schema.js';
import { ask, client } from './request.ts';

export type Stats = components['schemas']['Stats'];
export type OutcomeCounts = components['schemas']['OutcomeCounts'];

export interface StatsQuery {
  since: string;
  until: string;
  tz: string;
  line?: string;
}

export function statsOf(query: StatsQuery): Promise<Stats> {
  return ask(client.GET('/api/stats', { params: { query } }));
}
