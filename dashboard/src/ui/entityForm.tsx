import { Alert, Button } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { ApiProblem, mayBeDone, type Tagged } from '../api/client';
import classes from './entityForm.module.css';
import { wordsOf } from './Failure';
import { counted } from './figures';
import { Leaving } from './Leaving';

/** What a form shows of an entity: flat, each member one field. */
export type Values = Record<string, unknown>;

interface Options<Entity, V extends Values> {
  loaded: Tagged<Entity>;
  /** What the form shows of the entity. */
  values: (entity: Entity) => V;
  /** Sends what changed, with the tag of what it was made from. */
  save: (changes: Partial<V>, etag: string) => Promise<Tagged<Entity>>;
  /** The entity as it is now. */
  reload: () => Promise<Tagged<Entity>>;
  /** Labels of the fields, for what is said of them. */
  labels: Record<keyof V & string, string>;
  /** Checks what the browser can; else the server does. */
  validate?: (values: V) => Partial<Record<keyof V, string>>;
  /** What is typed, without what is saved already: of a save whose answer was lost. */
  unsaved?: (mine: V, theirs: V) => V;
  /** Fields in which two people's changes can both stand, such as lists. */
  merge?: { [K in keyof V]?: (before: V[K], mine: V[K], theirs: V[K]) => Merged<V[K]> };
}

/** Both changes of one field in one, and the other person's in words. */
export interface Merged<T> {
  value: T;
  theirs: string;
}

interface Conflict<V> {
  /** Fields that another person changed meanwhile; where one changed them too, both stand side by side. */
  theirs: { field: keyof V & string; value: unknown; isMineToo: boolean; words: string | undefined }[];
}

/** Why nothing was saved, or why it is not known whether it was. */
interface Problem {
  cause: unknown;
  mayBeSaved: boolean;
}

