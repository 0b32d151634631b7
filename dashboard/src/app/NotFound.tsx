import { Link } from '@tanstack/react-router';
import { PageHead } from '../ui/PageHead';

export function NotFound() {
  return (
    <>
      <PageHead title="There is nothing here" />
      <p>
        The address may be mistyped, or what it named is deleted.{' '}
        <Link to="/overview">Go to the overview</Link>
      </p>
    </>
  );
}
