/** The Timesheets API: five routes, each for tokens with one scope. Timesheets are kept in memory. */
import express from 'express';
import { auth, requiredScopes, UnauthorizedError } from 'express-oauth2-jwt-bearer';
import { createServer } from 'node:http';
import { readEntry } from './entry.js';
import { Problem } from './problem.js';
import { settings } from './settings.js';
import { Timesheets } from './timesheets.js';

const EMAIL = 'https://api.exampleco.com/email';
const BATCH = ''; // the reporter of uploads; not an employee, as those are never empty
const MAX_BODY_BYTES = 64 * 1024;

const { issuer, audience, port } = settings(process.env);
const timesheets = new Timesheets();

// While the keys of the issuer cannot be fetched, this answers 401 with the reason, where 503 would be right.
const verifyToken = auth({
  issuer,
  issuerBaseURL: issuer,
  audience,
  dpop: { enabled: false },
  // A token that is bound to a key of its holder is none for whoever has only the token: no proof is checked here.
  validators: { cnf: (cnf) => cnf === undefined },
});
const needs = (scope) => [verifyToken, requiredScopes(scope)];

function employee(req, res, next) {
  const email = req.auth.payload[EMAIL];
  if (typeof email !== 'string' || email === '') {
    throw new Problem(403, 'no_employee', `The token has no claim ${EMAIL}: use the token of an employee.`);
  }
  req.employee = email;
  next();
}

function isJson(req, res, next) {
  if (!/^application\/json *(;|$)/i.test(req.get('Content-Type') ?? '')) {
    throw new Problem(415, 'unsupported_media_type', 'Send the entry as application/json.');
  }
  next();
}

function parseJson(req, res, next) {
  try {
    req.body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(req.body));
  } catch {
    throw new Problem(400, 'invalid_json', 'The body is not JSON in UTF-8: send one entry as a JSON object.');
  }
  next();
}

const json = [isJson, express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }), parseJson];

function add(res, reporter, entry) {
  const { isNew, timesheet } = timesheets.add(reporter, entry);
  res.status(isNew ? 201 : 200).json(timesheet);
}

const only = (...methods) => (req, res) => {
  res.set('Allow', methods.join(', '));
  throw new Problem(405, 'method_not_allowed', `This path takes only ${methods.join(' and ')}.`);
};

const app = express()
  .disable('x-powered-by')
  .disable('etag')
  .enable('strict routing')
  .enable('case sensitive routing')
  .set('query parser', false); // tokens in the query would be taken, and end up in logs

app.use((req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
});

app
  .route('/timesheets/upload')
  .post(needs('batch:upload'), json, (req, res) => add(res, BATCH, readEntry(req.body)))
  .all(only('POST'));

app
  .route('/timesheets')
  .post(needs('create:timesheets'), employee, json, (req, res) => 
    add(res, req.employee, readEntry(req.body, req.employee)),
  )
  .get(needs('read:timesheets'), employee, (req, res) => res.json(timesheets.of(req.employee)))
  .all(only('GET', 'POST'));

app
  .route('/approvals/:id')
  .put(needs('approve:timesheets'), (req, res) => res.json(timesheets.approve(req.params.id)))
  .all(only('PUT'));

app
  .route('/approvals')
  .get(needs('approve:timesheets'), (req, res) => res.json(timesheets.unapproved()))
  .all(only('GET'));

app.use(() => {
  throw new Problem(404, 'not_found', 'There is nothing at this path.');
});

/** What the caller is told of an error: never more than it can act on. */
function problemOf(error) {
  if (error instanceof Problem) {
    return error;
  }
  if (error instanceof UnauthorizedError) { // RFC 6750 §3: without a code if there was no token, or not in its place
    return error.code
      ? new Problem(error.status, error.code, error.message)
      : new Problem(
          error.status,
          error.status === 401 ? 'missing_token' : 'invalid_request',
          'Send an access token in the Authorization header, as Bearer and the token.',
        );
  }
  switch (error.status) { // of Express itself
    case 413:
      return new Problem(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES} bytes: send one entry.`);
    case 415:
      return new Problem(415, 'unsupported_media_type', 'Send the entry as application/json, not compressed.');
    case 400:
      return new Problem(400, 'invalid_request', 'The request cannot be read.');
    default:
      console.error(error);
      return new Problem(500, 'server_error', 'The API failed; its log says why.');
  }
}

app.use((error, req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const { status, body } = problemOf(error);
  res.status(status).set(error.headers ?? {}).json(body);
});

// Two Authorization headers become one that is refused; unless joined, Node.js takes the first.
const server = createServer({ joinDuplicateHeaders: true, requestTimeout: 30_000, headersTimeout: 10_000 }, app);
server.on('error', (error) => {
  console.error(`timesheets: cannot listen on port ${port} (${error.code}); set TIMESHEETS_PORT to a free one`);
  process.exitCode = 1;
});
server.listen(port, '127.0.0.1', () => {
  console.log(`Timesheets API is ready at http://127.0.0.1:${server.address().port}/`);
});
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => server.close());
}
