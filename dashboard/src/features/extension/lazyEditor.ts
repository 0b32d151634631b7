import { lazy } from 'react';

const editor = () => import('./editor');

/** Larger than all the rest, and so fetched with the first page that shows code. */
export const CodeEditor = lazy(async () => ({ default: (await editor()).CodeEditor }));
export const CodeDiff = lazy(async () => ({ default: (await editor()).CodeDiff }));
