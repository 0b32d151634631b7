'use latest';
'use npm';

const request = require('request@2.81.0');
const _ = require('lodash');

module.exports = function (client, scope, audience, context, cb) {
  if (!scope) {
    return cb(new InvalidRequestError('no scope'));
  }
  const token = { scope };
  if (client.tenant === 'acme') {
    token['https://acme.example/tags'] = _.uniq(scope);
  }
  context.webtask.storage.get(function (error, data) {
    if (error) return cb(error);
    request.get('https://acme.example/' + context.webtask.secrets.PLACE, function (failure, response, body) {
      token['https://acme.example/agent'] = context.webtask.headers['user-agent'];
      cb(failure, token);
    });
  });
};
