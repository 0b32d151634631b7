// What Maven calls: `node build.js build` writes target/classes/dashboard and target/classes/docs, `node build.js check` runs
// the generator of the client, the linter, the compiler and the tests. Each is left out if nothing changed since it last
// succeeded.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  throw new Error(`the dashboard is built by Node.js 20.19 or newer, and this is ${process.version}`);
}
const here = import.meta.dirname;
const dashboard = join(here, 'target/classes/dashboard');
const docs = join(here, 'target/classes/docs');

function run(command, ...words) {
  execFileSync(command, words, {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, npm_config_update_notifier: 'false' },
  });
}

function filesOf(path) {
  return statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true })
        .map((name) => join(path, name))
        .filter((file) => statSync(file).isFile())
    : [path];
}

/** Runs a step unless it succeeded before with these very inputs. */
function unlessDone(step, inputs, work) {
  const digest = createHash('sha256').update(process.version);
  for (const file of inputs.flatMap((input) => filesOf(join(here, input))).sort()) {
    if (!file.endsWith('schema.d.ts')) {
      digest.update(file).update('\0').update(readFileSync(file));
    }
  }
  const stamp = join(here, 'target', `${step}.done`);
  const wanted = digest.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return;
  }
  rmSync(stamp, { force: true });
  work();
  mkdirSync(join(here, 'target'), { recursive: true });
  writeFileSync(stamp, wanted);
}

function install() {
  if (!existsSync(join(here, 'node_modules'))) {
    rmSync(join(here, 'target/install.done'), { force: true });
  }
  unlessDone('install', ['package-lock.json'], () =>
    // With NODE_ENV=production npm would leave out what builds.
    run('npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'),
  );
}

/** A .br and a .gz beside each file that is worth it, so that the server compresses nothing itself. */
function compress(folder, names) {
  for (const file of filesOf(folder)) {
    if (names.test(file)) {
      const bytes = readFileSync(file);
      writeFileSync(`${file}.br`, brotliCompressSync(bytes));
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    }
  }
}

const SOURCES = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'licences.ts',
  'build.js',
  'package-lock.json',
  '../snippets',
  '../hook-worker/starter.js',
  '../hook-worker/starter-action.js',
];

const DOCS_SOURCES = ['site', '../docs', 'src/app/tokens.css', 'build.js', 'package-lock.json'];

/** Runs a step that writes a page into a folder, if the page is missing or older than its sources. */
function make(step, folder, sources, work) {
  if (!existsSync(join(folder, 'index.html'))) {
    rmSync(join(here, `target/${step}.done`), { force: true });
  }
  unlessDone(step, sources, work);
}

install();
switch (process.argv[2]) {
  case 'build':
    make('build', dashboard, SOURCES, () => {
      run('npx', '--no-install', 'vite', 'build', '--logLevel', 'warn');
      compress(dashboard, /\.(js|css|svg|txt)$/); // not its page, into which the server writes
    });
    make('docs', docs, DOCS_SOURCES, () => {
      rmSync(docs, { recursive: true, force: true });
      run('npx', '--no-install', 'eleventy', '--config=site/eleventy.config.js', '--quiet');
      compress(docs, /\.(html|css)$/);
    });
    break;
  case 'check':
    unlessDone(
      'check',
      [...SOURCES, 'site', 'package.json', 'tsconfig.json', 'biome.json', '../docs/openapi.yaml'],
      () => {
        run('npm', 'run', '--silent', 'client');
        run('npm', 'run', '--silent', 'check');
        run('npm', 'test', '--silent');
      },
    );
    break;
  default:
    throw new Error('usage: node build.js build|check');
}
