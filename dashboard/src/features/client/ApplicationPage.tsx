import { PageHead } from '../../ui/PageHead';

export function ApplicationPage() {
  return <PageHead title="Application" />;
}
