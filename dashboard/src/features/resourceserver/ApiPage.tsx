import { PageHead } from '../../ui/PageHead';

export function ApiPage() {
  return <PageHead title="API" />;
}
