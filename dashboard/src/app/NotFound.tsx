import { Link } from '@tanstack/react-router';
import { PageHead } from '../ui/PageHead';
import classes from './Frame.module.css';

export function NotFound() {
  return (
    <main className={classes.main}>
      <PageHead title="There is nothing here" />
      <p>
        The address may be mistyped, or what it named is deleted.{' '}
        <Link to="/overview">Go to the overview</Link>
      </p>
    </main>
  );
}
