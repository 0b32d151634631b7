/** What is particular to Actions. */
import { absent } from './absent.mjs';
import { claimNamed } from './claims.mjs';
import { ACTION_HANDLER, handlersIn } from './exported.mjs';
import { quoted } from './findings.mjs';
import { isCaught } from './uses.mjs';

export const ACTION_PARAMETERS = ['event', 'api'];

const WHOLE = {};
const EVENT = {
  accessToken: { customClaims: WHOLE, scope: WHOLE },
  client: { client_id: WHOLE, name: WHOLE, metadata: WHOLE },
  request: {
    body: WHOLE, geoip: WHOLE, method: WHOLE, ip: WHOLE, hostname: WHOLE, user_agent: WHOLE, language: WHOLE,
  },
  resource_server: { identifier: WHOLE },
  tenant: { id: WHOLE },
  transaction: { requested_scopes: WHOLE },
  secrets: WHOLE,
};
const API = {
  access: { deny: WHOLE },
  accessToken: { setCustomClaim: WHOLE },
  cache: { get: WHOLE, set: WHOLE, delete: WHOLE },
};
const CODES = new Set(['invalid_scope', 'invalid_request', 'server_error']);
/** Auth0 has these at this trigger too. */
const ALSO_THERE = new Set([
  'organization', 'custom_domain', 'agent', 'transaction.correlation_id', 'transaction.target_scopes',
]);

/** Says what it finds in a file whose `entry` is the handler, if that was seen. */
export function checkAction(file) {
  exportsOf(file);
  if (file.entry === null) return;
  const count = file.entry.params.length;
  if (count > ACTION_PARAMETERS.length) {
    file.findings.add('note', 'parameters', file.entry, `it takes ${count} parameters`,
      'An Action is called with two: event, api. The others are undefined.', '');
  }
  for (const use of file.uses) {
    if (use.path.root === 'event') fromEvent(file, use);
    else if (use.path.root === 'api') ofApi(file, use);
  }
}

function exportsOf(file) {
  const { exported, findings } = file;
  const mend = `Export it: exports.${ACTION_HANDLER} = async (event, api) => { … };`;
  const handlers = handlersIn(exported);
  const others = handlers.filter((name) => name !== ACTION_HANDLER);
  const handler = exported.members.get(ACTION_HANDLER);
  if (handler !== undefined) {
    if (handler.function === null) {
      findings.add('differs', 'exports', handler.node, `what ${ACTION_HANDLER} is is known only when it runs`,
        'What it does with its arguments was not looked at.', '');
    }
    for (const name of others) {
      findings.add('note', 'other-trigger', exported.members.get(name).node, `${quoted(name)} is never called`,
        'Actions here run at credentials-exchange only.', '');
    }
  } else if (others.length > 0) {
    findings.add('refused', 'other-trigger', exported.members.get(others[0]).node,
      `it handles ${quoted(others.join(', '))}`, 'Actions here run at credentials-exchange only.', mend);
  } else if (exported.whole === 'unknown') {
    findings.add('differs', 'exports', exported.node, 'what it exports is known only when it runs',
      'What it does with its arguments was not looked at.', '');
  } else {
    findings.add('refused', 'exports', exported.node, `it exports no ${ACTION_HANDLER}`,
      exported.whole === 'function' ? 'A function as module.exports is a Hook.' : 'That is what an Action is.', mend);
  }
}

/** The place of the first key that is not in a tree; -1 if all are. */
function firstAbsent(tree, keys) {
  let at = tree;
  for (const [i, { name }] of keys.entries()) {
    if (at === WHOLE) return -1;
    if (!Object.hasOwn(at, name)) return i;
    at = at[name];
  }
  return -1;
}

function fromEvent(file, use) {
  const { keys } = use.path;
  if (keys[0]?.name === 'secrets' && keys[1] !== undefined && !use.written) file.secrets.add(keys[1].name);
  if (keys[0]?.name === 'tenant' && keys[1]?.name === 'id') {
    file.findings.add('differs', 'tenant', use.node, 'event.tenant.id is the host of the issuer',
      'There are no tenants; at Auth0 it was the name of one.', 'Compare it with the issuer\'s host, or leave it out.');
  }
  if (keys[0]?.name === 'request' && keys[1]?.name === 'geoip') {
    file.findings.add('differs', 'geoip', use.node, 'event.request.geoip is empty',
      'Where an address is in the world is not known here.', 'Use event.request.ip.');
  }
  const isScope = keys[0]?.name === 'accessToken' && keys[1]?.name === 'scope' && keys.length > 1;
  if (isScope && (use.written || (use.call !== null && /^(push|pop|shift|splice|unshift)$/.test(keys[2]?.name)))) {
    file.findings.add('note', 'scope-change', use.node, 'an Action cannot change the scopes',
      'event is a copy; what is done to it is not looked at, as at Auth0.', 'A Hook can change them.');
  }
  const index = firstAbsent(EVENT, keys);
  if (index < 0 || use.written) return;
  const name = keys.slice(0, index + 1).map((key) => key.name).join('.');
  absent(file, use, index, {
    code: 'event',
    what: `event.${quoted(name)} is not there`,
    why: ALSO_THERE.has(name)
      ? 'At Auth0 it may be there.'
      : 'Actions at credentials-exchange have none, at Auth0 neither.',
  });
}

function ofApi(file, use) {
  const { keys } = use.path;
  const index = firstAbsent(API, keys);
  if (index >= 0) {
    const name = keys.slice(0, index + 1).map((key) => key.name).join('.');
    absent(file, use, index, {
      code: 'api',
      what: `api.${quoted(name)} is not there`,
      why: 'An Action at credentials-exchange has api.access.deny, api.accessToken.setCustomClaim and api.cache.',
    });
    return;
  }
  const path = keys.map(({ name }) => name).join('.');
  if (use.call === null) return;
  if (path === 'access.deny') deny(file, use);
  else if (path === 'accessToken.setCustomClaim') customClaim(file, use);
  else if (path.startsWith('cache.')) {
    file.findings.add('note', 'cache', use.node, 'api.cache is kept by each worker for itself',
      'What one worker stores the others do not find, and it ends with the worker.', '');
  }
}

function deny(file, { call, node }) {
  const [first] = call.arguments;
  const code = first === undefined ? '' : file.values.textOf(first);
  if (code === null || CODES.has(code)) return;
  file.findings.add(isCaught(node) ? 'differs' : 'refused', 'deny', node,
    `api.access.deny knows no code '${quoted(code)}'`,
    'It throws: the codes are invalid_scope, invalid_request and server_error.',
    call.arguments.length === 1 ? `The code is first, then the reason: api.access.deny('invalid_request', reason)` : '');
}

function customClaim(file, { call, node }) {
  const name = call.arguments[0] === undefined ? null : file.values.textOf(call.arguments[0]);
  if (name === 'scope') {
    file.findings.add('note', 'scope-change', node, 'setCustomClaim does not set the scope',
      'An Action cannot change the scopes, at Auth0 neither.', 'A Hook can change them.');
  } else if (name !== null) {
    claimNamed(file, name, call);
  }
}
