import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

interface Package {
  name: string;
  version: string;
  license: string;
}

/** The folder of the package that a module is in; nothing for one of ours. */
function packageOf(module: string): string | undefined {
  const [path = ''] = module.replace(/^\0/, '').split('?');
  if (!path.includes('node_modules')) {
    return undefined;
  }
  for (let folder = dirname(path); !folder.endsWith('node_modules'); folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && 'version' in JSON.parse(readFileSync(file, 'utf8'))) {
      return folder;
    }
  }
  return undefined;
}

function textOf(folder: string): string {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Package;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const words =
    file === undefined
      ? `Its licence is ${license}; the package has no text of it.`
      : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${words}\n`;
}

/** Writes licences.txt: of each package that is in what is shipped, its licence, as these ask for. */
export function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' ? Object.keys(file.modules) : [],
      );
      const folders = new Set(modules.flatMap((module) => packageOf(module) ?? []));
      const texts = [...folders].map(textOf).sort();
      this.emitFile({
        type: 'asset',
        fileName: 'licences.txt',
        source: texts.join(`\n${'-'.repeat(78)}\n\n`),
      });
    },
  };
}
