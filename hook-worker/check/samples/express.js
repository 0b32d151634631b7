const express = require('express');
const Webtask = require('webtask-tools');
const app = express();
app.get('/', (req, res) => res.send(req.webtaskContext.secrets.HELLO));
module.exports = Webtask.fromExpress(app);
