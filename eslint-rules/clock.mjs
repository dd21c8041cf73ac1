const machineTime =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime)\b/i;

/** Readings of the machine's clock, as `object.property`. */
const readings = new Set(['Date.now', 'performance.now', 'process.hrtime', 'Temporal.Now']);

/** Readings that say how long something lasts, and never what time it is. */
const spans = new Set(['performance.now', 'process.hrtime']);

/**
 * Business time comes in as a value: from `tx.clock`, never from the machine or the database (docs/architecture.md).
 * With `{ spans: true }` a stopwatch is allowed: it cannot be taken for a clock.
 */
export const clock = {
  meta: {
    type: 'problem',
    schema: [{ type: 'object', properties: { spans: { type: 'boolean' } }, additionalProperties: false }],
    messages: {
      code: '{{what}} reads the machine’s clock: take the time as an argument, or from the Clock that the platform hands out.',
      sql: '{{what}} reads the database’s clock: pass the instant as a parameter of the statement.',
    },
  },
  create(context) {
    const stopwatch = context.options[0]?.spans === true;
    const code = (node, what) => context.report({ node, messageId: 'code', data: { what } });
    const sql = (node, text) => {
      const what = machineTime.exec(text)?.[0];
      if (what) context.report({ node, messageId: 'sql', data: { what } });
    };
    return {
      MemberExpression(node) {
        const property = node.computed ? node.property.value : node.property.name;
        const what = `${node.object.name}.${property}`;
        if (readings.has(what) && !(stopwatch && spans.has(what))) code(node, what);
      },
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) code(node, 'new Date()');
      },
      CallExpression(node) {
        if (node.callee.name === 'Date') code(node, 'Date()');
      },
      ImportDeclaration(node) {
        if (!stopwatch && /^(node:)?perf_hooks$/.test(node.source.value)) code(node, 'perf_hooks');
      },
      Literal(node) {
        if (typeof node.value === 'string') sql(node, node.value);
      },
      TemplateElement(node) {
        sql(node, node.value.raw);
      },
    };
  },
};
