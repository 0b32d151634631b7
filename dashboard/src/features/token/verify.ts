import { relative } from '../../ui/figures';
import type { PublicKey } from '../signingkey/signingKeys';
import { type DecodedToken, decode } from './jwt';

/** One check of a token, in words. */
export interface Verdict {
  check: string;
  /** `unknown`: this page cannot tell; `not_reached`: a check before it failed, or has to be settled first. */
  outcome: 'passed' | 'failed' | 'unknown' | 'not_reached';
  words: string;
}

/** What a token is held against. */
export interface Against {
  /** What the server publishes; undefined while it is not known. */
  keys: PublicKey[] | undefined;
  issuer: string;
  /** The API that it should be for; empty for any. */
  audience: string;
  /** For HS256; empty if none was typed. */
  secret: string;
  now: Date;
}

interface Scheme {
  kty: 'RSA' | 'EC' | 'OKP';
  crv?: string;
  importing: RsaHashedImportParams | EcKeyImportParams | AlgorithmIdentifier;
  verifying: AlgorithmIdentifier | RsaPssParams | EcdsaParams;
}

const SCHEMES: Record<string, Scheme> = {
  RS256: rsa('SHA-256'),
  RS512: rsa('SHA-512'),
  PS256: {
    kty: 'RSA',
    importing: { name: 'RSA-PSS', hash: 'SHA-256' },
    verifying: { name: 'RSA-PSS', saltLength: 32 },
  },
  ES256: {
    kty: 'EC',
    crv: 'P-256',
    importing: { name: 'ECDSA', namedCurve: 'P-256' },
    verifying: { name: 'ECDSA', hash: 'SHA-256' },
  },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', importing: { name: 'Ed25519' }, verifying: { name: 'Ed25519' } },
};

function rsa(hash: string): Scheme {
  return {
    kty: 'RSA',
    importing: { name: 'RSASSA-PKCS1-v1_5', hash },
    verifying: { name: 'RSASSA-PKCS1-v1_5' },
  };
}

const CHECKS = ['Format', 'Algorithm', 'Key', 'Signature', 'Issuer', 'Audience', 'Expiry', 'Not before'];

/** The token in a text that was pasted: without a scheme before it, and without line breaks. */
export function tokenIn(pasted: string): string {
  return pasted.replace(/^\s*(?:authorization:\s*)?bearer\s+/i, '').replace(/\s+/g, '');
}

/**
 * Checks a token as an API should, with what the browser has; nothing is sent. The checks of the signature end with the
 * first that fails; what a token claims is looked at all the same, and means nothing while the signature is not good.
 */
export async function verify(token: string, against: Against): Promise<Verdict[]> {
  let decoded: DecodedToken;
  try {
    decoded = decode(token);
  } catch (problem) {
    return [
      failed('Format', `${(problem as Error).message}.`),
      ...CHECKS.slice(1).map((check) => notReached(check)),
    ];
  }
  const verdicts = [format(decoded)];
  if (verdicts[0]?.outcome === 'passed') {
    verdicts.push(...(await signature(decoded, against)));
  }
  const reached = verdicts.map((verdict) => verdict.check);
  return [
    ...verdicts,
    ...['Algorithm', 'Key', 'Signature'].filter((check) => !reached.includes(check)).map(notReached),
    ...claims(decoded.claims, against),
  ];
}

function format({ header }: DecodedToken): Verdict {
  // RFC 7515 §4.1.11: what must be understood and is not makes it invalid.
  return header.crit === undefined
    ? passed('Format', 'Three parts in base64url; header and payload are JSON objects.')
    : failed('Format', 'Its header has crit: it demands an extension that is not known here.');
}

async function signature(decoded: DecodedToken, against: Against): Promise<Verdict[]> {
  const alg = decoded.header.alg;
  if (alg === 'HS256') {
    return withSecret(decoded, against);
  }
  const scheme = typeof alg === 'string' && Object.hasOwn(SCHEMES, alg) ? SCHEMES[alg] : undefined;
  if (scheme === undefined) {
    return [failed('Algorithm', wrongAlgorithm(alg))];
  }
  const algorithm = passed('Algorithm', `${alg}, which this server signs with.`);
  if (against.keys === undefined) {
    return [algorithm, unknown('Key', 'The server’s JWKS is not there yet.')];
  }
  const kid = decoded.header.kid;
  if (typeof kid !== 'string') {
    return [algorithm, failed('Key', 'Its header has no kid, so no key can be chosen.')];
  }
  const named = against.keys.filter((key) => key.kid === kid && key.use !== 'enc');
  const fitting = named.filter(
    (key) => key.kty === scheme.kty && (scheme.crv === undefined || key.crv === scheme.crv),
  );
  const [key] = fitting;
  if (named.length === 0) {
    return [
      algorithm,
      failed('Key', `No key in the JWKS has the kid ${kid}: it was revoked, or is of another server.`),
    ];
  }
  if (key === undefined) {
    return [algorithm, failed('Key', `The key ${kid} is not one for ${alg}: the header was made up.`)];
  }
  if (fitting.length > 1) {
    return [
      algorithm,
      failed(
        'Key',
        `${fitting.length} keys in the JWKS have the kid ${kid}: which of them is meant cannot be told.`,
      ),
    ];
  }
  return [
    algorithm,
    passed('Key', `The JWKS has ${kid}.`),
    await signedWith(key, scheme, decoded, String(alg)),
  ];
}

