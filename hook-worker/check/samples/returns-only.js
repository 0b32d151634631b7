module.exports = async function (client, scope, audience, context, cb) {
  return { scope, 'https://shop.example/plan': client.metadata.plan };
};
