import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Whether each element can be seen is asked of all its styles, which takes most of a test's time.
configure({ defaultHidden: true, asyncUtilTimeout: 15_000 });
// happy-dom has none; a text area measures itself anew when fonts are there.
Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true });
afterEach(cleanup);
