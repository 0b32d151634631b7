import { defineConfig } from 'vitest/config';
import { licences } from './licences';

// `npm run dev` shows the dashboard of a server that runs at JETON_URL, reloading what is edited.
const server = process.env.JETON_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/dashboard/',
  esbuild: { jsx: 'automatic' },
  plugins: [licences()],
  build: {
    outDir: 'target/classes/dashboard',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    rollupOptions: {
      // "use client" says something to servers that render React; there is none here.
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
    },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: Object.fromEntries(
      ['/api/v2', '/oauth', '/.well-known', '/dashboard/session', '/dashboard/links'].map((path) => [
        path,
        { target: server, changeOrigin: true, headers: { origin: server } },
      ]),
    ),
  },
  test: {
    restoreMocks: true,
    isolate: false,
    unstubGlobals: true,
    testTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'logic', include: ['src/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'pages',
          environment: 'happy-dom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/app/setUpTests.ts'],
        },
      },
    ],
  },
});
