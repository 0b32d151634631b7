// A page has no client secret and asks for no token by client credentials: whatever a page holds, each of its visitors
// can read and use as if they were your application. Your own back end keeps the secret, asks for the token, calls the
// API with it, and gives the page only what this visitor, signed in as your site does it, may see.
const response = await fetch("/orders", { signal: AbortSignal.timeout(30_000) });
const body = await response.text();
if (!response.ok) {
  throw new Error(`${response.status} ${body}`);
}
console.log(JSON.parse(body));
