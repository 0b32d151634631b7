// Runs what a tool is asked to do step by step. Each step ends as a line of JSON on standard output: its name, and what
// went wrong or null. A step that fails does not end the run, as later ones may have nothing to do with it.
import assert from 'node:assert/strict';

export const settings = {
  domain: process.env.JETON_DOMAIN,
  clientId: process.env.JETON_CLIENT_ID,
  clientSecret: process.env.JETON_CLIENT_SECRET,
};

export async function step(name, action) {
  let failed = null;
  try {
    await action();
  } catch (error) {
    failed = `${error.name}: ${error.message}`;
  }
  console.log(JSON.stringify({ step: name, failed }));
}

/** That a call is refused with an error for which the check holds. */
export async function refused(call, check) {
  let result;
  try {
    result = await call();
  } catch (error) {
    check(error);
    return;
  }
  assert.fail(`not refused: ${JSON.stringify(result)}`);
}

/** The claims of an access token, unchecked. */
export function claims(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
}

/** Does something for every number from 0, a few at a time. */
export async function times(count, action) {
  for (let done = 0; done < count; done += 10) {
    await Promise.all(Array.from({ length: Math.min(10, count - done) }, (_, i) => action(done + i)));
  }
}
