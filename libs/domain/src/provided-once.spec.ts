import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { assertProvidedOnce } from './provided-once.js';

class Service {}

@Module({ providers: [Service], exports: [Service] })
class Owner {}

@Module({ imports: [Owner] })
class User {}

@Module({ imports: [Owner], providers: [Service] })
class Repeater {}

describe('a service of a module', () => {
  const check = async (root: new () => object) => {
    const context = await NestFactory.createApplicationContext(root, { logger: false });
    assertProvidedOnce(context.get(ModulesContainer), context.get(Owner));
  };

  it('is provided by that module alone', async () => {
    await expect(check(User)).resolves.toBeUndefined();
  });

  it('provided twice ends the start with a sentence that names both modules', async () => {
    await expect(check(Repeater)).rejects.toThrow(
      'Service is provided by Owner and again by Repeater: remove it from the providers of Repeater, ' +
        'which can inject that of Owner.',
    );
  });
});
