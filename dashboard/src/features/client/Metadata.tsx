import { ActionIcon, Button, TextInput } from '@mantine/core';
import IconX from '@tabler/icons-react/icons/IconX';
import type { ReactNode } from 'react';
import classes from './Metadata.module.css';

const MOST = 10;
const LONGEST = 255;

/** A pair that is typed and not added yet. */
export interface Pair {
  key: string;
  text: string;
}

export const NO_PAIR: Pair = { key: '', text: '' };

/** What keeps a pair from being added. */
export function pairProblem(present: Record<string, string>, { key, text }: Pair): string | undefined {
  if (key === '') {
    return text === '' ? undefined : 'Give it a key';
  }
  return Object.hasOwn(present, key) ? 'There is this key already' : undefined;
}

export function withPair(present: Record<string, string>, { key, text }: Pair): Record<string, string> {
  return key === '' ? present : { ...present, [key]: text };
}

interface Props {
  value: Record<string, string>;
  change: (value: Record<string, string>) => void;
  pair: Pair;
  changePair: (pair: Pair) => void;
  error: ReactNode;
  pairError: ReactNode;
  isReadOnly: boolean;
}

/** Pairs of texts, and the place for one more. */
export function Metadata({ value, change, pair, changePair, error, pairError, isReadOnly }: Props) {
  const pairs = Object.entries(value);
  const problem = pair.key === '' ? pairError : pairProblem(value, pair);

  function add(): void {
    change(withPair(value, pair));
    changePair(NO_PAIR);
  }

  return (
    <div className={classes.pairs}>
      {pairs.map(([name, held]) => (
        <div key={name} className={classes.pair}>
          <TextInput aria-label={`Key ${name}`} value={name} readOnly className="mono" />
          <TextInput
            aria-label={`Value of ${name}`}
            value={held}
            maxLength={LONGEST}
            readOnly={isReadOnly}
            onChange={(event) => change({ ...value, [name]: event.currentTarget.value })}
          />
          {!isReadOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove ${name}`}
              onClick={() => change(Object.fromEntries(pairs.filter(([other]) => other !== name)))}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </div>
      ))}
      {pairs.length === 0 && isReadOnly && <p className="quiet">None.</p>}
      {!isReadOnly && (pairs.length < MOST || pair.key !== '') && (
        <div className={classes.pair}>
          <TextInput
            name="new_pair"
            aria-label="New key"
            placeholder="Key"
            value={pair.key}
            maxLength={LONGEST}
            error={problem}
            onChange={(event) => changePair({ ...pair, key: event.currentTarget.value })}
          />
          <TextInput
            aria-label="New value"
            placeholder="Value"
            value={pair.text}
            maxLength={LONGEST}
            onChange={(event) => changePair({ ...pair, text: event.currentTarget.value })}
          />
          {pair.key !== '' && problem === undefined && (
            <Button variant="default" size="xs" onClick={add}>
              Add
            </Button>
          )}
        </div>
      )}
      {error !== undefined && error !== null && (
        <p role="alert" className={classes.error}>
          {error}
        </p>
      )}
    </div>
  );
}
