import { counted } from '../../ui/figures';

/** The longest that a token may live: 30 days. */
export const LONGEST_S = 2_592_000;

const UNITS: [number, string][] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** 5400 as "1 hour 30 minutes"; why it is no lifetime, if so. */
export function lifetimeWords(seconds: number | string): string {
  return lifetimeProblem(seconds) ?? inUnits(Number(seconds));
}

/** Why that is no lifetime of a token. */
export function lifetimeProblem(seconds: number | string): string | undefined {
  if (seconds === '' || !Number.isInteger(Number(seconds))) {
    return 'A whole number of seconds';
  }
  if (Number(seconds) < 1) {
    return 'At least 1 second';
  }
  return Number(seconds) > LONGEST_S ? 'At most 30 days, which is 2,592,000 seconds' : undefined;
}

function inUnits(seconds: number): string {
  const words: string[] = [];
  let left = seconds;
  for (const [length, name] of UNITS) {
    const whole = Math.floor(left / length);
    if (whole > 0) {
      words.push(counted(whole, name));
    }
    left -= whole * length;
  }
  return words.join(' ');
}
