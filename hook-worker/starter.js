/**
 * Runs before a machine gets an access token by the client credentials grant.
 *
 * @param {object} client - the application: `name`, `id`, `tenant` and its `metadata`
 * @param {string[]} scope - the scopes it is about to get
 * @param {string} audience - the identifier of the API the token is for
 * @param {object} context - `ip` and `userAgent` of the request; this Hook's secrets are in `context.webtask.secrets`
 * @param {function} cb - call it once, with an error or with what the token shall have: cb(error, token)
 */
module.exports = function (client, scope, audience, context, cb) {
  const token = {};

  // The scopes of the token. Without this line it has none.
  token.scope = scope;

  // One more scope, whether or not the application was granted it:
  // token.scope.push('reports:read');

  // A claim of your own; its name is a URL in a domain you own:
  // token['https://shop.example/plan'] = client.metadata.plan;

  // No token. The caller gets the code and your message:
  // return cb(new InvalidScopeError('Not this scope.'));      // 400 invalid_scope
  // return cb(new InvalidRequestError('Not like this.'));     // 400 invalid_request
  // return cb(new ServerError('Not now.'));                   // 500 server_error

  cb(null, token);
};
