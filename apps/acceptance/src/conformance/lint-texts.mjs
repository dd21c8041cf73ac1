// Lints texts as if they were files of this repository: [{ file, text }] on stdin, [{ rule, message }][] on stdout.
// A process of its own, because ESLint imports its configuration as an ES module, which Jest's sandbox cannot.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

// The files need not exist: what asks the type checker is left out, everything else is the repository's own configuration.
const eslint = new ESLint({ overrideConfig: { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked } });

const verdicts = [];
for (const { file, text: source } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(source, { filePath: file });
  verdicts.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(verdicts));
