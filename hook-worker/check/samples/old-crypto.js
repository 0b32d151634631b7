var crypto = require('crypto');
var util = require('util');

module.exports = function (client, scope, audience, context, cb) {
  var cipher = crypto.createCipher('aes-256-cbc', context.webtask.secrets.KEY);
  var sealed = cipher.update(client.id, 'utf8', 'hex') + cipher.final('hex');
  var mark = crypto.createHash('md4').update(new Buffer(client.id)).digest('hex');
  if (util.isArray(scope)) cb(null, { scope: scope, 'https://shop.example/id': sealed + mark });
  cb(new Error('no scopes'));
};
