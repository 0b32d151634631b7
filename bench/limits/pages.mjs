// The management API's lists with many clients: every page by checkpoint, the first beside the last.
import { stop } from '../server.mjs';
import { FilledServer, of, progress, table } from './filled.mjs';

const CLIENTS = 100_000;
const AT_AN_END = 100;

export async function pages({ rounds }) {
  const server = new FilledServer('pages');
  await server.fill(CLIENTS);
  const admin = await server.admin();
  const rows = [];
  for (const plural of ['clients', 'client_grants']) {
    const path = `api/v2/${plural.replace('_', '-')}?take=100`;
    const first = [];
    const last = [];
    for (let round = 0; round <= rounds; round++) {
      const times = await walk(server, admin, path, plural);
      if (round > 0) { // the first walk is warm-up
        first.push(...times.slice(0, AT_AN_END));
        last.push(...times.slice(-AT_AN_END));
      }
      progress(`pages ${plural} ${times.length} in ${Math.round(times.reduce((a, b) => a + b, 0))} ms`);
    }
    rows.push([plural, of(first, (ms) => ms, 1), of(last, (ms) => ms, 1)]);
  }
  await stop(server.child);
  return `## Lists of ${CLIENTS.toLocaleString('en')} clients

${table(['list', `ms for one of the first ${AT_AN_END} pages`, `ms for one of the last ${AT_AN_END} pages`], rows)}

Walked from end to end by checkpoint, 100 on a page, over one connection; ${rounds} walks after one that is not counted.
`;
}

/** Milliseconds for each page. */
async function walk(server, admin, path, plural) {
  const times = [];
  let from = '';
  do {
    const began = performance.now();
    const page = await server.call('GET', `${path}${from && `&from=${encodeURIComponent(from)}`}`, undefined, admin);
    times.push(performance.now() - began);
    if (!Array.isArray(page[plural])) throw new Error(`no page of ${plural}: ${JSON.stringify(page).slice(0, 200)}`);
    from = page.next ?? '';
  } while (from);
  return times;
}
