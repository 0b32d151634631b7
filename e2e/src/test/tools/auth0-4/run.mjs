// The management API by version 4 of the SDK, whose lists are plain arrays unless totals are asked for.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { AuthenticationClient, ManagementApiError, ManagementClient } from 'auth0';
import { claims, refused, settings, step, times } from './steps.mjs';

const AUDIENCE = 'https://orders.example.com/v1';
const CLAIM = 'https://example.com/made_by';

const auth0 = new ManagementClient(settings);

async function token(clientId, clientSecret) {
  const asking = new AuthenticationClient({ domain: settings.domain, clientId, clientSecret });
  return (await asking.oauth.clientCredentialsGrant({ audience: AUDIENCE })).data.access_token;
}

function is(error, statusCode, errorCode) {
  assert.ok(error instanceof ManagementApiError, `${error}`);
  assert.equal(error.statusCode, statusCode);
  assert.equal(error.errorCode, errorCode);
}

let api;
await step('an API is made, read by id and by identifier, changed and listed', async () => {
  api = (
    await auth0.resourceServers.create({
      name: 'Orders',
      identifier: AUDIENCE,
      scopes: [{ value: 'read:orders', description: 'Read orders' }, { value: 'write:orders' }],
      signing_alg: 'PS256',
      token_lifetime: 3600,
    })
  ).data;
  assert.match(api.id, /^[0-9a-f]{24}$/);
  assert.equal((await auth0.resourceServers.get({ id: api.id })).data.identifier, AUDIENCE);
  assert.equal((await auth0.resourceServers.get({ id: AUDIENCE })).data.id, api.id);
  const change = { name: 'Orders API', signing_alg: 'RS256' };
  assert.equal((await auth0.resourceServers.update({ id: AUDIENCE }, change)).data.name, 'Orders API');
  const names = (await auth0.resourceServers.getAll()).data.map((server) => server.name);
  assert.deepEqual(names, ['Auth0 Management API', 'Orders API']);
});

let client;
await step('a client is made, read, changed, given a new secret and listed', async () => {
  client = (
    await auth0.clients.create({
      name: 'Nightly job',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
      client_metadata: { plan: 'full' },
    })
  ).data;
  const id = { client_id: client.client_id };
  const changed = await auth0.clients.update(id, {
    description: 'Runs at two',
    client_metadata: { plan: null, team: 'billing' },
  });
  assert.deepEqual(changed.data.client_metadata, { team: 'billing' });
  const rotated = (await auth0.clients.rotateClientSecret(id)).data;
  assert.notEqual(rotated.client_secret, client.client_secret);
  client = (await auth0.clients.get(id)).data;
  assert.equal(client.client_secret, rotated.client_secret);
  assert.equal(client.description, 'Runs at two');
  const some = (await auth0.clients.get({ ...id, fields: 'name', include_fields: true })).data;
  assert.equal(some.name, 'Nightly job');
  assert.equal(some.description, undefined);
  assert.ok((await auth0.clients.getAll()).data.some((one) => one.client_id === client.client_id));
});

let grant;
await step('a grant is made, read, changed and found by its filters', async () => {
  const scope = ['read:orders', 'write:orders'];
  grant = (await auth0.clientGrants.create({ client_id: client.client_id, audience: AUDIENCE, scope })).data;
  const changed = await auth0.clientGrants.update({ id: grant.id }, { scope: ['read:orders'] });
  assert.deepEqual(changed.data.scope, ['read:orders']);
  const found = await auth0.clientGrants.getAll({ client_id: client.client_id, audience: AUDIENCE });
  assert.deepEqual(found.data.map((one) => one.id), [grant.id]);
  assert.deepEqual((await auth0.clientGrants.getAll({ audience: 'https://other.example.com' })).data, []);
});

await step('the client gets a token for the API', async () => {
  const issued = claims(await token(client.client_id, client.client_secret));
  assert.equal(issued.iss, `https://${settings.domain}/`);
  assert.equal(issued.aud, AUDIENCE);
  assert.equal(issued.scope, 'read:orders');
});

await step('clients are paged to an end that is an exactly full page, and past a hundred', async () => {
  const total = async () => (await auth0.clients.getAll({ per_page: 1, include_totals: true })).data.total;
  const page = async (number) => (await auth0.clients.getAll({ page: number, per_page: 50 })).data;
  await times(100 - (await total()), (i) => auth0.clients.create({ name: `Page ${i}`, app_type: 'non_interactive' }));
  assert.equal(await total(), 100);
  const ids = [...(await page(0)), ...(await page(1))].map((one) => one.client_id);
  assert.equal(new Set(ids).size, 100);
  assert.deepEqual(await page(2), []);
  await auth0.clients.create({ name: 'The hundred and first', app_type: 'non_interactive' });
  const last = (await auth0.clients.getAll({ page: 1, per_page: 100, include_totals: true })).data;
  assert.deepEqual({ ...last, clients: last.clients.length }, { total: 101, start: 100, limit: 100, clients: 1 });
});

