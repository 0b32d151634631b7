import { Alert } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { wordsOf } from './Failure';
import classes from './Toasts.module.css';

interface Toast {
  id: number;
  title: string;
  words: string;
}

const Show = createContext<(title: string, problem: unknown) => void>(() => {});

/** Tells of what failed elsewhere than where one looks; it stays until it is read. Success needs no toast. */
export function useToast(): (title: string, problem: unknown) => void {
  return useContext(Show);
}

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const show = useCallback((title: string, problem: unknown) => {
    setToasts((before) => [
      ...before.slice(-4),
      { id: Date.now() + Math.random(), title, words: wordsOf(problem) },
    ]);
  }, []);
  const close = useCallback(
    (id: number) => setToasts((before) => before.filter((toast) => toast.id !== id)),
    [],
  );
  const shown = useMemo(
    () =>
      toasts.map((toast) => (
        <Alert
          key={toast.id}
          color="red"
          variant="outline"
          title={toast.title}
          className={classes.toast}
          withCloseButton
          closeButtonLabel="Close"
          onClose={() => close(toast.id)}
        >
          {toast.words}
        </Alert>
      )),
    [toasts, close],
  );
  return (
    <Show value={show}>
      {children}
      <div className={classes.toasts} role="status">
        {shown}
      </div>
    </Show>
  );
}
