import { PageHead } from '../../ui/PageHead';

export function ActionPage() {
  return <PageHead title="Action" />;
}
