import { CopyButton } from './CopyButton';
import classes from './Identity.module.css';

/** An id or an address in monospace, whole on hover, copied with one click. */
export function Identity({ label, value, hideLabel }: { label: string; value: string; hideLabel?: boolean }) {
  return (
    <span className={classes.identity}>
      {hideLabel !== true && <span className="quiet">{label}</span>}
      <bdi className={`mono ${classes.value}`} title={value}>
        {value}
      </bdi>
      <CopyButton value={value} what={label} />
    </span>
  );
}
