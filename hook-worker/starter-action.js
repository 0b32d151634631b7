/**
 * Runs before a machine gets an access token by the client credentials grant.
 *
 * @param {object} event - the application in `event.client`, the API in `event.resource_server`, the scopes in
 *   `event.accessToken.scope`, the request in `event.request`; this Action's secrets are in `event.secrets`
 * @param {object} api - what it may do: add claims, refuse the token, keep values for a while
 */
exports.onExecuteCredentialsExchange = async (event, api) => {
  // A claim of your own; its name is a URL in a domain you own:
  // api.accessToken.setCustomClaim('https://shop.example/plan', event.client.metadata.plan);

  // No token. The caller gets the code and your message:
  // api.access.deny('invalid_scope', 'Not this scope.');      // 400
  // api.access.deny('invalid_request', 'Not like this.');     // 400
  // api.access.deny('server_error', 'Not now.');              // 500
};
