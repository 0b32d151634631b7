import { type ReactNode, useId } from 'react';
import classes from './Section.module.css';

/** A part of a form or a page: what it is about at the left, what is there at the right. */
export function Section({ title, help, children }: { title: string; help?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.words}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {help !== undefined && <p className={classes.help}>{help}</p>}
      </div>
      <div className={classes.body}>{children}</div>
    </section>
  );
}
