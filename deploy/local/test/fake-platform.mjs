// The launcher as `npm start` runs it, with small stand-ins for the services: `node fake-platform.mjs [flags]`.
import { fileURLToPath } from 'node:url';
import launcher from '../dist/main.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const workspace = {
  root: '/nowhere', // no compiler there: nothing is built
  entry: () => here('fake-service.mjs'),
  migration: () => here('fake-migration.mjs'),
  busMigration: here('fake-migration.mjs'),
};

process.exit(await launcher.main(process.argv.slice(2), workspace));
