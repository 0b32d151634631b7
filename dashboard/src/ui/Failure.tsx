import { Button, Group } from '@mantine/core';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import { ApiProblem, mayBeDone } from '../api/client';
import classes from './Failure.module.css';

/** A failure in a sentence: when to try again if that is known, and the request id by which the log is searched. */
export function wordsOf(problem: unknown): string {
  if (problem instanceof ApiProblem) {
    const { reason, retryAt, requestId } = problem;
    const when = retryAt === undefined ? '' : `; try again at ${retryAt.toLocaleTimeString('en-GB')}`;
    return `${reason}${when}${requestId === undefined ? '' : ` (request ${requestId})`}`;
  }
  return problem instanceof Error ? problem.message : String(problem);
}

/** That a change was not made, as one says it; or that nobody knows. */
export function outcomeOf(problem: unknown, undone: string): string {
  return mayBeDone(problem) ? 'It is not known whether this was done' : undone;
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
