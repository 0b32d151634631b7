/** A token taken apart, nothing of it checked. */
export interface DecodedToken {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** What the signature is over. */
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

function bytes(part: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(part)) {
    throw new Error('It has characters that are not base64url');
  }
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function object(part: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes(part)));
  } catch {
    throw new Error(`Its ${name} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`Its ${name} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

/** Longer than any token of this server; what is longer is not looked at. */
const MOST_CHARACTERS = 100_000;

/** Takes a JWT apart (RFC 7519 §7.2, steps 1 to 5); throws an error that says what it is instead. */
export function decode(token: string): DecodedToken {
  if (token.length > MOST_CHARACTERS) {
    throw new Error(`It is longer than ${MOST_CHARACTERS} characters`);
  }
  const parts = token.trim().split('.');
  const [header, claims, signature] = parts;
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined) {
    throw new Error(
      parts.length === 5
        ? 'It is encrypted (five parts)'
        : 'It is not a JWT: three parts with dots between are expected',
    );
  }
  return {
    header: object(header, 'header'),
    claims: object(claims, 'payload'),
    signed: new TextEncoder().encode(`${header}.${claims}`),
    signature: signatureOf(signature),
  };
}

function signatureOf(part: string): Uint8Array<ArrayBuffer> {
  try {
    return bytes(part);
  } catch {
    throw new Error('Its signature is not base64url');
  }
}
