// `npm start`. Plain JavaScript of an older standard, so that an unfit Node gets a sentence and not a syntax error.
import { spawnSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;

/** Whether a version is in a range of `^a.b` and `>=a.b` joined by `||`. */
function fits(version, range) {
  const [major, minor] = version.split('.').map(Number);
  return range.split('||').some((part) => {
    const [, sign, a, b] = /^\s*(\^|>=)(\d+)\.(\d+)\s*$/.exec(part) || [];
    if (sign === undefined) return false;
    return (major === Number(a) && minor >= Number(b)) || (sign === '>=' && major > Number(a));
  });
}

function refuse(sentence) {
  console.error('\n' + sentence + '\n');
  process.exit(1);
}

if (!fits(process.versions.node, wanted))
  refuse(
    'Underpin needs Node ' +
      wanted +
      ', and this is Node ' +
      process.versions.node +
      ': install one of those (https://nodejs.org) and start again.',
  );
if (!existsSync(join(root, 'node_modules', 'pg')))
  refuse('The dependencies are not installed: run "npm ci", then "npm start" again.');

const launcher = join(root, 'deploy', 'local', 'dist', 'main.js');
const compiler = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
if (existsSync(compiler)) {
  if (!existsSync(launcher)) console.log('  building the launcher …');
  const built = spawnSync(process.execPath, [compiler, '-b', join(root, 'deploy', 'local')], { stdio: 'inherit' });
  if (built.status !== 0) refuse('The launcher cannot be built (the lines above say why).');
} else if (!existsSync(launcher))
  refuse('Nothing is built and the TypeScript compiler is not installed: run "npm ci".');

import(pathToFileURL(launcher).href)
  .then(({ main, workspaceAt }) => main(process.argv.slice(2), workspaceAt(root)))
  .then((code) => process.exit(code));