await step('grants are paged from checkpoint to checkpoint', async () => {
  const two = [];
  await times(2, async () => {
    const other = (await auth0.clients.create({ name: 'Another job', app_type: 'non_interactive' })).data;
    two.push(other.client_id);
    await auth0.clientGrants.create({ client_id: other.client_id, audience: AUDIENCE, scope: [] });
  });
  const found = [];
  let from;
  do {
    const page = (await auth0.clientGrants.getAll({ audience: AUDIENCE, take: 1, ...(from && { from }) })).data;
    found.push(...page.client_grants.map((one) => one.client_id));
    from = page.next;
  } while (from);
  assert.deepEqual(new Set(found), new Set([client.client_id, ...two]));
  await times(2, (i) => auth0.clients.delete({ client_id: two[i] }));
  assert.equal((await auth0.clientGrants.getAll({ audience: AUDIENCE })).data.length, 1);
});

await step('refusals have their classes and codes', async () => {
  await refused(() => auth0.clients.get({ client_id: 'nobody' }), (error) => {
    is(error, 404, 'inexistent_client');
    assert.equal(error.msg, 'The client does not exist');
    assert.equal(error.error, 'Not Found');
  });
  await refused(() => auth0.resourceServers.create({ identifier: AUDIENCE }), (error) =>
    is(error, 409, 'resource_server_conflict'),
  );
  await refused(() => auth0.clients.create({ name: 'x', no_such_key: 1 }), (error) => {
    is(error, 400, 'invalid_body');
    assert.match(error.msg, /Additional properties not allowed: no_such_key/);
  });
  const stranger = new ManagementClient({ domain: settings.domain, token: 'a.b.c' });
  await refused(() => stranger.clients.getAll(), (error) => assert.equal(error.statusCode, 401));
  await auth0.clientGrants.create({
    client_id: client.client_id,
    audience: `https://${settings.domain}/api/v2/`,
    scope: ['read:clients'],
  });
  const narrow = new ManagementClient({
    domain: settings.domain,
    clientId: client.client_id,
    clientSecret: client.client_secret,
  });
  await refused(() => narrow.clients.create({ name: 'x' }), (error) => {
    is(error, 403, 'insufficient_scope');
    assert.equal(error.msg, 'Insufficient scope, expected any of: create:clients');
  });
});

await step('a hook is made, enabled, given secrets, listed and deleted', async () => {
  const hook = (
    await auth0.hooks.create({
      name: 'sdk-hook',
      script: 'module.exports = (client, scope, audience, context, cb) => cb(null, { scope });',
      triggerId: 'credentials-exchange',
    })
  ).data;
  const id = { id: hook.id };
  assert.equal((await auth0.hooks.update(id, { enabled: true })).data.enabled, true);
  await auth0.hooks.addSecrets(id, { A: '1', B: '2' });
  await auth0.hooks.updateSecrets(id, { A: '3' });
  await auth0.hooks.deleteSecrets(id, ['B']);
  assert.deepEqual((await auth0.hooks.getSecrets(id)).data, { A: '_VALUE_NOT_SHOWN_' });
  assert.deepEqual((await auth0.hooks.getAll()).data.map((one) => one.id), [hook.id]);
  assert.equal((await auth0.hooks.get(id)).data.enabled, true);
  await auth0.hooks.delete(id);
  await refused(() => auth0.hooks.get(id), (error) => is(error, 404, 'HookDoesNotExist'));
});

await step('an Action is made, deployed and bound, and its claim is in the token', async () => {
  const { triggers } = (await auth0.actions.getAllTriggers()).data;
  assert.ok(triggers.some((one) => one.id === 'credentials-exchange' && one.status === 'CURRENT'));
  const action = (
    await auth0.actions.create({
      name: 'SDK action',
      supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }],
      code: `exports.onExecuteCredentialsExchange = async (event, api) => {
        api.accessToken.setCustomClaim('${CLAIM}', event.secrets.MAKER);
      };`,
      secrets: [{ name: 'MAKER', value: 'an action' }],
    })
  ).data;
  const version = (await auth0.actions.deploy({ id: action.id })).data;
  assert.equal(version.number, 1);
  assert.equal((await auth0.actions.get({ id: action.id })).data.deployed_version.id, version.id);
  const { versions } = (await auth0.actions.getVersions({ actionId: action.id })).data;
  assert.deepEqual(versions.map((one) => one.id), [version.id]);
  const trigger = { triggerId: 'credentials-exchange' };
  await auth0.actions.updateTriggerBindings(trigger, {
    bindings: [{ ref: { type: 'action_name', value: 'SDK action' }, display_name: 'SDK action' }],
  });
  const { bindings } = (await auth0.actions.getTriggerBindings(trigger)).data;
  assert.deepEqual(bindings.map((one) => one.action.id), [action.id]);
  assert.equal(claims(await token(client.client_id, client.client_secret))[CLAIM], 'an action');
  await auth0.actions.updateTriggerBindings(trigger, { bindings: [] });
  await auth0.actions.delete({ id: action.id });
  assert.deepEqual((await auth0.actions.getAll()).data.actions, []);
});

