import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { createLogger, failStart } from '@modex/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { ApiConfig } from '../config/api-config.js';
import { createDocument, prepareHttp } from '../create-app.js';

/** Writes the OpenAPI document to the file that the argument names, without starting anything. */
async function writeDocument(file: string): Promise<void> {
  const config = Object.assign(new ApiConfig(), {
    DATABASE_URL: 'postgres://unused@127.0.0.1/unused',
    JWT_SECRET: 'unused, since no token is signed here',
  });
  const module = AppModule.forRoot(config, createLogger('openapi', 'silent'));
  const app = await NestFactory.create(module, new FastifyAdapter(), {
    preview: true,
    logger: ['fatal', 'error'],
    abortOnError: false,
  });
  prepareHttp(app);
  await writeFile(file, `${JSON.stringify(createDocument(app), null, 2)}\n`);
}

writeDocument(process.argv[2] ?? 'openapi.json').catch((error: unknown) => failStart(error, []));
