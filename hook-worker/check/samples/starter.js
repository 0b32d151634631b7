/**
@param {object} client - information about the client
@param {array|undefined} scope - array of strings representing the scope claim or undefined
@param {function} cb - function (error, accessTokenClaims)
*/
module.exports = function (client, scope, audience, context, cb) {
  var access_token = {};
  access_token.scope = scope;
  access_token.scope.push('extra');
  access_token['https://shop.example/plan'] = client.metadata.plan;
  cb(null, access_token);
};
