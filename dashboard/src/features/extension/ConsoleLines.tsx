import { useEffect, useRef } from 'react';
import classes from './ConsoleLines.module.css';

export interface ConsoleLine {
  id: string;
  level: string;
  text: string;
  date?: string;
  request_id?: string | null;
}

/** What code wrote, the newest at the end, where one stays while more arrives. */
export function ConsoleLines({ lines }: { lines: ConsoleLine[] }) {
  const list = useRef<HTMLUListElement>(null);
  const isAtEnd = useRef(true);
  const last = lines.at(-1)?.id;

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows each new line
  useEffect(() => {
    if (list.current !== null && isAtEnd.current) {
      list.current.scrollTop = list.current.scrollHeight;
    }
  }, [last]);

  return (
    <ul
      className={`mono ${classes.lines}`}
      ref={list}
      aria-label="Console lines"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 8;
      }}
    >
      {lines.map(({ id, level, text, date, request_id }) => (
        <li key={id} className={classes.line} data-level={level}>
          {date !== undefined && (
            <time dateTime={date} title={date}>
              {date.slice(11, 19)}
            </time>
          )}
          <span className={classes.level}>{level}</span>
          <bdi className={classes.text}>{text}</bdi>
          {request_id !== undefined && request_id !== null && (
            <span className={classes.request} title="Request">
              {request_id}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
