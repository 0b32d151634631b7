import { PageHead } from '../../ui/PageHead';

export function ExtensionsPage() {
  return <PageHead title="Hooks and Actions" />;
}
