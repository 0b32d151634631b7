import { Button, Group, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { wordsOf } from '../../ui/Failure';

interface Props {
  opened: boolean;
  close: () => void;
  /** A verb and its object; the dialog's title too. */
  button: string;
  children: ReactNode;
  run: () => Promise<void>;
}

/** The dialog before an act that can be taken back, but is at work at once: it says what follows. */
export function Confirm({ opened, close, button, children, run }: Props) {
  const [problem, setProblem] = useState<unknown>();
  const [running, setRunning] = useState(false);

  function end(): void {
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
      {opened && children}
      {problem !== undefined && <p role="alert">Nothing was changed: {wordsOf(problem)}</p>}
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={end}>
          Cancel
        </Button>
        <Button onClick={() => void go()} loading={running} data-autofocus>
          {button}
        </Button>
      </Group>
    </Modal>
  );
}
