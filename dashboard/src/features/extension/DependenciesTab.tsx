import { Alert, Button, Group, Loader, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiProblem, type Tagged } from '../../api/client';
import { useMay } from '../../session/session';
import { Failure } from '../../ui/Failure';
import { counted } from '../../ui/figures';
import { Section } from '../../ui/Section';
import { Table } from '../../ui/Table';
import { type Dependency, loadScript, MOST, remember, type Script, saveScript } from './scripts';

interface Work {
  words: string;
  since: number;
}

/** The npm packages that a script requires. A change is installed by the server before it is saved. */
export function DependenciesTab({ loaded }: { loaded: Tagged<Script> }) {
  const { kind, id, dependencies } = loaded.value;
  const queries = useQueryClient();
  const mayUpdate = useMay(`update:${kind}s`);
  const [name, setName] = useState('');
  const [version, setVersion] = useState('');
  const [work, setWork] = useState<Work>();
  const [failed, setFailed] = useState<{ words: string; problem: unknown }>();
  const [done, setDone] = useState<string>();
  const isVersionNeeded = kind === 'hook';

  async function put(words: string, wanted: Dependency[], finished: string): Promise<boolean> {
    setWork({ words, since: Date.now() });
    setFailed(undefined);
    setDone(undefined);
    try {
      remember(queries, await saveScript(kind, id, { dependencies: wanted }, loaded.etag));
      setDone(finished);
      return true;
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.status === 412) {
        remember(queries, await loadScript(kind, id).catch(() => loaded));
        setFailed({
          words,
          problem: new Error('Somebody else saved it meanwhile. Look again, and repeat it.'),
        });
      } else {
        setFailed({ words, problem: failure });
      }
      return false;
    } finally {
      setWork(undefined);
    }
  }

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    const wanted = withPackage(dependencies, { name: name.trim(), version: version.trim() });
    const what = version.trim() === '' ? name.trim() : `${name.trim()} ${version.trim()}`;
    if (await put(`Installing ${what}`, wanted, `Installed ${what}`)) {
      setName('');
      setVersion('');
    }
  }

  return (
    <>
      <Section
        title="Packages"
        help={
          <>
            From npm, in exact versions, without install scripts and native code. They are kept in the
            database, so that all servers run the same.{' '}
            {kind === 'action' && 'They belong to the draft, and are at work once it is deployed.'}
          </>
        }
      >
        {dependencies.length === 0 ? (
          <p className="quiet">None. What Node.js brings with it needs no package.</p>
        ) : (
          <Table
            label="Packages"
            rows={dependencies}
            id={(each) => each.name}
            columns={[
              { head: 'Package', cell: (each) => <bdi className="mono">{each.name}</bdi> },
              { head: 'Version', cell: (each) => <span className="mono">{each.version}</span> },
            ]}
            actions={(each) =>
              mayUpdate && work === undefined
                ? [
                    {
                      label: 'Change version',
                      run: () => {
                        setName(each.name);
                        setVersion(each.version);
                      },
                    },
                    {
                      label: 'Remove',
                      dangerous: true,
                      run: () =>
                        void put(
                          `Removing ${each.name}`,
                          dependencies.filter((other) => other.name !== each.name),
                          `Removed ${each.name}`,
                        ),
                    },
                  ]
                : []
            }
          />
        )}
      </Section>
      <Section
        title="Install a package"
        help={`At most ${MOST.dependencies}. The name of one that is there gives it another version.`}
      >
        {mayUpdate ? (
          <form onSubmit={(event) => void add(event)}>
            <Group align="flex-start" gap={12} grow>
              <TextInput
                label="Package"
                placeholder="ms"
                value={name}
                maxLength={214}
                required
                withAsterisk={false}
                disabled={work !== undefined}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <TextInput
                label={isVersionNeeded ? 'Version' : 'Version, or empty for the newest'}
                placeholder="2.1.3"
                value={version}
                maxLength={256}
                required={isVersionNeeded}
                withAsterisk={false}
                disabled={work !== undefined}
                onChange={(event) => setVersion(event.currentTarget.value)}
              />
            </Group>
            <Group mt={12}>
              <Button type="submit" disabled={work !== undefined}>
                Install
              </Button>
            </Group>
          </form>
        ) : (
          <p className="quiet">Your role may not change packages.</p>
        )}
        {work !== undefined && <Progress work={work} />}
        <div role="status">{done !== undefined && <p className="quiet">{done}.</p>}</div>
        {failed !== undefined && <Failure what={`${failed.words} failed`} problem={failed.problem} />}
      </Section>
    </>
  );
}

/** The list with that package in it; one of the same name is replaced where it stands. */
export function withPackage(list: Dependency[], wanted: Dependency): Dependency[] {
  return list.some((each) => each.name === wanted.name)
    ? list.map((each) => (each.name === wanted.name ? wanted : each))
    : [...list, wanted];
}

/** How long it has taken so far: npm says nothing before it is done. */
function Progress({ work }: { work: Work }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.round((now - work.since) / 1000));
  return (
    <Alert
      variant="outline"
      color="gray"
      role="timer"
      mt={16}
      icon={<Loader size={18} />}
      title={`${work.words}…`}
    >
      {counted(seconds, 'second')} so far. It may take a minute; it goes on if you leave this page.
    </Alert>
  );
}
