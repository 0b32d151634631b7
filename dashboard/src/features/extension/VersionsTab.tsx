import { Checkbox, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import type { Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Confirm } from '../../ui/Danger';
import { Empty } from '../../ui/Empty';
import { Failure } from '../../ui/Failure';
import { counted, Time } from '../../ui/figures';
import { Loading } from '../../ui/Loading';
import { Status } from '../../ui/Status';
import { Table } from '../../ui/Table';
import { ExtensionImpact } from './ExtensionImpact';
import type { ScriptSearch } from './extensionSearch';
import { CodeDiff } from './lazyEditor';
import type { ActionScript } from './scripts';
import classes from './VersionsTab.module.css';
import { deployAgain, type Version, versionsQuery } from './versions';

interface Props {
  loaded: Tagged<ActionScript>;
  runs: boolean;
  search: ScriptSearch;
  compare: (search: ScriptSearch) => void;
  /** Asks for the Action anew, as the draft or what is deployed has changed. */
  reload: () => Promise<void>;
}

/** What was deployed of an Action: two versions side by side, and the way back to an older one. */
export function VersionsTab({ loaded, runs, search, compare, reload }: Props) {
  const { id, code } = loaded.value;
  const versions = useQuery(versionsQuery(id));
  const mayDeploy = useMay('create:actions');
  const [chosen, setChosen] = useState<Version>();
  const [updatesDraft, setUpdatesDraft] = useState(false);
  if (versions.isPending) {
    return <Loading rows={4} />;
  }
  if (versions.data === undefined) {
    return (
      <Failure
        what="The versions cannot be listed"
        problem={versions.error}
        retry={() => void versions.refetch()}
      />
    );
  }
  if (versions.data.length === 0) {
    return (
      <Empty docs="hooks">
        A version is the draft as it was when it was deployed. There is none yet, so this Action cannot run.
      </Empty>
    );
  }
  const deployed = versions.data.find((version) => version.deployed);
  return (
    <>
      <Table
        label="Versions"
        rows={versions.data}
        id={(version) => version.id}
        columns={[
          { head: 'Version', width: 100, cell: (version) => version.number },
          {
            head: 'State',
            cell: (version) =>
              version.deployed ? (
                <Status means="granted">Deployed</Status>
              ) : (
                <span className="quiet">Earlier</span>
              ),
          },
          { head: 'Made', cell: (version) => <Time at={version.created_at} /> },
          { head: 'Packages', minor: true, cell: (version) => listed(version.dependencies) },
          { head: 'Secrets', minor: true, cell: (version) => listed(version.secrets) },
        ]}
        actions={(version) => [
          { label: 'Compare with the draft', run: () => compare({ before: version.number }) },
          ...(mayDeploy && !version.deployed
            ? [{ label: 'Deploy this version again', run: () => setChosen(version) }]
            : []),
        ]}
      />
      <Comparison
        versions={versions.data}
        draft={code}
        before={search.before ?? deployed?.number}
        after={search.after}
        compare={compare}
      />
      <Confirm
        opened={chosen !== undefined}
        close={() => setChosen(undefined)}
        button={`Deploy version ${chosen?.number ?? ''} again`}
        impact={
          <>
            <ExtensionImpact
              runs={runs}
              consequence={`It becomes version ${(versions.data[0]?.number ?? 0) + 1}, with its packages and secrets of then, and takes the place of version ${deployed?.number ?? '–'} from the next token on.`}
            />
            <Checkbox
              label="Take its code for the draft too"
              description="What is saved as the draft now is overwritten."
              checked={updatesDraft}
              onChange={(event) => setUpdatesDraft(event.currentTarget.checked)}
            />
          </>
        }
        run={async () => {
          await deployAgain(id, chosen?.id ?? '', loaded.etag, updatesDraft);
          setUpdatesDraft(false);
          await reload();
        }}
      />
    </>
  );
}

function listed(items: { name: string }[]): string {
  return items.length === 0 ? 'None' : items.map((item) => item.name).join(', ');
}

interface ComparisonProps {
  versions: Version[];
  draft: string;
  before: number | undefined;
  /** The draft, unless it is given. */
  after: number | undefined;
  compare: Props['compare'];
}

function Comparison({ versions, draft, before, after, compare }: ComparisonProps) {
  const left = versions.find((version) => version.number === before) ?? versions[0];
  const right = versions.find((version) => version.number === after);
  if (left === undefined) {
    return null;
  }
  const options = versions.map(({ number, deployed }) => ({
    value: String(number),
    label: deployed ? `Version ${number}, deployed` : `Version ${number}`,
  }));
  const code = right?.code ?? draft;
  const [was, is] = [`Version ${left.number}`, right === undefined ? 'The draft' : `Version ${right.number}`];
  return (
    <section className={classes.comparison} aria-label="Comparison">
      <div className={classes.choose}>
        <NativeSelect
          label="Compare"
          data={options}
          value={String(left.number)}
          onChange={(event) =>
            compare({ before: Number(event.currentTarget.value), ...(right ? { after: right.number } : {}) })
          }
        />
        <NativeSelect
          label="with"
          data={[{ value: '', label: 'The draft, as saved' }, ...options]}
          value={right === undefined ? '' : String(right.number)}
          onChange={(event) =>
            compare({
              before: left.number,
              ...(event.currentTarget.value === '' ? {} : { after: Number(event.currentTarget.value) }),
            })
          }
        />
      </div>
      {left.code === code ? (
        <p className="quiet">
          The code of both is the same, {counted(code.split('\n').length, 'line')}. Packages and secrets stand
          in the list.
        </p>
      ) : (
        <Suspense fallback={<Loading rows={1} height={240} />}>
          <CodeDiff before={{ label: was, code: left.code }} after={{ label: is, code }} />
        </Suspense>
      )}
    </section>
  );
}
