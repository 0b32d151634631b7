import { Button, Modal, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import classes from './Danger.module.css';
import { wordsOf } from './Failure';

/** The bordered section at the end of a page, for what cannot be taken back. */
export function DangerZone({ children }: { children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.zone} aria-labelledby={id}>
      <h2 id={id} className={classes.title}>
        Danger zone
      </h2>
      {children}
    </section>
  );
}

interface DangerProps {
  title: string;
  words: ReactNode;
  /** A verb and its object: "Delete application". */
  button: string;
  /** What must be typed, as a rule the name. */
  name: string;
  /** What breaks, in numbers; it is asked for when the dialog opens. */
  impact: ReactNode;
  run: () => Promise<void>;
  /** Why one may not, if so; it stands in place of the button. */
  why?: string | undefined;
}

/** One dangerous act: what it does, and a dialog that says what breaks and asks for the name. */
export function Danger({ title, words, button, why, ...dialog }: DangerProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className={classes.act}>
      <div>
        <strong>{title}</strong>
        <p className={classes.words}>{words}</p>
      </div>
      {why !== undefined ? (
        <span className="quiet">{why}</span>
      ) : (
        <Button color="red" variant="outline" onClick={() => setOpen(true)}>
          {button}
        </Button>
      )}
      <Confirm opened={open} close={() => setOpen(false)} button={button} {...dialog} />
    </div>
  );
}

interface ConfirmProps {
  opened: boolean;
  close: () => void;
  button: string;
  /** What must be typed before a destructive act; without it one click does what can be taken back. */
  name?: string;
  impact: ReactNode;
  run: () => Promise<void>;
}

/** The dialog before an act that is at work at once: it says what follows. */
export function Confirm({ opened, close, button, name, impact, run }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<unknown>();
  const [running, setRunning] = useState(false);
  const matches = name === undefined || typed.trim() === name.trim();

  function end(): void {
    setTyped('');
    setProblem(undefined);
    close();
  }

  async function go(): Promise<void> {
    setRunning(true);
    setProblem(undefined);
    try {
      await run();
      end();
    } catch (failure) {
      setProblem(failure);
    } finally {
      setRunning(false);
    }
  }

  return (
    <Modal opened={opened} onClose={end} title={button}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (matches) {
            void go();
          }
        }}
      >
        {opened && impact}
        {name !== undefined && (
          <TextInput
            label={
              <>
                Type <bdi className="mono">{name}</bdi> to go on
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
            mt={16}
          />
        )}
        {problem !== undefined && (
          <p role="alert" className={classes.problem}>
            {wordsOf(problem)}
          </p>
        )}
        <div className={classes.choice}>
          {!matches && <span className="quiet">Type the name first.</span>}
          <Button variant="default" onClick={end}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={name === undefined ? undefined : 'red'}
            data-autofocus={name === undefined || undefined}
            loading={running}
            disabled={!matches}
          >
            {button}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
