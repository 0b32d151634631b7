// @vitest-environment node
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { PublicKey } from '../signingkey/signingKeys';
import { type Against, tokenIn, type Verdict, verify } from './verify';

const NOW = new Date('2026-11-26T12:00:00Z');
const SECONDS = NOW.getTime() / 1000;
const ISSUER = 'https://auth.example.com/';
const API = 'https://api.example.com/orders';
const SECRET = 'a signing secret of an API';
const CLAIMS = { iss: ISSUER, aud: API, sub: 'job@clients', iat: SECONDS, exp: SECONDS + 3600 };

type Signing = [importing: object, signing: object];
const SIGNING: Record<string, Signing> = {
  RS256: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, { name: 'RSASSA-PKCS1-v1_5' }],
  RS512: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' }, { name: 'RSASSA-PKCS1-v1_5' }],
  PS256: [
    { name: 'RSA-PSS', hash: 'SHA-256' },
    { name: 'RSA-PSS', saltLength: 32 },
  ],
  ES256: [
    { name: 'ECDSA', namedCurve: 'P-256' },
    { name: 'ECDSA', hash: 'SHA-256' },
  ],
  EdDSA: [{ name: 'Ed25519' }, { name: 'Ed25519' }],
};
const FAMILY: Record<string, string> = { RS256: 'rsa', RS512: 'rsa', PS256: 'rsa', ES256: 'ec', EdDSA: 'ed' };

interface Pair {
  open: JsonWebKey;
  closed: JsonWebKey;
}

const pairs: Record<string, Pair> = {};

