import { join } from 'node:path';

/** Where the built programs of the repository lie. */
export interface Workspace {
  readonly root: string;
  /** The script that runs a service, or the gateway. */
  readonly entry: (name: string) => string;
  /** The script that brings a service's database to the present schema. */
  readonly migration: (service: string) => string;
  readonly busMigration: string;
}

export const workspaceAt = (root: string): Workspace => ({
  root,
  entry: (name) => join(root, 'apps', name, 'dist/main.js'),
  migration: (service) => join(root, 'apps', service, 'dist/migrate.js'),
  busMigration: join(root, 'libs/platform/dist/messaging/migrate-bus.js'),
});
