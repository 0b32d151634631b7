/**
 * Runs before a machine gets an access token by the client credentials grant, after the Hook and the Actions before it.
 *
 * @param {object} event - the request: `client`, `request`, `resource_server`, `transaction`, what the token has so far
 *   in `accessToken`, and this Action's secrets in `secrets`
 * @param {object} api - what can be done about it; the token is given when this function, or its promise, has ended
 */
exports.onExecuteCredentialsExchange = async (event, api) => {
  // A claim of your own; its name is a URL in a domain you own:
  // api.accessToken.setCustomClaim('https://shop.example/plan', event.client.metadata.plan);

  // No token, and no Action after this one. The caller gets the code and your message:
  // api.access.deny('invalid_scope', 'Not this scope.');      // 400; or 'invalid_request', or 'server_error' (500)

  // Something that is asked elsewhere, kept for five minutes:
  // const rates = api.cache.get('rates')?.value ?? (await (await fetch('https://shop.example/rates')).text());
  // api.cache.set('rates', rates, { ttl: 300_000 });
};
