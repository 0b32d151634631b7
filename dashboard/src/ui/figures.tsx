import { Tooltip } from '@mantine/core';
import { useNow } from './now';

const COUNT = new Intl.NumberFormat('en-GB');
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** What is not known; never 0. */
export const UNKNOWN = '–';

/** 1,204; a dash for what is not known. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : COUNT.format(value);
}

/** "3 scopes", "1 scope". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${COUNT.format(value)} ${value === 1 ? one : many}`;
}

/** "2 minutes ago", "in 3 days". */
export function relative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) {
      return RELATIVE.format(Math.trunc(seconds / length), unit);
    }
  }
  return Math.abs(seconds) < 10 ? 'just now' : RELATIVE.format(seconds, 'second');
}

/** 86400 as "24 hours", 7200 as "2 hours", 90 as "90 seconds". */
export function duration(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ];
  for (const [length, name] of units) {
    if (seconds >= length && seconds % length === 0) {
      return counted(seconds / length, name);
    }
  }
  return counted(seconds, 'second');
}

/** A moment: how far from now, the exact UTC instant on hover; `never` is said for null, a dash for what is not known. */
export function Time({ at, never = UNKNOWN }: { at: string | null | undefined; never?: string }) {
  const now = useNow();
  if (at === null || at === undefined) {
    return <span className="quiet">{at === null ? never : UNKNOWN}</span>;
  }
  const moment = new Date(at);
  return (
    <Tooltip label={`${moment.toISOString().replace('T', ' ').replace('.000', '')}`}>
      <time dateTime={at}>{relative(moment, now)}</time>
    </Tooltip>
  );
}
