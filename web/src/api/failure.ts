// Whatever keeps an answer from us, in one shape.

export class Failure extends Error {
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** The problem's stable word, or one of ours: unreachable, not_understood. */
  readonly code: string;

  constructor(status: number, code: string, detail = '') {
    super(detail);
    this.status = status;
    this.code = code;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** From an answer that was refused; its body is a problem, if it comes from the API at all. */
export function failureOf(status: number, body: unknown): Failure {
  const problem = typeof body === 'object' && body !== null ? body : {};
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : null;
  const detail = 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : '';
  return new Failure(status, code ?? 'not_understood', detail);
}

/** fetch() rejects with a TypeError without a network, with a TimeoutError when it took too long. */
export function unreachable(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(0, 'unreachable', String(error));
}
