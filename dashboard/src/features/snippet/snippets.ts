import type { Snippet } from '../../ui/Code';

/** The snippets of a task in every language, with these values filled in. */
export function snippetsFor(_task: 'token' | 'call' | 'verify', values: Record<string, string>): Snippet[] {
  return [{ language: 'cURL', text: `curl ${JSON.stringify(values)}` }];
}
