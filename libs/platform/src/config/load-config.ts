import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { StartError } from '../shutdown/fail-start.js';

/** A start that cannot work: says which variables are wrong and why, never their values. */
export class ConfigurationError extends StartError {
  constructor(readonly problems: readonly string[]) {
    super(`Configuration error:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads the environment once into an instance of a class whose fields are variables, with
 * class-validator's decorators as the schema and initialisers as the defaults. An empty variable
 * counts as not set.
 * @throws ConfigurationError naming everything that is wrong at once
 */
export function loadConfig<Config extends object>(
  Config: new () => Config,
  environment: NodeJS.ProcessEnv,
): Config {
  const values = Object.fromEntries(Object.entries(new Config()) as [string, unknown][]);
  for (const name of Object.keys(values)) {
    const given = environment[name];
    if (given !== undefined && given !== '') values[name] = given;
  }
  const config = plainToInstance(Config, values);
  const problems = validateSync(config).map(({ property, value, constraints }) =>
    // The decorator that stands first tells the kind of value; without it the others say nothing.
    value === undefined ? `${property} is required` : String(Object.values(constraints!).at(-1)),
  );
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}
