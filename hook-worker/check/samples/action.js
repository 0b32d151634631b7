/**
 * @param {Event} event
 * @param {CredentialsExchangeAPI} api
 */
exports.onExecuteCredentialsExchange = async (event, api) => {
  const plan = event.client.metadata?.plan ?? 'none';
  if (event.resource_server.identifier === 'https://pay.example' && plan === 'none') {
    api.access.deny('invalid_scope', 'This plan may not pay.');
    return;
  }
  api.accessToken.setCustomClaim('https://shop.example/plan', plan);
  api.accessToken.setCustomClaim('https://shop.example/key', event.secrets.KEY.length);
};