async function pairOf(alg: string): Promise<Pair> {
  const [importing] = SIGNING[alg] as Signing;
  const generating: object = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), ...importing };
  const pair = (await crypto.subtle.generateKey(generating as never, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  return {
    open: await crypto.subtle.exportKey('jwk', pair.publicKey),
    closed: await crypto.subtle.exportKey('jwk', pair.privateKey),
  };
}

beforeAll(async () => {
  for (const [family, alg] of [
    ['rsa', 'RS256'],
    ['ec', 'ES256'],
    ['ed', 'EdDSA'],
    ['other', 'RS256'],
  ] as const) {
    pairs[family] = await pairOf(alg);
  }
});

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function json(value: object): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

async function signed(alg: string, claims: object = CLAIMS, header: object = {}, family = FAMILY[alg]) {
  const [importing, signing] = SIGNING[alg] as Signing;
  const { kty, crv, x, y, n, e, d, p, q, dp, dq, qi } = (pairs[family ?? ''] as Pair).closed;
  const jwk = JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, d, p, q, dp, dq, qi }));
  const key = await crypto.subtle.importKey('jwk', jwk, importing as never, false, ['sign']);
  const text = `${json({ alg, typ: 'JWT', kid: family, ...header })}.${json(claims)}`;
  const signature = await crypto.subtle.sign(signing as never, key, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

async function signedWithSecret(secret: string, header: object = {}, claims: object = CLAIMS) {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['sign']);
  const text = `${json({ alg: 'HS256', typ: 'JWT', ...header })}.${json(claims)}`;
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

function published(): PublicKey[] {
  return ['rsa', 'ec', 'ed'].map((kid) => ({ ...(pairs[kid] as Pair).open, kid }) as PublicKey);
}

function against(more: Partial<Against> = {}): Against {
  return { keys: published(), issuer: ISSUER, audience: '', secret: '', now: NOW, ...more };
}

function outcomes(verdicts: Verdict[]): Record<string, string> {
  return Object.fromEntries(verdicts.map(({ check, outcome }) => [check, outcome]));
}

function words(verdicts: Verdict[], check: string): string {
  return verdicts.find((verdict) => verdict.check === check)?.words ?? '';
}

const ALL = ['Format', 'Algorithm', 'Key', 'Signature', 'Issuer', 'Audience', 'Expiry', 'Not before'];
const GOOD = Object.fromEntries(ALL.map((check) => [check, 'passed']));

describe('a token', () => {
  it.each(Object.keys(SIGNING))('signed by %s is good, and each check is told in its order', async (alg) => {
    const verdicts = await verify(await signed(alg), against());

    expect(verdicts.map((verdict) => verdict.check)).toEqual(ALL);
    expect(outcomes(verdicts)).toEqual(GOOD);
  });

  it.each(Object.keys(SIGNING))('signed by %s and changed afterwards is not', async (alg) => {
    const [header, , signature] = (await signed(alg)).split('.');
    const changed = `${header}.${json({ ...CLAIMS, sub: 'admin@clients' })}.${signature}`;

    expect(outcomes(await verify(changed, against()))).toEqual({ ...GOOD, Signature: 'failed' });
  });

  it.each(Object.keys(SIGNING))('of %s without a signature is not good', async (alg) => {
    const [header, payload] = (await signed(alg)).split('.');

    expect(outcomes(await verify(`${header}.${payload}.`, against())).Signature).toBe('failed');
  });

  it('signed by another key under the same kid is not good', async () => {
    const forged = await signed('RS256', CLAIMS, { kid: 'rsa' }, 'other');

    expect(outcomes(await verify(forged, against()))).toEqual({ ...GOOD, Signature: 'failed' });
  });

  it('is good with the secret of its API, and with no other', async () => {
    const token = await signedWithSecret(SECRET);

    expect(outcomes(await verify(token, against({ secret: SECRET })))).toEqual(GOOD);
    expect(outcomes(await verify(token, against({ secret: `${SECRET}.` }))).Signature).toBe('failed');
    expect(outcomes(await verify(token, against()))).toEqual({
      ...GOOD,
      Key: 'unknown',
      Signature: 'not_reached',
    });
  });

  it.each([
    ['expired', { exp: SECONDS - 60 }, 'Expiry', 'It expired 1 minute ago.'],
    ['that expires this second', { exp: SECONDS }, 'Expiry', 'It expired just now.'],
    ['without an expiry', { exp: undefined }, 'Expiry', 'for ever'],
    ['with a text as expiry', { exp: '2030' }, 'Expiry', 'not a time'],
    ['with an expiry beyond all time', { exp: 1e300 }, 'Expiry', 'not a time'],
    ['that is not good yet', { nbf: SECONDS + 120 }, 'Not before', 'in 2 minutes'],
    ['with a wrong nbf', { nbf: null }, 'Not before', 'not a time'],
    ['of another issuer', { iss: 'https://evil.example.com/' }, 'Issuer', 'https://evil.example.com/'],
    ['of an issuer but for the slash', { iss: ISSUER.slice(0, -1) }, 'Issuer', 'is not this server'],
    ['without an issuer', { iss: undefined }, 'Issuer', 'no issuer'],
    ['without an audience', { aud: undefined }, 'Audience', 'none'],
    ['with an empty list of audiences', { aud: [] }, 'Audience', 'none'],
  ])('%s is refused, and which check it is', async (_, claims, check, told) => {
    const verdicts = await verify(await signed('ES256', { ...CLAIMS, ...claims }), against());

    expect(outcomes(verdicts)).toEqual({ ...GOOD, [check]: 'failed' });
    expect(words(verdicts, check)).toContain(told);
  });

  it('is for an API that it names, alone or among others', async () => {
    const many = await signed('EdDSA', { ...CLAIMS, aud: ['https://other.example.com', API] });

    expect(outcomes(await verify(many, against({ audience: API })))).toEqual(GOOD);
    expect(outcomes(await verify(many, against({ audience: `${API}/` }))).Audience).toBe('failed');
    expect(outcomes(await verify(await signed('RS256'), against({ audience: API })))).toEqual(GOOD);
  });

  it.each(['none', 'None', 'NONE', 'nOnE'])('with alg %s is unsigned', async (alg) => {
    const token = `${json({ alg, kid: 'rsa' })}.${json(CLAIMS)}.`;
    const verdicts = await verify(token, against());

    expect(outcomes(verdicts)).toEqual({
      ...GOOD,
      Algorithm: 'failed',
      Key: 'not_reached',
      Signature: 'not_reached',
    });
    expect(words(verdicts, 'Algorithm')).toContain('anybody may have written it');
  });

  it.each([['HS512'], ['toString'], ['__proto__'], [7], [undefined]])(
    'with alg %s is refused',
    async (alg) => {
      const token = `${json({ alg, kid: 'rsa' })}.${json(CLAIMS)}.AAAA`;

      expect(outcomes(await verify(token, against())).Algorithm).toBe('failed');
    },
  );

  it('signed with the public key as the secret is refused, under its kid and with the key pasted', async () => {
    const open = JSON.stringify((pairs.rsa as Pair).open);
    const pem = '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----';

    expect(
      outcomes(await verify(await signedWithSecret(open, { kid: 'rsa' }), against({ secret: open }))),
    ).toMatchObject({ Algorithm: 'failed', Signature: 'not_reached' });
    for (const secret of [open, pem]) {
      expect(outcomes(await verify(await signedWithSecret(secret), against({ secret })))).toMatchObject({
        Key: 'failed',
        Signature: 'not_reached',
      });
    }
  });

  it('whose header names an algorithm that its key is not for is refused', async () => {
    const verdicts = await verify(await signed('ES256', CLAIMS, { kid: 'rsa' }), against());

    expect(outcomes(verdicts)).toMatchObject({ Key: 'failed', Signature: 'not_reached' });
    expect(words(verdicts, 'Key')).toContain('not one for ES256');
  });

  it('is refused if two keys have its kid, unless only one of them is for its algorithm', async () => {
    const token = await signed('RS256', CLAIMS, { kid: 'one' });
    const rsa = { ...(pairs.rsa as Pair).open, kid: 'one' } as PublicKey;
    const other = { ...(pairs.other as Pair).open, kid: 'one' } as PublicKey;
    const ec = { ...(pairs.ec as Pair).open, kid: 'one' } as PublicKey;

    const verdicts = await verify(token, against({ keys: [other, rsa] }));
    expect(outcomes(verdicts)).toMatchObject({ Key: 'failed', Signature: 'not_reached' });
    expect(words(verdicts, 'Key')).toContain('2 keys in the JWKS have the kid one');
    expect(outcomes(await verify(token, against({ keys: [ec, rsa] })))).toEqual(GOOD);
  });

  it('is refused if its kid is not in the JWKS, or it has none', async () => {
    const gone = await verify(await signed('RS256', CLAIMS, { kid: 'gone' }), against());
    expect(words(gone, 'Key')).toContain('it was revoked, or is of another server');
    expect(outcomes(await verify(await signed('RS256', CLAIMS, { kid: undefined }), against())).Key).toBe(
      'failed',
    );
  });

  it('cannot be told while the JWKS is not there', async () => {
    expect(outcomes(await verify(await signed('RS256'), against({ keys: undefined })))).toMatchObject({
      Key: 'unknown',
      Signature: 'not_reached',
    });
  });

  it('cannot be told where the browser lacks the algorithm', async () => {
    const token = await signed('EdDSA');
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(new DOMException('', 'NotSupportedError'));
    const verdicts = await verify(token, against());

    expect(outcomes(verdicts)).toEqual({ ...GOOD, Signature: 'unknown' });
    expect(words(verdicts, 'Signature')).toContain('This browser cannot check EdDSA');
  });

  it('that demands an extension is refused', async () => {
    const verdicts = await verify(await signed('RS256', CLAIMS, { crit: ['exp'] }), against());

    expect(outcomes(verdicts)).toMatchObject({ Format: 'failed', Signature: 'not_reached' });
  });

  it('that is encrypted, cut off, no JSON or endless is told from one that is not', async () => {
    const told = async (token: string): Promise<string> => words(await verify(token, against()), 'Format');

    expect(await told('a.b.c.d.e')).toContain('encrypted');
    expect(await told('a.b')).toContain('three parts');
    expect(await told(`${json({ alg: 'RS256' })}.bm8.AAAA`)).toContain('payload is not JSON');
    expect(await told(`${json([1])}.${json(CLAIMS)}.AAAA`)).toContain('header is not a JSON object');
    expect(await told(`${json({})}.${json(CLAIMS)}.A`)).toContain('signature is not base64url');
    expect(await told(`${json({})}.${json(CLAIMS)}.a+/=`)).toContain('signature is not base64url');
    expect(await told('a'.repeat(100_001))).toContain('longer than');
  });

  it('is found in what was pasted', () => {
    expect(tokenIn(' Authorization: Bearer a.b\n  .c ')).toBe('a.b.c');
    expect(tokenIn('bearer a.b.c')).toBe('a.b.c');
    expect(tokenIn('a.b.c\n')).toBe('a.b.c');
  });
});
