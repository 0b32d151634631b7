import {
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { count } from '../../ui/figures';
import { clock } from './clock';
import type { Point } from './overview';

// Fetched by itself: the library is larger than all the rest of the page.

const HEIGHT = 200;
const MARGIN = { top: 8, right: 8, bottom: 20, left: 8 };
const TICK = { fill: 'var(--quiet)', fontSize: 12 };
const TOOLTIP = {
  isAnimationActive: false,
  contentStyle: { background: 'var(--raised)', border: '1px solid var(--line-strong)', borderRadius: 6 },
  labelStyle: { color: 'var(--text)' },
  itemStyle: { color: 'var(--text)' },
} as const;

interface Props {
  series: Point[];
  stepSeconds: number;
}

/** How many of something in each step; a click on a step shows what it counts. */
export function CountChart({
  series,
  stepSeconds,
  of,
  label,
  colour,
  open,
}: Props & {
  of: 'tokens' | 'refusals';
  label: string;
  colour: string;
  open: (point: Point) => void;
}) {
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <BarChart
        data={series}
        margin={MARGIN}
        accessibilityLayer={false}
        onClick={({ activeTooltipIndex }) => {
          const point = series[Number(activeTooltipIndex)];
          if (point !== undefined && point[of] !== null) {
            open(point);
          }
        }}
      >
        {axes(stepSeconds, label, false)}
        <Tooltip
          {...TOOLTIP}
          labelFormatter={(at) => clock(String(at), stepSeconds)}
          cursor={{ fill: 'var(--panel)' }}
        />
        <Bar
          dataKey={of}
          name={label}
          fill={colour}
          isAnimationActive={false}
          maxBarSize={24}
          cursor="pointer"
        />
      </BarChart>
    </ResponsiveContainer>
  );
}

/** How long the answers took that were given in each step. */
export function LatencyChart({ series, stepSeconds }: Props) {
  return (
    <ResponsiveContainer width="100%" height={HEIGHT}>
      <LineChart data={series} margin={MARGIN} accessibilityLayer={false}>
        {axes(stepSeconds, 'ms', true)}
        <Tooltip {...TOOLTIP} labelFormatter={(at) => clock(String(at), stepSeconds)} />
        <Legend verticalAlign="top" align="right" height={24} iconType="plainline" />
        <Line
          dataKey="p50_ms"
          name="p50, ms"
          stroke="var(--accent)"
          strokeWidth={2}
          dot={{ r: 1.5, fill: 'var(--accent)' }}
          isAnimationActive={false}
        />
        <Line
          dataKey="p99_ms"
          name="p99, ms"
          stroke="var(--quiet)"
          strokeWidth={2}
          strokeDasharray="5 3"
          dot={{ r: 1.5, fill: 'var(--quiet)' }}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

function axes(stepSeconds: number, label: string, allowDecimals: boolean) {
  return (
    <>
      <CartesianGrid stroke="var(--line)" vertical={false} />
      <XAxis
        dataKey="at"
        tickFormatter={(at: string) => clock(at, stepSeconds)}
        tick={TICK}
        stroke="var(--line-strong)"
        minTickGap={32}
        label={{ value: 'Time (UTC)', position: 'insideBottom', offset: -12, ...TICK }}
      />
      <YAxis
        tick={TICK}
        stroke="var(--line-strong)"
        allowDecimals={allowDecimals}
        tickFormatter={count}
        width={64}
        label={{ value: label, angle: -90, position: 'insideLeft', style: { textAnchor: 'middle' }, ...TICK }}
      />
    </>
  );
}
