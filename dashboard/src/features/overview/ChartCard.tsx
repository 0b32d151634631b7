import { type ReactNode, Suspense, useId } from 'react';
import { count } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { clock } from './clock';
import classes from './Overview.module.css';
import type { Point } from './overview';

export interface Figures {
  head: string;
  of: (point: Point) => number | null;
}

interface Props {
  title: string;
  note?: ReactNode;
  series: Point[];
  stepSeconds: number;
  /** What the chart shows, for who reads it as a table. */
  columns: Figures[];
  /** Said in place of the chart where no point has a figure. */
  empty: string;
  children: ReactNode;
}

/** One chart, and behind it the same as a table for screen readers. */
export function ChartCard({ title, note, series, stepSeconds, columns, empty, children }: Props) {
  const id = useId();
  const isEmpty = series.every((point) => columns.every(({ of }) => of(point) === null));
  return (
    <section className={classes.card} aria-labelledby={id}>
      <h2 id={id} className={classes.title}>
        {title}
      </h2>
      {note !== undefined && <p className={classes.note}>{note}</p>}
      {isEmpty ? (
        <p className={classes.nothing}>{empty}</p>
      ) : (
        <>
          <div className={classes.chart} aria-hidden>
            <Suspense fallback={<Loading rows={1} height={200} />}>{children}</Suspense>
          </div>
          <div className={classes.unseen}>
            <table>
              <caption>{title}</caption>
              <thead>
                <tr>
                  <th scope="col">Time (UTC)</th>
                  {columns.map(({ head }) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {series.map((point) => (
                  <tr key={point.at}>
                    <th scope="row">{clock(point.at, stepSeconds)}</th>
                    {columns.map(({ head, of }) => (
                      <td key={head}>{count(of(point))}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}
