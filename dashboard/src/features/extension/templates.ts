import starterHook from '../../../../hook-worker/starter.js?raw';
import starterAction from '../../../../hook-worker/starter-action.js?raw';
import type { Kind } from './scripts';

export interface Template {
  label: string;
  words: string;
  code: string;
}

const HOOK_CLAIM = `module.exports = function (client, scope, audience, context, cb) {
  const token = { scope }; // without this the token has no scope

  // From the application's metadata; a claim's name is a URL in a domain you own.
  token['https://shop.example/plan'] = client.metadata.plan || 'free';

  cb(null, token);
};
`;

const HOOK_REFUSAL = `module.exports = function (client, scope, audience, context, cb) {
  if (audience === 'https://pay.example' && client.metadata.plan !== 'full') {
    // The caller gets 400 invalid_scope and this text.
    return cb(new InvalidScopeError('This plan may not pay.'));
  }
  cb(null, { scope });
};
`;

const HOOK_SCOPES = `module.exports = function (client, scope, audience, context, cb) {
  // Nothing that writes, but for applications that are marked for it.
  const granted = client.metadata.writes === 'yes' ? scope : scope.filter((value) => value.startsWith('read:'));
  cb(null, { scope: granted });
};
`;

const ACTION_CLAIM = `exports.onExecuteCredentialsExchange = async (event, api) => {
  // From the application's metadata; a claim's name is a URL in a domain you own.
  api.accessToken.setCustomClaim('https://shop.example/plan', event.client.metadata.plan || 'free');
};
`;

const ACTION_REFUSAL = `exports.onExecuteCredentialsExchange = async (event, api) => {
  if (event.request.body.purpose === 'export' && !event.accessToken.scope.includes('export')) {
    // The caller gets 400 invalid_scope and this text; no later Action runs.
    api.access.deny('invalid_scope', 'Exports need the scope "export".');
  }
};
`;

/** What a new script may begin with; the first of each is what the command line begins with too. */
export const TEMPLATES: Record<Kind, Template[]> = {
  hook: [
    { label: 'Starter', words: 'Changes nothing; its comments say what can be done.', code: starterHook },
    { label: 'Add a claim', words: 'A claim from the metadata of the application.', code: HOOK_CLAIM },
    { label: 'Change scopes', words: 'Takes scopes away from those that were granted.', code: HOOK_SCOPES },
    { label: 'Refuse a request', words: 'An error, in place of a token.', code: HOOK_REFUSAL },
  ],
  action: [
    { label: 'Starter', words: 'Changes nothing; its comments say what can be done.', code: starterAction },
    { label: 'Add a claim', words: 'A claim from the metadata of the application.', code: ACTION_CLAIM },
    { label: 'Refuse a request', words: 'An error, in place of a token.', code: ACTION_REFUSAL },
  ],
};

const NAMES: Record<Kind, { pattern: RegExp; words: string }> = {
  hook: {
    pattern: /^[a-zA-Z0-9]([ \-a-zA-Z0-9]*[a-zA-Z0-9])?$/,
    words: 'Letters, digits, spaces and hyphens; a letter or digit at both ends.',
  },
  action: { pattern: /^[^<>\p{Cc}]+$/u, words: 'Anything without < and >.' },
};

/** Says what is wrong with a name, if anything; the server asks the same. */
export function nameProblem(kind: Kind, name: string): string | undefined {
  return NAMES[kind].pattern.test(name) ? undefined : NAMES[kind].words;
}
