import { Link, type LinkProps } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import classes from './PageHead.module.css';

export interface Crumb {
  label: string;
  link: LinkProps;
}

export interface Tab {
  label: string;
  link: LinkProps;
}

interface Props {
  title: string;
  /** The pages above this one, from the outermost. */
  crumbs?: Crumb[];
  /** One line that says which thing this is, such as a client id to copy. */
  identity?: ReactNode;
  /** The page's one primary action. */
  action?: ReactNode;
  tabs?: Tab[];
}

/** The top of every page: where one is, its title, what identifies the thing, what one mostly does here, its tabs. */
export function PageHead({ title, crumbs = [], identity, action, tabs }: Props) {
  useEffect(() => {
    document.title = `${title} · Jeton`;
  }, [title]);
  return (
    <header className={classes.head}>
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb" className={classes.crumbs}>
          {crumbs.map((crumb) => (
            <span key={crumb.label}>
              <Link {...crumb.link} className={classes.crumb}>
                {crumb.label}
              </Link>
              <span aria-hidden> / </span>
            </span>
          ))}
        </nav>
      )}
      <div className={classes.row}>
        <h1 className={classes.title}>
          <bdi>{title}</bdi>
        </h1>
        {action}
      </div>
      {identity !== undefined && <div className={classes.identity}>{identity}</div>}
      {tabs !== undefined && (
        <nav aria-label={`Parts of ${title}`} className={classes.tabs}>
          {tabs.map((tab) => (
            <Link
              key={tab.label}
              {...tab.link}
              className={classes.tab}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {tab.label}
            </Link>
          ))}
        </nav>
      )}
    </header>
  );
}
