// `npm run openapi` writes the OpenAPI document of the API and the page's types made from it;
// with --check it only says whether the committed ones are still true.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENT = 'apps/api/openapi.json';
const TYPES = 'frontend/src/lib/api/schema.gen.ts';

/**
 * @param {string} document
 * @param {string} types
 */
function generate(document, types) {
  /** @type {import('node:child_process').ExecFileSyncOptions} */
  const options = { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] };
  execFileSync(process.execPath, ['apps/api/dist/commands/openapi.js', document], options);
  const cli = 'node_modules/openapi-typescript/bin/cli.js';
  const flags = ['--default-non-nullable=false', '--output', types];
  execFileSync(process.execPath, [cli, document, ...flags], options);
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'modex-openapi-'));
  try {
    const fresh = [join(folder, 'openapi.json'), join(folder, 'schema.gen.ts')];
    generate(fresh[0] ?? '', fresh[1] ?? '');
    [DOCUMENT, TYPES].forEach((file, i) => {
      if (readFileSync(join(ROOT, file), 'utf8') === readFileSync(fresh[i] ?? '', 'utf8')) return;
      console.error(`${file} is not what the API says any more: run "npm run openapi".`);
      process.exitCode = 1;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  generate(DOCUMENT, TYPES);
}
