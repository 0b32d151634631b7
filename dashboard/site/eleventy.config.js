// Makes pages of ../docs, which stay readable as they are in the repository: the links between them become links between
// pages, and their order is that of the lists in docs/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import markdownIt from 'markdown-it';
import anchor from 'markdown-it-anchor';

const DOCS = join(import.meta.dirname, '../../docs');
const TOKENS = join(import.meta.dirname, '../src/app/tokens.css');
const NOT_FOUND = '404.md';

const markdown = Object.fromEntries(
  readdirSync(DOCS, { recursive: true })
    .filter((file) => file.endsWith('.md'))
    .map((file) => [file, readFileSync(join(DOCS, file), 'utf8')]),
);
markdown[NOT_FOUND] =
  '# There is no such page\n\nThe address is misspelt, or the page is in another version of the server.\n' +
  '[Contents](README.md) names every page there is.\n';

/** As GitHub makes them, so that one link serves in both places. */
const slug = (heading) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const address = (file) => `/docs/${file.replace(/\.md$/, '').replace(/README$/, '')}`;

/** The name below docs/ of the file that a page is made of. */
const fileOf = (data) => posix.relative('../docs', posix.normalize(data.page.inputPath));

const title = (file) => /^# (.+)$/m.exec(markdown[file])[1];

/** The parts of the contents and their pages, as docs/README.md has them. */
const parts = markdown['README.md']
  .split(/^## /m)
  .slice(1)
  .map((part) => ({
    name: part.slice(0, part.indexOf('\n')),
    pages: [...part.matchAll(/^(?:-|\d+\.) \[([^\]]+)\]\(([^)]+\.md)\)/gm)].map(([, name, file]) => ({
      name,
      address: address(file),
    })),
  }))
  .filter((part) => part.pages.length > 0);

/** Where a link of a file leads on the site: to a page, or nowhere, if it is to a file that only the repository has. */
function destination(from, link) {
  if (/^(https?:|#)/.test(link)) {
    return { href: link };
  }
  const [path, fragment] = link.split('#');
  const file = posix.join(posix.dirname(from), path);
  if (file === 'openapi.yaml') {
    return { href: '/api/v2/openapi.json' };
  }
  const page = [file, posix.join(file, 'README.md')].find((name) => name in markdown);
  return page
    ? { href: address(page) + (fragment ? `#${fragment}` : '') }
    : { file: posix.join('docs', file) };
}

function rendering() {
  const md = markdownIt({ html: true }).use(anchor, {
    slugify: slug,
    tabIndex: false,
    permalink: anchor.permalink.headerLink(),
  });
  const { rules } = md.renderer;
  const headingBefore = (tokens, index) => {
    const heading = tokens.findLastIndex((token, at) => at < index && token.type === 'heading_open');
    return md.utils.escapeHtml(tokens[heading + 1].content.replaceAll('`', ''));
  };

  rules.link_open = (tokens, index, options, env, self) => {
    const { href, file } = destination(fileOf(env), tokens[index].attrGet('href'));
    if (href) {
      tokens[index].attrSet('href', href);
      return self.renderToken(tokens, index, options);
    }
    env.file = file;
    return '';
  };
  rules.link_close = (_tokens, _index, _options, env) => {
    if (!env.file) {
      return '</a>';
    }
    const name = md.utils.escapeHtml(env.file);
    env.file = undefined;
    return ` (in the repository: <code>${name}</code>)`;
  };
  // What is wider than the page scrolls by itself, by keyboard too.
  rules.table_open = (tokens, index) =>
    `<div class="scroll" role="group" tabindex="0" aria-label="Table: ${headingBefore(tokens, index)}"><table>`;
  rules.table_close = () => '</table></div>';
  rules.fence = (tokens, index) =>
    `<pre tabindex="0"><code>${md.utils.escapeHtml(tokens[index].content)}</code></pre>`;
  // Long names may go on in the next line, so that the table with all settings fits a page.
  rules.code_inline = (tokens, index) =>
    `<code>${md.utils.escapeHtml(tokens[index].content).replace(/(?<=\w{4})[_.](?=\w)/g, '$&<wbr>')}</code>`;
  // Comments are for tests; there is no other HTML in the files.
  rules.html_block = (tokens, index) =>
    tokens[index].content.startsWith('<!--') ? '' : md.utils.escapeHtml(tokens[index].content);
  rules.html_inline = (tokens, index) => md.utils.escapeHtml(tokens[index].content);
  return md;
}

/** The colours of the dashboard, which is told its theme; these pages follow the system's. */
function colours() {
  const css = readFileSync(TOKENS, 'utf8');
  const of = (theme) =>
    new RegExp(`\\[data-mantine-color-scheme="${theme}"\\] \\{([^}]*)\\}`)
      .exec(css)[1]
      .replace(/\s*--mantine[^;]*;/g, '');
  return `:root {${of('light')}}\n@media (prefers-color-scheme: dark) {\n:root {${of('dark')}}\n}\n`;
}

export default function (eleventy) {
  eleventy.setLibrary('md', rendering());
  eleventy.addTemplate(NOT_FOUND, markdown[NOT_FOUND]);
  eleventy.addTemplate('site.njk', '{{ css | safe }}', {
    permalink: 'site.css',
    layout: false,
    css: colours() + readFileSync(join(import.meta.dirname, 'site.css'), 'utf8'),
  });
  eleventy.addGlobalData('layout', 'page.njk');
  eleventy.addGlobalData('parts', parts);
  eleventy.addGlobalData('eleventyComputed', {
    title: (data) => (data.page.inputPath.endsWith('.md') ? title(fileOf(data)) : ''),
    address: (data) => address(fileOf(data)),
    permalink: (data) =>
      data.page.inputPath.endsWith('.md')
        ? fileOf(data)
            .replace(/README\.md$/, 'index.md')
            .replace(/md$/, 'html')
        : data.permalink,
  });
  eleventy.addFilter('sections', (content) =>
    [...content.matchAll(/<h2 id="([^"]+)"><a [^>]*>(.*?)<\/a><\/h2>/g)].map(([, id, name]) => ({
      id,
      name,
    })),
  );
}

export const config = {
  dir: { input: '../docs', includes: '../dashboard/site', output: 'target/classes/docs' },
  templateFormats: ['md', 'njk'],
  markdownTemplateEngine: false,
};
