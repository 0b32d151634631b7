import index from '../../../../snippets/index.json';
import type { Snippet } from '../../ui/Code';

// The rules of rendering are those of snippets/README.md.

type Task = 'token' | 'call' | 'verify';

const FILES = import.meta.glob<string>(
  ['../../../../snippets/*', '!../../../../snippets/*.md', '!../../../../snippets/*.json'],
  { query: '?raw', import: 'default', eager: true },
);

const URLS = new Set(['token_url', 'issuer', 'api_url']);
/** Characters that some language would not take literally, or an editor would not show. */
const UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const TOKEN = /^[A-Za-z0-9\-._~+/=]+$/;

/** A value as it stands between the quotes of a snippet; its name in capitals if it cannot stand there, or is not known. */
export function written(name: string, value: string | undefined, quotes: string): string {
  const unknown = `YOUR_${name.toUpperCase()}`;
  if (value === undefined) {
    return unknown;
  }
  if (URLS.has(name)) {
    return value.replace(/[^A-Za-z0-9\-._~:/?#[\]@!$&()*+,;=%]/gu, (character) =>
      character === "'" ? '%27' : encodeURIComponent(character),
    );
  }
  if (name === 'access_token') {
    return TOKEN.test(value) ? value : unknown;
  }
  return UNFIT.test(value) ? unknown : value.replace(quotes === 'double' ? /[\\"]/g : /[\\']/g, '\\$&');
}

/** The snippets of a task in every language, with these values filled in. */
export function snippetsFor(task: Task, values: Record<string, string>): Snippet[] {
  return index
    .filter((entry) => entry.task === task)
    .map((entry) => ({
      language: entry.language,
      text: (FILES[`../../../../snippets/${entry.file}`] ?? '').replace(
        /\{\{([a-z_]+)\}\}/g,
        (_, name: string) => written(name, values[name], entry.quotes),
      ),
    }));
}
