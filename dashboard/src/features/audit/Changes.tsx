import classes from './EventView.module.css';
import type { EventDetails } from './events';

/** What a change changed, or for a new thing what was sent: a row for each member. */
export function Changes({ details }: { details: EventDetails }) {
  const changes = Object.entries(details.changes ?? {});
  if (details.changes !== undefined) {
    return (
      <section>
        <h3 className={classes.part}>What changed</h3>
        {changes.length === 0 ? (
          <p className="quiet">Nothing: it was so before.</p>
        ) : (
          <table className={classes.rows} aria-label="What changed">
            <thead>
              <tr>
                <th>Field</th>
                <th>Before</th>
                <th>After</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(([field, { before, after }]) => (
                <tr key={field}>
                  <th scope="row" className="mono">
                    <bdi>{field}</bdi>
                  </th>
                  <td className={classes.before}>
                    <Value value={before} />
                  </td>
                  <td className={classes.after}>
                    <Value value={after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    );
  }
  const sent = details.request?.body;
  if (typeof sent !== 'object' || sent === null || Object.keys(sent).length === 0) {
    return null;
  }
  return (
    <section>
      <h3 className={classes.part}>What was sent</h3>
      <table className={classes.rows} aria-label="What was sent">
        <thead>
          <tr>
            <th>Field</th>
            <th>Value</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(sent).map(([field, value]) => (
            <tr key={field}>
              <th scope="row" className="mono">
                <bdi>{field}</bdi>
              </th>
              <td>
                <Value value={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) {
    return <span className="quiet">not set</span>;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' ? <span className="quiet">empty</span> : <bdi className="mono">{text}</bdi>;
}
