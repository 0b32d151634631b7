import { PageHead } from '../../ui/PageHead';

export function DebuggerPage() {
  return <PageHead title="Token debugger" />;
}
