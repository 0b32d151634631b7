/**
 * Reads a Hook or an Action from standard input and prints a report on it as one line of JSON. The file is data here:
 * it is parsed and compiled, and never run.
 *
 *   node check.mjs [--kind hook|action] [--otherwise hook|action] [--dependency name@[version]]...
 *     [--installed json] < file
 */
import { parseArgs } from 'node:util';
import { reportOn } from './report.mjs';
import { MAX_BYTES } from './syntax.mjs';

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    otherwise: { type: 'string' },
    dependency: { type: 'string', multiple: true, default: [] },
    installed: { type: 'string' },
  },
});

const chunks = [];
let length = 0;
for await (const chunk of process.stdin) {
  chunks.push(chunk);
  length += chunk.length;
  if (length > MAX_BYTES) break; // it is too large: how much so does not matter
}

const dependencies = Object.fromEntries(values.dependency.map((dependency) => {
  const at = dependency.lastIndexOf('@');
  return [dependency.slice(0, at), dependency.slice(at + 1)];
}));
const report = reportOn(Buffer.concat(chunks), {
  kind: values.kind,
  otherwise: values.otherwise,
  dependencies,
  installed: values.installed === undefined ? undefined : JSON.parse(values.installed),
});
process.stdout.write(JSON.stringify(report) + '\n');
process.stdin.destroy();
