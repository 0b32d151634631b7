import { NativeSelect } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { ReactNode } from 'react';
import classes from './Code.module.css';
import { CopyButton } from './CopyButton';

/** A block of code to copy. */
export function Code({ text, what, head }: { text: string; what: string; head?: ReactNode }) {
  return (
    <figure className={classes.code}>
      <figcaption className={classes.head}>
        {head ?? <span className="quiet">{what}</span>}
        <CopyButton value={text} what={what} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={`mono ${classes.text}`} tabIndex={0}>
        {text}
      </pre>
    </figure>
  );
}

export interface Snippet {
  language: string;
  text: string;
}

/** One text in several languages; the language chosen is remembered on this machine. */
export function Snippets({ snippets, what }: { snippets: Snippet[]; what: string }) {
  const [language, setLanguage] = useLocalStorage({ key: 'jeton-language', defaultValue: 'cURL' });
  const shown = snippets.find((snippet) => snippet.language === language) ?? snippets[0];
  if (shown === undefined) {
    return null;
  }
  return (
    <Code
      text={shown.text}
      what={`${what} in ${shown.language}`}
      head={
        <NativeSelect
          aria-label="Language"
          size="xs"
          value={shown.language}
          onChange={(event) => setLanguage(event.currentTarget.value)}
          data={snippets.map((snippet) => snippet.language)}
        />
      }
    />
  );
}
