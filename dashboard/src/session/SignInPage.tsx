import { Anchor } from '@mantine/core';
import { useEffect } from 'react';
import classes from './Gate.module.css';
import { SignInForm } from './SignInForm';

/** What is shown to whoever is not signed in, at any page's address: the page itself comes after it. */
export function SignInPage() {
  useEffect(() => {
    document.title = 'Sign in · Jeton';
  }, []);
  return (
    <main className={classes.gate}>
      <div className={classes.card}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={40} height={40} />
        <h1 className={classes.title}>Sign in to Jeton</h1>
        <SignInForm done={() => {}} />
        <p className={classes.help}>
          No password yet? The first start of the server printed a link. Lost it? On the server,{' '}
          <code>jeton admin reset NAME</code> prints a new one.{' '}
          <Anchor href="/docs/administrators">Read about administrators</Anchor>
        </p>
      </div>
    </main>
  );
}
