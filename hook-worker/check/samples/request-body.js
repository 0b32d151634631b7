// Copies a user's name out of a token that the caller adds to its request.
const jwt = require('jsonwebtoken');

module.exports = function (client, scope, audience, context, cb) {
  const access_token = {};
  access_token.scope = scope;
  if (context.body.subject_token) {
    const subject = jwt.decode(context.body.subject_token);
    state = subject.state;
    access_token['https://exchange.example/sub'] = subject.sub;
    access_token.sub = subject.sub;
  }
  cb(null, access_token);
};
