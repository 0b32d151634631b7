import type { QueryClient } from '@tanstack/react-query';
import { useSuspenseQuery } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { logSearch } from '../features/audit/logSearch';
import { extensionsSearch, scriptSearch } from '../features/extension/extensionSearch';
import { overviewSearch } from '../features/overview/overviewSearch';
import { apiSearch } from '../features/resourceserver/apiSearch';
import { SignInPage } from '../session/SignInPage';
import { sessionQuery } from '../session/session';
import { WelcomePage } from '../session/WelcomePage';
import { Failure } from '../ui/Failure';
import { listSearch } from '../ui/ListPage';
import { Loading } from '../ui/Loading';
import { Frame } from './Frame';
import { NotFound } from './NotFound';

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: WelcomePage });

/** Every other page: only for whoever is signed in; the others see the sign-in at the page's own address. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  loader: ({ context }) => context.client.ensureQueryData(sessionQuery),
  component: () => (useSuspenseQuery(sessionQuery).data === null ? <SignInPage /> : <Frame />),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview' });
  },
});

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/overview',
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import('../features/overview/OverviewPage'), 'OverviewPage'),
});

const applications = createRoute({
  getParentRoute: () => signedIn,
  path: '/applications',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('../features/client/ApplicationsPage'), 'ApplicationsPage'),
});

const application = createRoute({
  getParentRoute: () => signedIn,
  path: '/applications/$clientId/{-$tab}',
  validateSearch: (raw: Record<string, unknown>) => ({ ...logSearch(raw), ...listSearch(raw) }),
  component: lazyRouteComponent(() => import('../features/client/ApplicationPage'), 'ApplicationPage'),
});

const apis = createRoute({
  getParentRoute: () => signedIn,
  path: '/apis',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('../features/resourceserver/ApisPage'), 'ApisPage'),
});

const api = createRoute({
  getParentRoute: () => signedIn,
  path: '/apis/$apiId/{-$tab}',
  validateSearch: apiSearch,
  component: lazyRouteComponent(() => import('../features/resourceserver/ApiPage'), 'ApiPage'),
});

const extensions = createRoute({
  getParentRoute: () => signedIn,
  path: '/extensions',
  validateSearch: extensionsSearch,
  component: lazyRouteComponent(() => import('../features/extension/ExtensionsPage'), 'ExtensionsPage'),
});

const hook = createRoute({
  getParentRoute: () => signedIn,
  path: '/extensions/hooks/$hookId/{-$tab}',
  validateSearch: scriptSearch,
  component: lazyRouteComponent(() => import('../features/extension/HookPage'), 'HookPage'),
});

const action = createRoute({
  getParentRoute: () => signedIn,
  path: '/extensions/actions/$actionId/{-$tab}',
  validateSearch: scriptSearch,
  component: lazyRouteComponent(() => import('../features/extension/ActionPage'), 'ActionPage'),
});

const keys = createRoute({
  getParentRoute: () => signedIn,
  path: '/keys',
  component: lazyRouteComponent(() => import('../features/signingkey/KeysPage'), 'KeysPage'),
});

const tokenDebugger = createRoute({
  getParentRoute: () => signedIn,
  path: '/keys/debugger',
  component: lazyRouteComponent(() => import('../features/token/DebuggerPage'), 'DebuggerPage'),
});

const logs = createRoute({
  getParentRoute: () => signedIn,
  path: '/logs',
  validateSearch: logSearch,
  component: lazyRouteComponent(() => import('../features/audit/LogsPage'), 'LogsPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/{-$tab}',
  component: lazyRouteComponent(() => import('../features/tenant/SettingsPage'), 'SettingsPage'),
});

const routes = root.addChildren([
  welcome,
  signedIn.addChildren([
    home,
    overview,
    applications,
    application,
    apis,
    api,
    extensions,
    hook,
    action,
    keys,
    tokenDebugger,
    logs,
    settings,
  ]),
]);

/** Which page is where; a page's code is fetched when it is first looked at. */
export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree: routes,
    basepath: import.meta.env.BASE_URL,
    context: { client },
    defaultPreload: 'intent',
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: ({ error, reset }) => (
      <Failure what="This page cannot be shown" problem={error} retry={reset} />
    ),
    scrollRestoration: true,
    // Every value is a text, as people write addresses; what a page does not know of is left out.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const known = Object.entries(search).filter(([, value]) => value !== undefined && value !== null);
      const text = new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
      return text === '' ? '' : `?${text}`;
    },
    search: { strict: true },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