function wrongAlgorithm(alg: unknown): string {
  return typeof alg === 'string' && alg.toLowerCase() === 'none'
    ? 'none: it is not signed, so anybody may have written it.'
    : typeof alg === 'string'
      ? `${alg} is none that this server signs with.`
      : 'Its header does not say which.';
}

async function signedWith(
  key: PublicKey,
  scheme: Scheme,
  decoded: DecodedToken,
  alg: string,
): Promise<Verdict> {
  if (globalThis.crypto?.subtle === undefined) {
    return unknown('Signature', 'The browser checks signatures on https and on localhost only.');
  }
  const { kty, crv, n, e, x, y } = key;
  const jwk = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x };
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, scheme.importing, false, ['verify']);
  } catch (problem) {
    return problem instanceof DOMException && problem.name === 'NotSupportedError'
      ? unknown('Signature', `This browser cannot check ${alg}; a newer one can.`)
      : unknown('Signature', 'The browser cannot read the key in the JWKS.');
  }
  const isGood = await crypto.subtle.verify(scheme.verifying, imported, decoded.signature, decoded.signed);
  return isGood
    ? passed('Signature', 'It was made with that key over these very words.')
    : failed('Signature', 'It was not made with that key, or the token was changed afterwards.');
}

/** What everybody can have: with it as a secret anybody could sign. */
const PUBLIC = /-----BEGIN (?:RSA )?(?:PUBLIC KEY|CERTIFICATE)|"kty"\s*:/;

async function withSecret(decoded: DecodedToken, { keys, secret }: Against): Promise<Verdict[]> {
  const kid = decoded.header.kid;
  const isOfPublicKey = kid !== undefined && keys?.some((key) => key.kid === kid);
  if (isOfPublicKey) {
    return [
      failed(
        'Algorithm',
        'HS256, with the kid of a public key: so looks an attack in which the public key serves as the secret.',
      ),
    ];
  }
  const algorithm = passed('Algorithm', 'HS256, which this server signs with for an API that asks for it.');
  if (secret === '') {
    return [algorithm, unknown('Key', 'Paste the API’s signing secret below the token.')];
  }
  if (PUBLIC.test(secret)) {
    return [
      algorithm,
      failed('Key', 'What was pasted is a public key: everybody has it, so it proves nothing as a secret.'),
    ];
  }
  const key = passed('Key', 'The secret that was pasted.');
  if (globalThis.crypto?.subtle === undefined) {
    return [
      algorithm,
      key,
      unknown('Signature', 'The browser checks signatures on https and on localhost only.'),
    ];
  }
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, [
    'verify',
  ]);
  return [
    algorithm,
    key,
    (await crypto.subtle.verify(hmac, imported, decoded.signature, decoded.signed))
      ? passed('Signature', 'It was made with that secret over these very words.')
      : failed('Signature', 'It was not made with that secret, or the token was changed afterwards.'),
  ];
}

function claims(payload: Record<string, unknown>, against: Against): Verdict[] {
  return [
    issuer(payload.iss, against.issuer),
    audience(payload.aud, against.audience),
    expiry(payload.exp, against.now),
    notBefore(payload.nbf, against.now),
  ];
}

function issuer(iss: unknown, expected: string): Verdict {
  return iss === expected
    ? passed('Issuer', `${expected}, this server.`)
    : failed(
        'Issuer',
        typeof iss === 'string' ? `${iss} is not this server, which is ${expected}` : 'It has no issuer.',
      );
}

function audience(aud: unknown, wanted: string): Verdict {
  const named: unknown[] = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud];
  if (named.length === 0 || !named.every((one) => typeof one === 'string')) {
    return failed('Audience', 'It has none, so no API should take it.');
  }
  if (wanted === '') {
    return passed('Audience', `${named.join(', ')}; any was asked for.`);
  }
  return named.includes(wanted)
    ? passed('Audience', `${wanted}, as asked for.`)
    : failed('Audience', `It is for ${named.join(', ')}, not for ${wanted}`);
}

function expiry(exp: unknown, now: Date): Verdict {
  if (exp === undefined) {
    return failed('Expiry', 'It has none, so it would be good for ever.');
  }
  const at = moment(exp);
  if (at === undefined) {
    return failed('Expiry', 'It is not a time.');
  }
  return at > now
    ? passed('Expiry', `It expires ${relative(at, now)}.`)
    : failed('Expiry', `It expired ${relative(at, now)}.`);
}

function notBefore(nbf: unknown, now: Date): Verdict {
  if (nbf === undefined) {
    return passed('Not before', 'It names no time before which it is not good.');
  }
  const at = moment(nbf);
  if (at === undefined) {
    return failed('Not before', 'It is not a time.');
  }
  return at > now
    ? failed('Not before', `It is not good yet: it will be ${relative(at, now)}.`)
    : passed('Not before', 'That time has come.');
}

/** Seconds since 1970 as a time, RFC 7519 §2; undefined if they are none. */
function moment(seconds: unknown): Date | undefined {
  const at = new Date(typeof seconds === 'number' ? seconds * 1000 : Number.NaN);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function passed(check: string, words: string): Verdict {
  return { check, outcome: 'passed', words };
}

function failed(check: string, words: string): Verdict {
  return { check, outcome: 'failed', words };
}

function unknown(check: string, words: string): Verdict {
  return { check, outcome: 'unknown', words };
}

function notReached(check: string): Verdict {
  return { check, outcome: 'not_reached', words: 'Not come to.' };
}
