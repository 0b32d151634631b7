import { Link, type LinkProps, linkOptions } from '@tanstack/react-router';
import { Status } from '../../ui/Status';
import classes from './JourneyList.module.css';
import type { Journey } from './journey';

interface Step {
  title: string;
  words: string;
  isDone: boolean;
  link: LinkProps;
  /** What the link is called. */
  go: string;
}

/** On a fresh server: what is to be done until the first token, what of it is done, and where the next is done. */
export function JourneyList({ journey }: { journey: Journey }) {
  const steps = stepsOf(journey);
  const next = steps.findIndex(({ isDone }) => !isDone);
  return (
    <section aria-labelledby="journey">
      <h2 id="journey" className={classes.title}>
        To the first token
      </h2>
      <p className="quiet">
        This list goes when an application has got its first token; then this page shows what the server does.
      </p>
      <ol className={classes.steps}>
        {steps.map(({ title, words, isDone, link, go }, index) => (
          <li key={title} className={classes.step} aria-current={index === next ? 'step' : undefined}>
            <div>
              <strong>{title}</strong>
              <p className={classes.words}>{words}</p>
              <Link {...link}>{go}</Link>
            </div>
            {isDone ? (
              <Status means="granted">Done</Status>
            ) : (
              <Status means="neutral">{index === next ? 'Next' : 'To do'}</Status>
            )}
          </li>
        ))}
      </ol>
      <p>
        <a href="/docs/flow">Read about the flow</a>
      </p>
    </section>
  );
}

function stepsOf({ api, client, isAuthorized, hasToken }: Journey): Step[] {
  const application = (tab: string | undefined): LinkProps =>
    client === undefined
      ? linkOptions({ to: '/applications' })
      : linkOptions({ to: '/applications/$clientId/{-$tab}', params: { clientId: client.id, tab } });
  return [
    {
      title: 'Register an API',
      words: 'What the tokens are for: an identifier, which is their audience, and its permissions.',
      isDone: api !== undefined,
      link:
        api === undefined
          ? linkOptions({ to: '/apis' })
          : linkOptions({ to: '/apis/$apiId/{-$tab}', params: { apiId: api.id } }),
      go: api === undefined ? 'Go to APIs' : `Open ${api.name}`,
    },
    {
      title: 'Register an application',
      words: 'The program that asks for tokens. It gets an ID and a secret.',
      isDone: client !== undefined,
      link: application(undefined),
      go: client === undefined ? 'Go to Applications' : `Open ${client.name}`,
    },
    {
      title: 'Authorize it',
      words: 'Say for which API the application gets tokens, and with which scopes.',
      isDone: isAuthorized,
      link: application('apis'),
      go: client === undefined ? 'Go to Applications' : `Open the APIs of ${client.name}`,
    },
    {
      title: 'Ask for a token',
      words: 'The quick start of the application has the request with all values filled in, and runs it.',
      isDone: hasToken,
      link: application(undefined),
      go: client === undefined ? 'Go to Applications' : `Open the quick start of ${client.name}`,
    },
  ];
}
