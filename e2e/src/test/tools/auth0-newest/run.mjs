import { TokenProvider } from 'auth0';
import { manage } from './management.mjs';
import { settings } from './steps.mjs';

await manage((clientId, clientSecret, audience) =>
  new TokenProvider({ domain: settings.domain, clientId, clientSecret, audience }).getAccessToken(),
);
