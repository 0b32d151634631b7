// Hook for the Timesheets API: an application that stands for an employee says so in its metadata (email).
module.exports = function (client, scope, audience, context, cb) {
  const token = { scope };
  if (client.metadata.email) {
    token['https://api.exampleco.com/email'] = client.metadata.email;
  }
  cb(null, token);
};
