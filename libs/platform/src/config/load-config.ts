import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { StartError } from '../shutdown/fail-start.js';

/** Lists the invalid variables and why, never their values. */
export class ConfigurationError extends StartError {
  constructor(readonly problems: readonly string[]) {
    super(`Configuration error:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads the environment once into an instance of a class whose fields are variables, with
 * class-validator's decorators as the schema and initialisers as the defaults. An empty variable
 * counts as not set. Each may stand in a file instead, as orchestrators hand out secrets:
 * `NAME_FILE` names it, and a line break at its end is not part of the value.
 * @throws ConfigurationError naming everything that is wrong at once
 */
export function loadConfig<Config extends object>(
  Config: new () => Config,
  environment: NodeJS.ProcessEnv,
): Config {
  const values = Object.fromEntries(Object.entries(new Config()) as [string, unknown][]);
  const problems: string[] = [];
  const unknown = new Set<string>();
  for (const name of Object.keys(values)) {
    try {
      const given = readVariable(environment, name);
      if (given) values[name] = given;
    } catch (error) {
      problems.push((error as Error).message);
      unknown.add(name);
    }
  }
  const config = plainToInstance(Config, values);
  for (const { property, value, constraints } of validateSync(config)) {
    if (unknown.has(property)) continue;
    if (value === undefined) problems.push(`${property} is required`);
    // The first decorator checks the type; the messages of the others assume it.
    else problems.push(String(Object.values(constraints!).at(-1)));
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}

/** @throws when it is given twice, or its file cannot be read */
function readVariable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = environment[name];
  const file = environment[`${name}_FILE`];
  if (!file) return value;
  if (value) throw new Error(`${name} and ${name}_FILE are both given`);
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${name}_FILE names a file that cannot be read (${code})`, { cause: error });
  }
}
