import { PageHead } from '../../ui/PageHead';

export function HookPage() {
  return <PageHead title="Hook" />;
}
