import { PageHead } from '../../ui/PageHead';

export function ApplicationsPage() {
  return <PageHead title="Applications" />;
}