await step('the log shows the tokens and the changes', async () => {
  const logs = (await auth0.logs.getAll({ per_page: 100, sort: 'date:-1' })).data;
  const issued = logs.find((one) => one.type === 'seccft' && one.client_id === client.client_id);
  assert.equal(issued.audience, AUDIENCE);
  assert.ok(logs.some((one) => one.type === 'sapi' && one.description === 'Delete an action'));
  assert.equal((await auth0.logs.get({ id: issued.log_id })).data.log_id, issued.log_id);
  const newer = (await auth0.logs.getAll({ from: logs.at(-1).log_id, take: 2 })).data;
  assert.deepEqual(newer.map((one) => one.log_id), [logs.at(-2).log_id, logs.at(-3).log_id]);
});

await step('the log is searched', async () => {
  const q = `type:seccft AND client_id:${client.client_id}`;
  const found = (await auth0.logs.getAll({ q, per_page: 100 })).data;
  assert.ok(found.length > 0);
  assert.ok(found.every((one) => one.type === 'seccft' && one.client_id === client.client_id));
});

await step('signing keys are listed, and not rotated before APIs can know the next one', async () => {
  const keys = (await auth0.keys.getAll()).data;
  const current = keys.find((one) => one.current);
  assert.match(current.cert, /^-----BEGIN CERTIFICATE-----\r\n/);
  assert.ok(keys.some((one) => one.next));
  assert.equal((await auth0.keys.get({ kid: current.kid })).data.fingerprint, current.fingerprint);
  await refused(() => auth0.keys.rotate(), (error) => is(error, 409, 'signing_key_rotation_too_early'));
});

await step('a log stream is made, paused, listed and deleted', async () => {
  const stream = (
    await auth0.logStreams.create({
      name: 'SDK stream',
      type: 'http',
      sink: { httpEndpoint: 'https://example.com/logs', httpContentFormat: 'JSONLINES' },
    })
  ).data;
  const id = { id: stream.id };
  assert.equal(stream.status, 'active');
  assert.equal((await auth0.logStreams.update(id, { status: 'paused' })).data.status, 'paused');
  assert.equal((await auth0.logStreams.get(id)).data.sink.httpEndpoint, 'https://example.com/logs');
  assert.deepEqual((await auth0.logStreams.getAll()).data.map((one) => one.id), [stream.id]);
  await auth0.logStreams.delete(id);
  assert.deepEqual((await auth0.logStreams.getAll()).data, []);
});

await step('tenant settings are changed and read', async () => {
  await auth0.tenants.updateSettings({ friendly_name: 'The tenant of the SDK' });
  assert.equal((await auth0.tenants.getSettings()).data.friendly_name, 'The tenant of the SDK');
  const one = (await auth0.tenants.getSettings({ fields: 'enabled_locales' })).data;
  assert.deepEqual(Object.keys(one), ['enabled_locales']);
});

await step('a client gets a public key in place of its secret', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyed = await auth0.clients.create({
    name: 'Keyed job',
    app_type: 'non_interactive',
    jwt_configuration: { alg: 'RS256' },
  });
  const id = { client_id: keyed.data.client_id };
  const credential = await auth0.clients.createCredential(id, {
    credential_type: 'public_key',
    name: 'key',
    pem: publicKey.export({ type: 'spki', format: 'pem' }),
  });
  const credentials = [{ id: credential.data.id }];
  const attached = await auth0.clients.update(id, {
    token_endpoint_auth_method: null,
    client_authentication_methods: { private_key_jwt: { credentials } },
  });
  assert.deepEqual(attached.data.client_authentication_methods.private_key_jwt.credentials, credentials);
  assert.equal((await auth0.clients.getCredentials(id)).data.length, 1);
  await auth0.clients.delete(id);
});

await step('clients are filtered', async () => {
  const spa = await auth0.clients.create({ name: 'SPA', app_type: 'spa', token_endpoint_auth_method: 'none' });
  const found = (await auth0.clients.getAll({ app_type: 'spa', is_first_party: true })).data;
  assert.deepEqual(found.map((one) => one.client_id), [spa.data.client_id]);
});

await step('there is one global client', async () => {
  const global = (await auth0.clients.getAll({ is_global: true })).data;
  assert.deepEqual(global.map((one) => one.name), ['All Applications']);
});

await step('what Jeton has nothing of is empty', async () => {
  assert.deepEqual((await auth0.stats.getDaily()).data, []);
  assert.equal((await auth0.stats.getActiveUsersCount()).data, '0'); // this version reads no JSON there
  assert.deepEqual((await auth0.customDomains.getAll()).data, []);
  assert.deepEqual((await auth0.organizations.getAll()).data, []);
});

await step('what Jeton does not serve is forbidden', async () => {
  await refused(() => auth0.connections.getAll(), (error) => is(error, 403, 'insufficient_scope'));
});

await step('what was made is deleted', async () => {
  await auth0.clientGrants.delete({ id: grant.id });
  await refused(() => token(client.client_id, client.client_secret), () => {});
  await auth0.clients.delete({ client_id: client.client_id });
  await auth0.resourceServers.delete({ id: AUDIENCE });
  await refused(() => auth0.resourceServers.get({ id: api.id }), (error) =>
    is(error, 404, 'inexistent_resource_server'),
  );
});
