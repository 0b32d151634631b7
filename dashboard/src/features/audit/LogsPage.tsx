import { PageHead } from '../../ui/PageHead';

export function LogsPage() {
  return <PageHead title="Logs" />;
}
