const { DatabaseSync } = require('node:sqlite');

module.exports = (client, scope, audience, context, cb) => {
  const byFirst = Object.groupBy(scope, (name) => name.split(':')[0]);
  const known = new Set(scope).union(new Set(['read:all']));
  const sorted = client.metadata.tags.toSorted();
  const socket = typeof WebSocket === 'undefined' ? null : WebSocket;
  cb(null, { scope: [...known], 'https://shop.example/first': Object.keys(byFirst), 'https://shop.example/t': sorted });
};