export interface EntityForm<V extends Values> {
  form: UseFormReturnType<V>;
  /** What an input of that field needs. */
  field: (name: keyof V & string, options?: { type?: 'checkbox' }) => object;
  /** The bar at the bottom, the question on leaving, what another person changed meanwhile. */
  bar: React.ReactNode;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The form of one entity. It counts what changed, sends only that, puts a refusal at its field, and loses no input: if
 * another person saved first (412), their values are taken where one did not type, and one is asked about the others.
 */
export function useEntityForm<Entity, V extends Values>(options: Options<Entity, V>): EntityForm<V> {
  const { values, save, reload, labels, validate, unsaved, merge } = options;
  const [base, setBase] = useState({ values: values(options.loaded.value), etag: options.loaded.etag });
  const [problem, setProblem] = useState<Problem>();
  const [conflict, setConflict] = useState<Conflict<V>>();
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState<string[]>([]);
  const form = useForm<V>({
    initialValues: base.values,
    ...(validate ? { validate: validate as never } : {}),
  });
  const changed = (Object.keys(base.values) as (keyof V & string)[]).filter(
    (name) => !same(form.values[name], base.values[name]),
  );
  const [refusedField, setRefusedField] = useState<string>();

  const renew = useEffectEvent(({ value, etag }: Tagged<Entity>) => {
    const fresh = values(value);
    // What is loaded anew must not take away what is typed; that both differ, the next save finds out.
    if (same(fresh, base.values)) {
      setBase({ values: base.values, etag });
    } else if (changed.length === 0 && !saving) {
      setBase({ values: fresh, etag });
      form.setInitialValues(fresh);
      form.setValues(fresh);
    }
  });
  useEffect(() => renew(options.loaded), [options.loaded]);

  useEffect(() => {
    // Fields can have the focus again when nothing is being saved.
    if (refusedField !== undefined && !saving) {
      document.querySelector<HTMLElement>(`[name="${CSS.escape(refusedField)}"]`)?.focus();
      setRefusedField(undefined);
    }
  }, [refusedField, saving]);

  const field = (name: keyof V & string, { type }: { type?: 'checkbox' } = {}): object => ({
    ...form.getInputProps(name, type === undefined ? {} : { type }),
    name,
    label: labels[name],
    'data-saved': saved.includes(name) || undefined,
    disabled: saving,
  });

  function flash(names: string[]): void {
    setSaved(names);
    setTimeout(() => setSaved([]), 1500);
  }

  /** Takes what is there now for the base of what is typed; gives whether it is the same as before. */
  async function rebase(): Promise<boolean> {
    const now = await reload();
    const theirs = values(now.value);
    const mine = unsaved?.(form.values, theirs) ?? form.values;
    const both = (name: keyof V & string): Merged<V[typeof name]> | undefined =>
      merge?.[name]?.(base.values[name], mine[name], theirs[name]);
    const differing = (Object.keys(theirs) as (keyof V & string)[])
      .filter((name) => !same(theirs[name], base.values[name]) && !same(theirs[name], mine[name]))
      .map((name) => ({
        field: name,
        value: theirs[name],
        isMineToo: changed.includes(name),
        words: both(name)?.theirs,
      }));
    const merged = {
      ...theirs,
      ...Object.fromEntries(changed.map((name) => [name, (both(name) ?? { value: mine[name] }).value])),
    } as V;
    const isAsBefore = now.etag === base.etag && same(theirs, base.values);
    const isSaved = same(merged, theirs);
    setConflict(isAsBefore || (isSaved && differing.length === 0) ? undefined : { theirs: differing });
    if (isSaved) {
      flash(changed);
    }
    setBase({ values: theirs, etag: now.etag });
    form.setInitialValues(theirs);
    form.setValues(merged);
    return isAsBefore;
  }

  /** Finds out whether what was sent was saved. */
  async function look(): Promise<void> {
    setSaving(true);
    try {
      const cause = 'The server has what it had before; what you typed is still here.';
      setProblem((await rebase()) ? { cause, mayBeSaved: false } : undefined);
    } catch (cause) {
      setProblem({ cause, mayBeSaved: true });
    } finally {
      setSaving(false);
    }
  }

  async function send(): Promise<void> {
    setProblem(undefined);
    setConflict(undefined);
    if (form.validate().hasErrors) {
      setRefusedField(Object.keys(form.validate().errors)[0]);
      return;
    }
    setSaving(true);
    const changes = Object.fromEntries(changed.map((name) => [name, form.values[name]])) as Partial<V>;
    try {
      const now = await save(changes, base.etag);
      const fresh = values(now.value);
      setBase({ values: fresh, etag: now.etag });
      form.setInitialValues(fresh);
      form.setValues(fresh);
      form.clearErrors();
      flash(changed);
    } catch (failure) {
      await refused(failure);
    } finally {
      setSaving(false);
    }
  }

  async function refused(failure: unknown): Promise<void> {
    if (failure instanceof ApiProblem && failure.status === 412) {
      await rebase().catch((cause) => setProblem({ cause, mayBeSaved: false }));
      return;
    }
    const name = failure instanceof ApiProblem ? failure.field?.split(/[.[]/)[0] : undefined;
    if (failure instanceof ApiProblem && name !== undefined && name in base.values) {
      form.setFieldError(name as never, failure.reason);
      setRefusedField(name);
    } else {
      setProblem({ cause: failure, mayBeSaved: mayBeDone(failure) });
    }
  }

  function discard(): void {
    form.setValues(base.values);
    form.clearErrors();
    setProblem(undefined);
    setConflict(undefined);
  }

  const told = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem !== undefined || conflict !== undefined) {
      told.current?.scrollIntoView({ block: 'center' });
    }
  }, [problem, conflict]);

  const bar = (
    <div ref={told}>
      {conflict !== undefined && <Meanwhile conflict={conflict} labels={labels} />}
      {problem !== undefined && (
        <Alert
          color="red"
          variant="outline"
          title={problem.mayBeSaved ? 'It is not known whether this was saved' : 'Nothing was saved'}
          role="alert"
          mt={16}
        >
          <p>{wordsOf(problem.cause)}</p>
          {problem.mayBeSaved && (
            <Button variant="default" size="xs" onClick={() => void look()} loading={saving}>
              Load what is there
            </Button>
          )}
        </Alert>
      )}
      {(changed.length > 0 || saving) && (
        <section className={classes.bar} aria-label="Unsaved changes">
          <span>{counted(changed.length, 'unsaved change')}</span>
          <Button variant="default" onClick={discard} disabled={saving}>
            Discard
          </Button>
          <Button onClick={() => void send()} loading={saving}>
            Save
          </Button>
        </section>
      )}
      <Leaving changed={changed.map((name) => labels[name])} outlivesSearch />
    </div>
  );
  return { form, field, bar };
}

function Meanwhile<V extends Values>({
  conflict,
  labels,
}: {
  conflict: Conflict<V>;
  labels: Record<string, string>;
}) {
  return (
    <Alert
      color="yellow"
      variant="outline"
      title="Somebody else saved this meanwhile; nothing of yours is lost"
      role="alert"
      mt={16}
    >
      <ul className={classes.theirs}>
        {conflict.theirs.map(({ field, value, isMineToo, words }) => (
          <li key={field}>
            {words !== undefined ? (
              <>
                {labels[field]}: <bdi>{words}</bdi>
              </>
            ) : (
              <>
                {labels[field]} is now <bdi className="mono">{shown(value)}</bdi>
                {isMineToo ? '; you typed something else, which Save puts in its place' : ''}
              </>
            )}
          </li>
        ))}
        {conflict.theirs.length === 0 && <li>What they changed is not on this page.</li>}
      </ul>
      Look at your changes once more, then save or discard.
    </Alert>
  );
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text === '' ? '(empty)' : text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
