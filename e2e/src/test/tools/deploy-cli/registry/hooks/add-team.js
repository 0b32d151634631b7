module.exports = function (client, scope, audience, context, cb) {
  cb(null, { scope, 'https://example.com/team': client.metadata.team });
};
