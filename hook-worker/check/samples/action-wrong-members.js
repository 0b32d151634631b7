const axios = require('axios');

exports.onExecuteCredentialsExchange = async (event, api) => {
  try {
    api.idToken.setCustomClaim('role', event.client.metadata.role);
  } catch (e) {
    console.log(e.message);
  }
  if (event.organization) {
    api.accessToken.setCustomClaim('https://shop.example/org', event.organization.id);
  }
  if (event.request.geoip.countryCode === 'XX') return api.access.deny('not from there');
  const { user: { email } } = event;
  api.accessToken.addScope('read:all');
  event.accessToken.scope.push('read:all');
  api.accessToken.setCustomClaim('permissions', []);
  await axios.post('https://shop.example', { email, tenant: event.tenant.id });
};
