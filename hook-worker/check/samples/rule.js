function (user, context, callback) {
  user.app_metadata = user.app_metadata || {};
  context.idToken['https://shop.example/roles'] = user.app_metadata.roles;
  callback(null, user, context);
}
