exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count > 1) api.redirect.sendUserTo('https://shop.example');
  api.idToken.setCustomClaim('email', event.user.email);
};
