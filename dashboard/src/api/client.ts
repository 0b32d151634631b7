import createClient, { type Middleware } from 'openapi-fetch';
import { isUnattended } from './attention';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

/** An answer other than 2xx, or none at all (`status` 0). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string | undefined;
  /** What the answer carries as `X-Auth0-RequestId`; the log has it too. */
  readonly requestId: string | undefined;
  /** Before then the same is refused again, as the answer says. */
  readonly retryAt: Date | undefined;

  constructor(status: number, message: string, code?: string, requestId?: string, retryAt?: Date) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryAt = retryAt;
  }

  /** The field that the server refused, `scopes[2].value` for one inside another. */
  get field(): string | undefined {
    return /on property ([^\s.]+(?:\.[^\s.]+)*)\.?(?:\s|$|\()/.exec(this.message)?.[1]?.replace(/\.$/, '');
  }

  /** The server's reason without its frame of words. */
  get reason(): string {
    return /^[A-Za-z ]+validation error: '(.*)'/s.exec(this.message)?.[1] ?? this.message;
  }

  static async of(response: Response): Promise<ApiProblem> {
    const requestId = response.headers.get('x-auth0-requestid') ?? undefined;
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAt = Number.isFinite(wait) ? new Date(Date.now() + wait * 1000) : undefined;
    const body: unknown = await response.json().catch(() => undefined);
    if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') {
      const code = 'errorCode' in body && typeof body.errorCode === 'string' ? body.errorCode : undefined;
      return new ApiProblem(response.status, body.message, code, requestId, retryAt);
    }
    const words = `The server answered ${response.status}`;
    return new ApiProblem(response.status, words, undefined, requestId, retryAt);
  }

  static unreachable(): ApiProblem {
    return new ApiProblem(0, 'The server cannot be reached');
  }
}

/**
 * Whether a change that failed may have been made all the same, as its answer did not arrive, broke off, or came from
 * something between. What the server refuses, with 503 too, it has not done.
 */
export function mayBeDone(problem: unknown): boolean {
  return problem instanceof ApiProblem
    ? problem.status === 0 || (problem.status >= 500 && problem.status !== 503)
    : problem instanceof TypeError;
}

let csrfToken = '';
const nobody = (): Promise<void> | undefined => undefined;
let signedInAgain = nobody;
let renewed = nobody;

/** What the session gave for requests that change something; empty while nobody is signed in. */
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

/** Calls it when an answer says that the session is over; it promises that there is one again. What is returned ends that. */
export function whenSignedOut(listener: () => Promise<void>): () => void {
  signedInAgain = listener;
  return () => {
    signedInAgain = nobody;
  };
}

/** Likewise when the token is not the session's, as another window has begun another; it promises the right token. */
export function whenRefusedAsForged(listener: () => Promise<void>): () => void {
  renewed = listener;
  return () => {
    renewed = nobody;
  };
}

/**
 * One request to this server, with the session's cookie: the answer if it is 2xx, else an `ApiProblem` is thrown. If the
 * session is over it waits until somebody has signed in again, and asks once more: a form that was sent is then saved.
 */
export async function request(input: Request | string, init?: RequestInit): Promise<Response> {
  const asked = new Request(input, init);
  try {
    return await send(asked.clone());
  } catch (problem) {
    const again = problem instanceof ApiProblem && csrfToken !== '' ? mended(problem) : undefined;
    if (again === undefined) {
      throw problem;
    }
    await again;
    return send(asked);
  }
}

/** When what the session lacked is there again; nothing if that is not what was refused. */
function mended(problem: ApiProblem): Promise<void> | undefined {
  if (problem.status === 403 && problem.code === 'csrf') {
    return renewed();
  }
  // Without a cookie, which the browser drops in time, the server cannot know that there was a session.
  return problem.status === 401 && problem.code !== 'invalid_credentials' ? signedInAgain() : undefined;
}

async function send(asked: Request): Promise<Response> {
  if (asked.method !== 'GET' && csrfToken !== '') {
    asked.headers.set('X-CSRF-Token', csrfToken);
  }
  if (isUnattended()) {
    asked.headers.set('X-Unattended', 'true');
  }
  const response = await fetch(asked).catch((failure: unknown) => {
    throw failure instanceof DOMException && failure.name === 'AbortError'
      ? failure
      : ApiProblem.unreachable();
  });
  if (!response.ok) {
    throw await ApiProblem.of(response);
  }
  return response;
}

const noEmptyParameters: Middleware = {
  onRequest({ request: asked }) {
    if (asked.body !== null) {
      // Made anew it would be sent as a stream, which browsers do over HTTP/2 only.
      return undefined;
    }
    const url = new URL(asked.url);
    for (const [name, value] of [...url.searchParams]) {
      if (value === '') {
        url.searchParams.delete(name);
      }
    }
    return new Request(url, asked);
  },
};

/** The management API, typed by its own description. */
export const api = createClient<paths>({
  baseUrl: '/api/v2',
  credentials: 'same-origin',
  fetch: (asked) => request(asked),
});
api.use(noEmptyParameters);

/** What an answer holds; that of an unhappy one was thrown before. */
export async function data<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  return (await answer).data as T;
}

/** An entity with the tag by which a change says what it was made from. */
export interface Tagged<T> {
  value: T;
  etag: string;
}

export async function tagged<T>(answer: Promise<{ data?: T; response: Response }>): Promise<Tagged<T>> {
  const { data: value, response } = await answer;
  return { value: value as T, etag: response.headers.get('etag') ?? '' };
}

/** Has a change refused with 412 if the entity is no longer what it was made from. */
export function ifMatch(etag: string): Record<string, string> {
  return etag === '' ? {} : { 'If-Match': etag };
}
