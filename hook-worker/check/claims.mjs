/** Which names of claims a token may carry: the server's rule, whose lists are in claims.json. */
import { readFileSync } from 'node:fs';
import { quoted } from './findings.mjs';

const lists = JSON.parse(readFileSync(new URL('claims.json', import.meta.url), 'utf8'));
const RESTRICTED = new Set(lists.restricted);

/** @returns {'dropped' | 'plain' | 'namespaced'} */
export function fateOf(name) {
  if (name === '' || RESTRICTED.has(name)) return 'dropped';
  const lower = name.toLowerCase();
  if (/^https?:\/\//.test(lower)) {
    const host = hostOf(lower);
    const isAuth0s = lists.auth0_hosts.some((domain) => host === domain || host.endsWith('.' + domain));
    return isAuth0s ? 'dropped' : 'namespaced';
  }
  if (lower === 'urn:auth0' || lower.startsWith('urn:auth0:')) return 'dropped';
  return 'plain';
}

function hostOf(url) {
  try {
    return new URL(url).hostname;
  } catch {
    return url;
  }
}

/** Says what becomes of a claim that the file sets. */
export function claimNamed(file, name, node) {
  switch (fateOf(name)) {
    case 'dropped':
      file.findings.add('note', 'dropped-claim', node, `the claim ${quoted(name)} is dropped`,
        'Its name has a meaning of its own, or is Auth0\'s; the token is issued without it, as at Auth0.',
        'Choose a URL in a domain of yours as its name.');
      break;
    case 'plain':
      if (file.kind === 'action') break;
      file.findings.add('note', 'plain-claim', node, `the claim ${quoted(name)} goes into the token`,
        'Auth0 dropped such names, which are no URLs, until July 2022.', '');
      break;
    default:
  }
}
