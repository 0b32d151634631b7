import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconX from '@tabler/icons-react/icons/IconX';
import type { ReactNode } from 'react';
import classes from './Status.module.css';

const ICONS = { granted: IconCheck, refused: IconX, expiring: IconAlertTriangle, neutral: IconMinus };

/** A word with the icon and the colour of its meaning; colour never carries it alone. */
export function Status({ means, children }: { means: keyof typeof ICONS; children: ReactNode }) {
  const Icon = ICONS[means];
  return (
    <span className={`${classes.status} ${classes[means]}`}>
      <Icon size={14} stroke={2.2} aria-hidden />
      {children}
    </span>
  );
}
