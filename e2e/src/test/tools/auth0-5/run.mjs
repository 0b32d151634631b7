import { AuthenticationClient } from 'auth0';
import { manage } from './management.mjs';
import { settings } from './steps.mjs';

await manage(async (clientId, clientSecret, audience) => {
  const client = new AuthenticationClient({ domain: settings.domain, clientId, clientSecret });
  return (await client.oauth.clientCredentialsGrant({ audience })).data.access_token;
});
