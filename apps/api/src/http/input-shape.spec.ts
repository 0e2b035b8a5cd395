import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsArray, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import fc from 'fast-check';
import { InputPipe } from './validation.js';

class Inner {
  @IsOptional()
  @IsString()
  name?: string;
}

class Body {
  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Inner)
  inners?: Inner[];

  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  names?: string[];

  @IsOptional()
  @IsObject()
  free?: object;
}

interface Refusal {
  code: string;
  message: string;
  details: { errors: { path: string; message: string }[] };
}

const pipe = new InputPipe();
const read = (text: string) =>
  pipe.transform(JSON.parse(text), { type: 'body', metatype: Body }).then(
    () => null,
    (error: Refusal) => error,
  );
const pathsOf = async (text: string) => {
  const refusal = await read(text);
  expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED' });
  return refusal!.details.errors.map(({ path }) => path);
};

describe('the shape of what a client sends', () => {
  it.each([
    '{}',
    '{"inner":{"name":"a"},"inners":[{"name":"b"}],"names":["c"]}',
    '{"free":{"a":[1,{"b":[{"c":[{}]}]}]}}',
    `{"names":${JSON.stringify(Array<string>(198).fill('a'))}}`,
  ])('passes where it is as the DTO says: %.60s', async (text) => {
    expect(await read(text)).toBeNull();
  });

  it.each([
    ['{"inner":[{}]}', 'inner'],
    ['{"inner":[]}', 'inner'],
    ['{"inner":{"name":["a"]}}', 'inner.name'],
    ['{"free":[]}', 'free'],
    ['[]', 'body'],
    ['[{"inner":{}}]', 'body'],
    [`{"names":${JSON.stringify(Array<string>(200).fill('a'))}}`, 'body'],
    [`{"free":${'{"a":'.repeat(8)}1${'}'.repeat(8)}}`, 'free.a.a.a.a.a.a.a'],
    [`{"inner":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'inner'],
    [`{"x":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, 'x.a.a.a.a.a.a.a'],
  ])('is refused by its path: %.60s', async (text, path) => {
    expect(await pathsOf(text)).toEqual([path]);
  });

  it.each(['', 'inner.', 'inners.0.', 'free.', 'free.a.', 'x.'])(
    'has no property that every object has, at "%s"',
    async (prefix) => {
      for (const name of Object.getOwnPropertyNames(Object.prototype)) {
        const keys = [...prefix.split('.').filter((key) => key !== ''), name];
        const text = keys.reduceRight(
          (inside, key) => (key === '0' ? `[${inside}]` : `{${JSON.stringify(key)}:${inside}}`),
          '"a"',
        );
        const paths = await pathsOf(text);
        expect(paths).toEqual([`${prefix}${name}`]);
      }
    },
  );

  it('is described by 20 errors of a bounded length, however many there are', async () => {
    const keys = Array.from({ length: 150 }, (_, i) => [`${'k'.repeat(500)}${i}`, 1]);
    const refusal = (await read(JSON.stringify(Object.fromEntries(keys))))!;
    expect(refusal.details.errors).toHaveLength(20);
    expect(refusal.message).toBe('The request is not valid; 130 more errors are not listed.');
    expect(JSON.stringify(refusal.details).length).toBeLessThan(12_000);
  });

  it('never brings anything but a refusal or an instance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 12 }), async (text) => {
        const refusal = await read(text);
        expect(refusal === null ? 'passed' : refusal.code).toMatch(/^(passed|VALIDATION_FAILED)$/);
      }),
    );
  });
});
