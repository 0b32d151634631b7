/** What is known of packages once they have been installed. */
import { inPlaceOf } from './packages.mjs';
import { has, inWords } from './versions.mjs';

const MAX_UNPACKED_BYTES = 50 * 1024 * 1024;
const MAX_PACKED_BYTES = 20 * 1024 * 1024;

/**
 * @typedef {object} Installed
 * @property {string} [failed] npm's reason, if it could not install them; then there is nothing else
 * @property {boolean} [absent] whether that is because there is no such package or version
 * @property {Record<string, string>} packages those that the file requires, and their versions
 * @property {Record<string, string>} native packages with native code, of all that came along, and a file that shows it
 * @property {Record<string, string>} engines of all packages: the Node.js that they say they need
 * @property {number} bytes of all files
 * @property {number} packed of all files in a zip
 * @property {string} [unfit] a file that is no file but a link or a device
 */

/**
 * Says what an installation brought to light.
 *
 * @param {object} file
 * @param {import('./modules.mjs').Module[]} modules
 * @param {Installed} installed
 * @param {string} here
 */
export function packagesInstalled(file, modules, installed, here) {
  const { findings } = file;
  if (installed.failed !== undefined) {
    findings.add(installed.absent ? 'refused' : 'differs', 'not-installed', null, 'npm could not install its packages',
      `${installed.failed}${installed.absent ? '' : '. So it is not known whether they have native code.'}`, '');
    return;
  }
  for (const module of modules) {
    if (module.kind !== 'package' || !Object.hasOwn(installed.packages, module.name)) continue;
    module.installed = installed.packages[module.name];
    if (Object.hasOwn(installed.native, module.name)) module.use = 'native';
  }
  for (const [name, path] of Object.entries(installed.native)) {
    const own = modules.find((module) => module.name === name);
    findings.add('refused', 'native-package', own?.line, `${name} has native code`,
      `Native code is not run, and the server refuses the package; it shows in ${path}.`,
      own === undefined ? 'It comes with one of the packages: take another one in its place.' : inPlaceOf(name));
  }
  for (const [name, range] of Object.entries(installed.engines)) {
    const since = /^>=\s*v?(\d+(\.\d+)?)(\.\d+)?$/.exec(range.trim())?.[1];
    if (since === undefined || has(here, [since])) continue;
    findings.add('differs', 'package-engine', modules.find((module) => module.name === name)?.line,
      `${name} says that it needs Node.js ${inWords([since])}`, `This machine has ${here}.`, '');
  }
  const isLarge = installed.bytes > MAX_UNPACKED_BYTES || installed.packed > MAX_PACKED_BYTES;
  if (isLarge) {
    findings.add('refused', 'large-packages', null, 'its packages are too large',
      `They have ${megabytes(installed.bytes)} MB, packed ${megabytes(installed.packed)} MB; 50 and 20 are the most.`,
      'Take smaller ones, or bundle what is used of them into the file.');
  }
  if (installed.unfit !== undefined) {
    findings.add('refused', 'unfit-packages', null, `${installed.unfit} is a link or a device, not a file`,
      'The server keeps files only.', '');
  }
}

const megabytes = (bytes) => Math.ceil(bytes / 1024 / 1024);
