import { ActionIcon, Button, TextInput } from '@mantine/core';
import IconX from '@tabler/icons-react/icons/IconX';
import { type ReactNode, useState } from 'react';
import classes from './Metadata.module.css';

const MOST = 10;
const LONGEST = 255;

interface Props {
  value: Record<string, string>;
  change: (value: Record<string, string>) => void;
  error: ReactNode;
  isReadOnly: boolean;
}

/** Pairs of texts; one is added when both its key and its place are clear. */
export function Metadata({ value, change, error, isReadOnly }: Props) {
  const [key, setKey] = useState('');
  const [text, setText] = useState('');
  const pairs = Object.entries(value);
  const isTaken = key in value;

  function add(): void {
    change({ ...value, [key]: text });
    setKey('');
    setText('');
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
      {!isReadOnly && pairs.length < MOST && (
        <div className={classes.pair}>
          <TextInput
            aria-label="New key"
            placeholder="Key"
            value={key}
            maxLength={LONGEST}
            error={isTaken ? 'There is this key already' : undefined}
            onChange={(event) => setKey(event.currentTarget.value)}
          />
          <TextInput
            aria-label="New value"
            placeholder="Value"
            value={text}
            maxLength={LONGEST}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {key !== '' && !isTaken && (
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
