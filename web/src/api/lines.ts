import { ask, client } from './request.ts';

export interface Line {
  line: string;
  /** As the flow calls it. */
  name: string | null;
}

/** The company's numbers. */
export async function companyLines(): Promise<Line[]> {
  return (await ask(client.GET('/api/lines'))).lines;
}
