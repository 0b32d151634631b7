import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { appAt } from '../../app/appAt';

const ISSUER = 'https://auth.example.com/';

function json(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function token(): Promise<{ token: string; key: object }> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const text = `${json({ alg: 'ES256', kid: 'k1' })}.${json({ iss: ISSUER, aud: 'https://api.example.com', exp })}`;
  const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(ecdsa, pair.privateKey, new TextEncoder().encode(text));
  return {
    token: `${text}.${Buffer.from(signature).toString('base64url')}`,
    key: { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid: 'k1' },
  };
}

describe('the token debugger', () => {
  it('tells a good token from a changed one while one types, and sends it nowhere', async () => {
    const { token: good, key } = await token();
    const { asked, router } = appAt('/keys/debugger', [], {
      'GET /.well-known/jwks.json': () => ({ keys: [key] }),
    });

    const field = await screen.findByLabelText('Access token');
    fireEvent.change(field, { target: { value: `Bearer ${good}` } });
    await screen.findByText('It is good');
    expect(screen.getByText('https://api.example.com; any was asked for.')).toBeTruthy();

    const [header, , signature] = good.split('.');
    const changed = `${header}.${json({ iss: ISSUER, sub: '<img src=x onerror=alert(1)>' })}.${signature}`;
    fireEvent.change(field, { target: { value: changed } });
    await screen.findByText('An API should refuse it');
    expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeTruthy();

    fireEvent.change(field, { target: { value: 'no token' } });
    await screen.findByText(/It is not a JWT/);

    const everything = JSON.stringify([
      asked,
      router.state.location.href,
      { ...localStorage },
      { ...sessionStorage },
    ]);
    expect(everything).not.toContain(signature);
  });

  it('asks for the secret only where the token is signed with one', async () => {
    appAt('/keys/debugger', [], { 'GET /.well-known/jwks.json': () => ({ keys: [] }) });

    const field = await screen.findByLabelText('Access token');
    expect(screen.queryByLabelText('Signing secret of the API')).toBeNull();
    fireEvent.change(field, { target: { value: `${json({ alg: 'HS256' })}.${json({})}.AAAA` } });
    await screen.findByLabelText('Signing secret of the API');
    await screen.findByText('Paste the API’s signing secret below the token.');
  });
});
