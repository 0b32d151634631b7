module.exports = function (user, context, cb) {
  const axios = require('axios');
  axios.post(context.webtask.secrets.URL, { email: user.email }).then(() => cb(), cb);
};
