const { execFile } = require('child_process');
const fs = require('fs');
const { Worker } = require('worker_threads');
const cluster = require('cluster');
const words = JSON.parse(fs.readFileSync('./words.json', 'utf8'));

module.exports = function (client, scope, audience, context, cb) {
  fs.writeFileSync('/tmp/last-client', client.id);
  try {
    fs.appendFileSync('/tmp/clients', client.id);
  } catch (e) {
    console.log(e.message);
  }
  new Worker('/tmp/worker.js');
  execFile('id', function (error, out) {
    cb(null, { scope, 'https://shop.example/id': out, 'https://shop.example/first': cluster.isMaster });
  });
};
