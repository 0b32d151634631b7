const https = require('https');
const cache = new Map();
let calls = 0;
let _;

setInterval(function () { cache.clear(); }, 60000);

module.exports = function (client, scope, audience, context, cb) {
  _ = _ || require('lodash');
  calls++;
  global.lastAudience = audience;
  if (cache.has(client.id)) return cb(null, cache.get(client.id));
  https.get('https://shop.example/' + client.id, { headers: { key: process.env.SHOP_KEY } }, function (response) {
    const token = { scope: scope };
    token.plan = response.headers['x-plan'];
    token.permissions = ['all'];
    cache.set(client.id, token);
    cb(null, token);
  });
};
