import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { CopyButton } from './CopyButton';
import { wordsOf } from './Failure';
import classes from './Secret.module.css';

const SHOWN_FOR_MS = 30_000;

interface Props {
  label: string;
  /** Asks the server for it: that is recorded. */
  reveal: () => Promise<string>;
  /** Said in place of the button where it cannot be shown. */
  why?: string | undefined;
  /** One that was made just now, and is shown without being asked for. */
  fresh?: string | undefined;
}

/** A secret as dots of a fixed length; shown for 30 seconds when asked for, which the log records. */
export function Secret({ label, reveal, why, fresh }: Props) {
  const [shown, setShown] = useState<string>();
  const [problem, setProblem] = useState<unknown>();
  const [asking, setAsking] = useState(false);

  useEffect(() => setShown(fresh), [fresh]);
  useEffect(() => {
    // One that cannot be had again stays until one leaves it.
    if (shown === undefined || why !== undefined) {
      return;
    }
    const timer = setTimeout(() => setShown(undefined), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [shown, why]);

  async function ask(): Promise<void> {
    setAsking(true);
    setProblem(undefined);
    try {
      setShown(await reveal());
    } catch (failure) {
      setProblem(failure);
    } finally {
      setAsking(false);
    }
  }

  return (
    <div className={classes.secret}>
      <span className={classes.label}>{label}</span>
      <div className={classes.row}>
        <code className={`mono ${classes.value}`}>{shown ?? '•'.repeat(32)}</code>
        {shown !== undefined && <CopyButton value={shown} what={label} />}
        {(why === undefined || shown !== undefined) && (
          <Button
            variant="default"
            size="xs"
            loading={asking}
            onClick={() => (shown === undefined ? void ask() : setShown(undefined))}
          >
            {shown === undefined ? 'Reveal' : 'Hide'}
          </Button>
        )}
      </div>
      <span className={classes.help} role={problem === undefined ? 'status' : 'alert'}>
        {problem !== undefined
          ? wordsOf(problem)
          : shown !== undefined && shown === fresh
            ? `This is the new one${why === undefined ? ', shown for 30 seconds' : '. Copy it now: it is not shown again'}.`
            : (why ?? 'Shown for 30 seconds. That you looked at it is recorded in the log.')}
      </span>
    </div>
  );
}
