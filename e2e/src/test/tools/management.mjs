// The management API by version 5 of the SDK and those after it, which differ in none of this.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { ManagementClient, ManagementError, Management } from 'auth0';
import { claims, refused, settings, step, times } from './steps.mjs';

const AUDIENCE = 'https://orders.example.com/v1';
const CLAIM = 'https://example.com/made_by';

/** @param token asks for an access token: (client id, client secret, audience) => text */
export async function manage(token) {
  const auth0 = new ManagementClient(settings);
  const all = async (page) => {
    const items = [];
    for await (const item of await page) {
      items.push(item);
    }
    return items;
  };
  const is = (error, statusCode, errorCode) => {
    assert.ok(error instanceof ManagementError, `${error}`);
    assert.equal(error.statusCode, statusCode);
    assert.equal(error.body.errorCode, errorCode);
  };

  let api;
  await step('an API is made, read by id and by identifier, changed and listed', async () => {
    api = await auth0.resourceServers.create({
      name: 'Orders',
      identifier: AUDIENCE,
      scopes: [{ value: 'read:orders', description: 'Read orders' }, { value: 'write:orders' }],
      signing_alg: 'PS256',
      token_lifetime: 3600,
    });
    assert.match(api.id, /^[0-9a-f]{24}$/);
    assert.equal((await auth0.resourceServers.get(api.id)).identifier, AUDIENCE);
    assert.equal((await auth0.resourceServers.get(AUDIENCE)).id, api.id);
    const changed = await auth0.resourceServers.update(AUDIENCE, { name: 'Orders API', signing_alg: 'RS256' });
    assert.equal(changed.name, 'Orders API');
    assert.equal(changed.scopes.length, 2);
    const names = (await all(auth0.resourceServers.list())).map((server) => server.name);
    assert.deepEqual(names, ['Auth0 Management API', 'Orders API']);
  });

  let client;
  await step('a client is made, read, changed, given a new secret and listed', async () => {
    client = await auth0.clients.create({
      name: 'Nightly job',
      app_type: 'non_interactive',
      grant_types: ['client_credentials'],
      client_metadata: { plan: 'full' },
    });
    assert.equal(client.client_secret.length, 64);
    const changed = await auth0.clients.update(client.client_id, {
      description: 'Runs at two',
      client_metadata: { plan: null, team: 'billing' },
    });
    assert.deepEqual(changed.client_metadata, { team: 'billing' });
    const rotated = await auth0.clients.rotateSecret(client.client_id);
    assert.notEqual(rotated.client_secret, client.client_secret);
    client = await auth0.clients.get(client.client_id);
    assert.equal(client.client_secret, rotated.client_secret);
    assert.equal(client.description, 'Runs at two');
    const some = await auth0.clients.get(client.client_id, { fields: 'name', include_fields: true });
    assert.equal(some.name, 'Nightly job');
    assert.equal(some.description, undefined);
    assert.ok((await all(auth0.clients.list())).some((one) => one.client_id === client.client_id));
  });

  let grant;
  await step('a grant is made, read, changed and found by its filters', async () => {
    grant = await auth0.clientGrants.create({
      client_id: client.client_id,
      audience: AUDIENCE,
      scope: ['read:orders', 'write:orders'],
    });
    assert.equal((await auth0.clientGrants.get(grant.id)).subject_type, 'client');
    assert.deepEqual((await auth0.clientGrants.update(grant.id, { scope: ['read:orders'] })).scope, ['read:orders']);
    const found = await auth0.clientGrants.list({ client_id: client.client_id, audience: AUDIENCE });
    assert.deepEqual(found.data.map((one) => one.id), [grant.id]);
    assert.deepEqual((await auth0.clientGrants.list({ audience: 'https://other.example.com' })).data, []);
  });

  await step('the client gets a token for the API', async () => {
    const issued = claims(await token(client.client_id, client.client_secret, AUDIENCE));
    assert.equal(issued.iss, `https://${settings.domain}/`);
    assert.equal(issued.aud, AUDIENCE);
    assert.equal(issued.scope, 'read:orders');
  });

  await step('clients are paged to an end that is an exactly full page, and past a hundred', async () => {
    const before = (await all(auth0.clients.list())).length;
    await times(100 - before, (i) => auth0.clients.create({ name: `Page ${i}`, app_type: 'non_interactive' }));
    const full = await all(auth0.clients.list({ per_page: 50, fields: 'client_id' }));
    assert.equal(new Set(full.map((one) => one.client_id)).size, 100);
    await auth0.clients.create({ name: 'The hundred and first', app_type: 'non_interactive' });
    const more = await auth0.clients.list({ per_page: 100 });
    assert.equal(more.response.total, 101);
    assert.equal(more.data.length, 100);
    assert.ok(more.hasNextPage());
    assert.equal((await all(more)).length, 101);
  });

  await step('grants are paged from checkpoint to checkpoint', async () => {
    const two = [];
    await times(2, async () => {
      const other = await auth0.clients.create({ name: 'Another job', app_type: 'non_interactive' });
      two.push(other.client_id);
      await auth0.clientGrants.create({ client_id: other.client_id, audience: AUDIENCE, scope: [] });
    });
    const grants = await all(auth0.clientGrants.list({ audience: AUDIENCE, take: 1 }));
    assert.deepEqual(
      new Set(grants.map((one) => one.client_id)),
      new Set([client.client_id, ...two]),
    );
    await times(2, (i) => auth0.clients.delete(two[i]));
    assert.equal((await all(auth0.clientGrants.list({ audience: AUDIENCE }))).length, 1);
  });

  await step('refusals have their classes and codes', async () => {
    await refused(() => auth0.clients.get('nobody'), (error) => {
      is(error, 404, 'inexistent_client');
      assert.ok(error instanceof Management.NotFoundError);
      assert.equal(error.body.message, 'The client does not exist');
    });
    await refused(() => auth0.resourceServers.create({ identifier: AUDIENCE }), (error) => {
      is(error, 409, 'resource_server_conflict');
      assert.ok(error instanceof Management.ConflictError);
    });
    await refused(() => auth0.clients.create({ name: 'x', no_such_key: 1 }), (error) => {
      is(error, 400, 'invalid_body');
      assert.ok(error instanceof Management.BadRequestError);
      assert.match(error.body.message, /Additional properties not allowed: no_such_key/);
    });
    await refused(() => new ManagementClient({ domain: settings.domain, token: 'a.b.c' }).clients.list(), (error) => {
      assert.equal(error.statusCode, 401);
      assert.ok(error instanceof Management.UnauthorizedError);
    });
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
      assert.ok(error instanceof Management.ForbiddenError);
      assert.equal(error.body.message, 'Insufficient scope, expected any of: create:clients');
    });
  });

  await step('a hook is made, enabled, given secrets, listed and deleted', async () => {
    const hook = await auth0.hooks.create({
      name: 'sdk-hook',
      script: 'module.exports = (client, scope, audience, context, cb) => cb(null, { scope });',
      triggerId: 'credentials-exchange',
    });
    assert.equal((await auth0.hooks.update(hook.id, { enabled: true })).enabled, true);
    await auth0.hooks.secrets.create(hook.id, { A: '1', B: '2' });
    await auth0.hooks.secrets.update(hook.id, { A: '3' });
    await auth0.hooks.secrets.delete(hook.id, ['B']);
    assert.deepEqual(await auth0.hooks.secrets.get(hook.id), { A: '_VALUE_NOT_SHOWN_' });
    assert.deepEqual((await all(auth0.hooks.list())).map((one) => one.id), [hook.id]);
    assert.equal((await auth0.hooks.get(hook.id)).enabled, true);
    await auth0.hooks.delete(hook.id);
    await refused(() => auth0.hooks.get(hook.id), (error) => is(error, 404, 'HookDoesNotExist'));
  });

  await step('an Action is made, deployed and bound, and its claim is in the token', async () => {
    const triggers = (await auth0.actions.triggers.list()).triggers;
    assert.ok(triggers.some((one) => one.id === 'credentials-exchange' && one.status === 'CURRENT'));
    const action = await auth0.actions.create({
      name: 'SDK action',
      supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }],
      code: `exports.onExecuteCredentialsExchange = async (event, api) => {
        api.accessToken.setCustomClaim('${CLAIM}', event.secrets.MAKER);
      };`,
      secrets: [{ name: 'MAKER', value: 'an action' }],
    });
    const version = await auth0.actions.deploy(action.id);
    assert.equal(version.number, 1);
    assert.equal((await auth0.actions.get(action.id)).deployed_version.id, version.id);
    assert.deepEqual((await all(auth0.actions.versions.list(action.id))).map((one) => one.id), [version.id]);
    await auth0.actions.triggers.bindings.updateMany('credentials-exchange', {
      bindings: [{ ref: { type: 'action_name', value: 'SDK action' }, display_name: 'SDK action' }],
    });
    const bound = await all(auth0.actions.triggers.bindings.list('credentials-exchange'));
    assert.deepEqual(bound.map((one) => one.action.id), [action.id]);
    const issued = claims(await token(client.client_id, client.client_secret, AUDIENCE));
    assert.equal(issued[CLAIM], 'an action');
    await auth0.actions.triggers.bindings.updateMany('credentials-exchange', { bindings: [] });
    await auth0.actions.delete(action.id);
    assert.deepEqual(await all(auth0.actions.list()), []);
  });

  await step('the log shows the tokens and the changes', async () => {
    const logs = await auth0.logs.list({ per_page: 100, sort: 'date:-1' });
    const issued = logs.data.find((one) => one.type === 'seccft' && one.client_id === client.client_id);
    assert.equal(issued.audience, AUDIENCE);
    assert.ok(logs.data.some((one) => one.type === 'sapi' && one.description === 'Delete an action'));
    assert.equal((await auth0.logs.get(issued.log_id)).log_id, issued.log_id);
  });

  await step('the log is searched', async () => {
    // These versions know no parameter for a query.
    const q = `type:seccft AND client_id:${client.client_id}`;
    const found = await auth0.logs.list({ per_page: 100 }, { queryParams: { q } });
    assert.ok(found.data.length > 0);
    assert.ok(found.data.every((one) => one.type === 'seccft' && one.client_id === client.client_id));
  });

  await step('signing keys are listed, and not rotated before APIs can know the next one', async () => {
    const keys = await auth0.keys.signing.list();
    const current = keys.find((one) => one.current);
    assert.match(current.cert, /^-----BEGIN CERTIFICATE-----\r\n/);
    assert.ok(keys.some((one) => one.next));
    assert.equal((await auth0.keys.signing.get(current.kid)).fingerprint, current.fingerprint);
    await refused(() => auth0.keys.signing.rotate(), (error) => is(error, 409, 'signing_key_rotation_too_early'));
  });

  await step('a log stream is made, paused, listed and deleted', async () => {
    const stream = await auth0.logStreams.create({
      name: 'SDK stream',
      type: 'http',
      sink: { httpEndpoint: 'https://example.com/logs', httpContentFormat: 'JSONLINES' },
    });
    assert.equal(stream.status, 'active');
    assert.equal((await auth0.logStreams.update(stream.id, { status: 'paused' })).status, 'paused');
    assert.equal((await auth0.logStreams.get(stream.id)).sink.httpEndpoint, 'https://example.com/logs');
    assert.deepEqual((await auth0.logStreams.list()).map((one) => one.id), [stream.id]);
    await auth0.logStreams.delete(stream.id);
    assert.deepEqual(await auth0.logStreams.list(), []);
  });

  await step('tenant settings are changed and read', async () => {
    await auth0.tenants.settings.update({ friendly_name: 'The tenant of the SDK' });
    assert.equal((await auth0.tenants.settings.get()).friendly_name, 'The tenant of the SDK');
    const one = await auth0.tenants.settings.get({ fields: 'enabled_locales' });
    assert.deepEqual(Object.keys(one), ['enabled_locales']);
  });

  await step('a client gets a public key in place of its secret', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyed = await auth0.clients.create({
      name: 'Keyed job',
      app_type: 'non_interactive',
      jwt_configuration: { alg: 'RS256' },
    });
    const credential = await auth0.clients.credentials.create(keyed.client_id, {
      credential_type: 'public_key',
      name: 'key',
      pem: publicKey.export({ type: 'spki', format: 'pem' }),
    });
    const attached = await auth0.clients.update(keyed.client_id, {
      token_endpoint_auth_method: null,
      client_authentication_methods: { private_key_jwt: { credentials: [{ id: credential.id }] } },
    });
    assert.equal(attached.client_authentication_methods.private_key_jwt.credentials[0].id, credential.id);
    assert.deepEqual((await auth0.clients.credentials.list(keyed.client_id)).map((one) => one.id), [credential.id]);
    await auth0.clients.delete(keyed.client_id);
  });

  await step('clients are filtered', async () => {
    const spa = await auth0.clients.create({ name: 'SPA', app_type: 'spa', token_endpoint_auth_method: 'none' });
    const found = await all(auth0.clients.list({ app_type: 'spa', is_first_party: true }));
    assert.deepEqual(found.map((one) => one.client_id), [spa.client_id]);
  });

  await step('there is one global client', async () => {
    const global = await all(auth0.clients.list({ is_global: true }));
    assert.deepEqual(global.map((one) => one.name), ['All Applications']);
  });

  await step('what Jeton has nothing of is empty', async () => {
    assert.deepEqual(await auth0.stats.getDaily(), []);
    assert.equal(await auth0.stats.getActiveUsersCount(), 0);
    assert.deepEqual(await auth0.customDomains.list(), []);
    assert.deepEqual((await auth0.organizations.list()).data, []);
  });

  await step('what Jeton does not serve is forbidden', async () => {
    await refused(() => auth0.connections.list(), (error) => {
      is(error, 403, 'insufficient_scope');
      assert.ok(error instanceof Management.ForbiddenError);
    });
  });

  await step('what was made is deleted', async () => {
    await auth0.clientGrants.delete(grant.id);
    const tokens = () => token(client.client_id, client.client_secret, AUDIENCE);
    await refused(tokens, () => {});
    await auth0.clients.delete(client.client_id);
    await auth0.resourceServers.delete(AUDIENCE);
    await refused(() => auth0.resourceServers.get(api.id), (error) => is(error, 404, 'inexistent_resource_server'));
  });
}
