import { useSyncExternalStore } from 'react';

// One clock for all times on a page, so that they change together.
let now = new Date();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    // Nobody looked at it for a while.
    now = new Date();
  }
  timer ??= setInterval(() => {
    now = new Date();
    for (const told of listeners) {
      told();
    }
  }, 10_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, ten seconds old at most. */
export function useNow(): Date {
  return useSyncExternalStore(listen, () => now);
}
