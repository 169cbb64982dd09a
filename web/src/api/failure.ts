// Whatever keeps an answer from us, in one shape.

export class Failure extends Error {
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** The problem's stable word, or one of ours: unreachable, not_understood. */
  readonly code: string;

  /** Seconds to wait before the next try, where the server said so. */
  readonly retryAfterS: number | null;

  constructor(status: number, code: string, detail = '', retryAfterS: number | null = null) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** From an answer that was refused; its body is a problem, if it comes from the API at all. */
export function failureOf(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: unknown,
): Failure {
  const problem = typeof body === 'object' && body !== null ? body : {};
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : null;
  const detail = 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : '';
  const wait = Number(headers.get('Retry-After') ?? Number.NaN);
  const retryAfterS = Number.isFinite(wait) ? wait : null;
  return new Failure(status, code ?? 'not_understood', detail, retryAfterS);
}

/** fetch() rejects with a TypeError without a network, with a TimeoutError when it took too long. */
export function unreachable(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure(0, 'unreachable', String(error));
}
