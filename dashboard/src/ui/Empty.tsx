import type { ReactNode } from 'react';
import classes from './Empty.module.css';

/** Stands in an empty page: what it is for, the one thing to do, and where the docs say more. */
export function Empty({
  children,
  action,
  docs,
}: {
  children: ReactNode;
  action?: ReactNode;
  docs?: string;
}) {
  return (
    <div className={classes.empty}>
      <p className={classes.words}>{children}</p>
      {action}
      {docs !== undefined && (
        <a href={`/docs/${docs}`} className={classes.docs}>
          Read about it
        </a>
      )}
    </div>
  );
}
