import path from 'node:path';
import { eachImport, projectOf, root } from './roles.mjs';

/**
 * An app is nobody's library: what it needs from another process it hears from the bus.
 * `@nx/enforce-module-boundaries` sees imports that resolve; this rule also sees those that would only fail at run time.
 */
export const ownProject = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      app: '{{here}} imports {{there}}: an app is never imported. What another service knows comes as an event (libs/contracts) and is kept in heard/.',
      relative: '{{here}} reaches into {{there}} by a relative path: import it by its name, @underpin/<lib>/<file>.',
    },
  },
  create(context) {
    const here = projectOf(context.filename);
    if (!here) return {};
    return eachImport((specifier, node) => {
      const relative = specifier.startsWith('.');
      const there = relative
        ? projectOf(path.resolve(path.dirname(context.filename), specifier, 'file'))
        : appNamedBy(specifier);
      if (!there || there === here) return;
      context.report({ node, messageId: there.startsWith('libs/') ? 'relative' : 'app', data: { here, there } });
    });
  },
};

/** `@underpin/availability/x`, `apps/availability/src/x` and `/…/apps/availability/x` all name an app. */
const appNamedBy = (specifier) => {
  const [scope, name] = specifier.split('/');
  if (scope === '@underpin' && !libs.includes(name)) return `apps/${name}`;
  if (specifier.startsWith('apps/')) return projectOf(path.join(root, specifier, 'file'));
  return path.isAbsolute(specifier) ? projectOf(path.join(specifier, 'file')) : undefined;
};

const libs = ['kernel', 'contracts', 'platform', 'testing'];
