var bcrypt = require('bcrypt');
var path = require('path');

module.exports = function (client, scope, audience, context, cb) {
  bcrypt.compare(client.metadata.word, context.webtask.secrets.WORD_HASH, function (error, same) {
    if (error || !same) return cb(new InvalidRequestError('no'));
    cb(null, { scope: scope, 'https://shop.example/base': path.basename(audience) });
  });
};
