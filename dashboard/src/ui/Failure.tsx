import { Button, Group } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { ApiProblem } from '../api/client';
import classes from './Failure.module.css';

/** A failure in a sentence, with the request id by which the log is searched. */
export function wordsOf(problem: unknown): string {
  if (problem instanceof ApiProblem) {
    return problem.requestId === undefined
      ? problem.reason
      : `${problem.reason} (request ${problem.requestId})`;
  }
  return problem instanceof Error ? problem.message : String(problem);
}

/** Stands where something could not be shown; the rest of the page keeps working. */
export function Failure({ what, problem, retry }: { what: string; problem: unknown; retry?: () => void }) {
  return (
    <div className={classes.failure} role="alert">
      <IconAlertTriangle size={18} aria-hidden className={classes.icon} />
      <div>
        <strong>{what}</strong>
        <p className={classes.words}>{wordsOf(problem)}</p>
        {retry !== undefined && (
          <Group>
            <Button variant="default" size="xs" onClick={retry}>
              Retry
            </Button>
          </Group>
        )}
      </div>
    </div>
  );
}
