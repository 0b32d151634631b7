import { Button, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import IconApi from '@tabler/icons-react/icons/IconApi';
import IconApps from '@tabler/icons-react/icons/IconApps';
import IconBook from '@tabler/icons-react/icons/IconBook';
import IconChartLine from '@tabler/icons-react/icons/IconChartLine';
import IconCode from '@tabler/icons-react/icons/IconCode';
import IconKey from '@tabler/icons-react/icons/IconKey';
import IconList from '@tabler/icons-react/icons/IconList';
import IconSettings from '@tabler/icons-react/icons/IconSettings';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { SignInAgain } from '../session/SignInAgain';
import { signOut, useSession } from '../session/session';
import { Identity } from '../ui/Identity';
import { Toasts, useToast } from '../ui/Toasts';
import classes from './Frame.module.css';

const PAGES = [
  { to: '/overview', label: 'Overview', Icon: IconChartLine },
  { to: '/applications', label: 'Applications', Icon: IconApps },
  { to: '/apis', label: 'APIs', Icon: IconApi },
  { to: '/extensions', label: 'Hooks & Actions', Icon: IconCode },
  { to: '/keys', label: 'Keys', Icon: IconKey },
  { to: '/logs', label: 'Logs', Icon: IconList },
  { to: '/settings/{-$tab}', label: 'Settings', Icon: IconSettings },
] as const;

/** What stands around every page: the navigation at the left, and below it who and where one is. */
export function Frame() {
  return (
    <Toasts>
      <div className={classes.frame}>
        <a className={classes.skip} href="#main">
          Skip to the content
        </a>
        <nav className={classes.nav} aria-label="Pages">
          <Link to="/overview" className={classes.brand}>
            <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={24} height={24} />
            Jeton
          </Link>
          {PAGES.map(({ to, label, Icon }) => (
            <Link key={to} to={to} className={classes.link} activeOptions={{ includeSearch: false }}>
              <Icon size={18} stroke={1.6} aria-hidden />
              {label}
            </Link>
          ))}
          <Foot />
        </nav>
        <main className={classes.main} id="main" tabIndex={-1}>
          <Outlet />
        </main>
        <SignInAgain />
      </div>
    </Toasts>
  );
}

function Foot() {
  const { administrator, issuer, version } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const client = useQueryClient();
  const toast = useToast();
  return (
    <div className={classes.foot}>
      <a href="/docs/" className={classes.link}>
        <IconBook size={18} stroke={1.6} aria-hidden />
        Documentation
      </a>
      <Identity label="Issuer" value={issuer} />
      <Text size="xs" c="dimmed">
        {administrator.name} · {administrator.role}
      </Text>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Theme"
        value={colorScheme}
        onChange={(scheme) => setColorScheme(scheme as 'auto' | 'light' | 'dark')}
        data={[
          { value: 'auto', label: 'Auto' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <Button
        variant="default"
        size="xs"
        onClick={() => signOut(client).catch((problem: unknown) => toast('You are still signed in', problem))}
      >
        Sign out
      </Button>
      <Text size="xs" c="dimmed">
        Jeton {version} · <a href={`${import.meta.env.BASE_URL}licences.txt`}>Licences</a>
      </Text>
    </div>
  );
}
