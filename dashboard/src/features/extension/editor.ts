// One file to fetch: who has the editor has the comparison, though the server has other files meanwhile.
export { CodeDiff } from './CodeDiff';
export { CodeEditor } from './CodeEditor';
