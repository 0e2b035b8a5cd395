import type { ModulesContainer } from '@nestjs/core';

/**
 * Another module that lists a service of the owner among its own providers would get a second
 * instance of it: a second ledger, or a reader that no cache knows of.
 * @throws naming the service and both modules
 */
export function assertProvidedOnce(modules: ModulesContainer, owner: object): void {
  const all = [...modules.values()];
  const own = all.find(({ instance }) => instance === owner);
  for (const token of own?.exports ?? []) {
    const again = all.find((each) => each !== own && each.providers.has(token));
    if (typeof token !== 'function' || !own || !again) continue;
    throw new Error(
      `${token.name} is provided by ${own.name} and again by ${again.name}: remove it from the ` +
        `providers of ${again.name}, which can inject that of ${own.name}.`,
    );
  }
}
