// What the server does at its limits, a section each; limits.sh starts it. Stops what it starts by process id.
import { parseArgs } from 'node:util';
import { connections } from './limits/connections.mjs';
import { firstSeconds, start } from './limits/start.mjs';
import { latency } from './limits/latency.mjs';
import { million } from './limits/million.mjs';
import { pages } from './limits/pages.mjs';
import { tls } from './limits/tls.mjs';
import { plot } from './plot.mjs';
import { endWith, machine, report } from './server.mjs';

const SECTIONS = { million, tls, start, seconds: firstSeconds, latency, connections, pages };
const HELP = `usage: bench/limits.sh [options]
  --only million,tls,start,seconds,latency,connections,pages   these alone, in this order
  --rounds 3         of each measurement
  --seconds 4        of load per server and round
  --warmup 30        seconds of load per server and algorithm before the first round, for the JIT compilers
  --clients 1000000  beside 100
  --starts 10        from the process's start to its first token
  --connections 5000 beside 64
  --engines BoringSSL,JDK   TLS engines; also "JDK without ACCP"
  --what NAME        writes results/<date>-NAME.md; otherwise the tables go to standard output only
`;
const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    only: { type: 'string', default: Object.keys(SECTIONS).join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '30' },
    clients: { type: 'string', default: '1000000' },
    starts: { type: 'string', default: '10' },
    connections: { type: 'string', default: '5000' },
    engines: { type: 'string', default: 'BoringSSL,JDK' },
    what: { type: 'string' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const names = values.only.split(',');
const unknown = names.find((name) => !SECTIONS[name]);
if (unknown) throw new Error(`there is no ${unknown} to measure; see --help`);
const options = {
  rounds: Number(values.rounds), seconds: Number(values.seconds), warmup: Number(values.warmup), clients: Number(values.clients),
  starts: Number(values.starts), connections: Number(values.connections), engines: values.engines.split(','),
};

const sections = [];
const panels = [];
let status = 0;
for (const name of names) {
  try {
    const section = await SECTIONS[name](options);
    sections.push(section.text ?? section);
    panels.push(...section.panels ?? []);
  } catch (error) { // the others are worth their time
    console.error(error);
    sections.push(`## ${name}\n\nNot measured: ${error.message.split('\n')[0]}\n`);
    status = 1;
  }
}
report(`${sections.join('\n')}
Medians of ${options.rounds} interleaved rounds of ${options.seconds} s each unless said otherwise, in brackets the least and the
greatest, after ${options.warmup} s of warm-up per server and algorithm; \`audit.durability: commit\`, SQLite, request lines written
to a file. ${machine()}
`, values.what, ...(panels.length > 0 ? [plot('From the start to the full rate', panels)] : []));
await endWith(status);
