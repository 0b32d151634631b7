import { PageHead } from '../../ui/PageHead';

export function ApisPage() {
  return <PageHead title="APIs" />;
}
