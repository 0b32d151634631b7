import { Button, Modal } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import classes from './entityForm.module.css';
import { counted } from './figures';

interface Props {
  /** What is changed and not saved, by its labels; while it is empty nobody is asked. */
  changed: string[];
  /** Whether it is still there when only the address' search changes, such as a filter. */
  outlivesSearch: boolean;
}

/** Asks before what is not saved is lost: on another page of the dashboard, or when the window is closed. */
export function Leaving({ changed, outlivesSearch }: Props) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      changed.length > 0 && (!outlivesSearch || current.pathname !== next.pathname),
    enableBeforeUnload: () => changed.length > 0,
    withResolver: true,
  });
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={`Leave without saving ${counted(changed.length, 'change')}?`}
    >
      <p>Changed: {changed.join(', ')}.</p>
      <div className={classes.choice}>
        <Button variant="default" onClick={() => blocker.reset?.()}>
          Stay
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          Leave and discard
        </Button>
      </div>
    </Modal>
  );
}
