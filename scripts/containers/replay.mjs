import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { basename, join, relative } from 'node:path';
import { copyFromContext, sentToBuilder } from './build-context.mjs';
import { readDockerfile } from './dockerfile.mjs';

/**
 * A stage of a Dockerfile as a folder that stands for the image's root.
 *
 * @typedef {object} Stage
 * @property {string} base the image that it begins with
 * @property {string} folder
 * @property {string} workdir as an absolute path in the image
 * @property {Record<string, string>} env
 * @property {string[]} command
 * @property {string[]} healthCheck
 * @property {string} user
 */

/**
 * Does what a builder does with a Dockerfile, in empty folders and without the images it is based
 * on: Node and npm are this machine's. What is run on another base than Node's is left out.
 *
 * @param {object} options
 * @param {string} options.root the context
 * @param {string} options.dockerfile relative to it
 * @param {string} options.target an empty folder for the stages
 * @returns {Stage} the last one
 */
export function replayDockerfile({ root, dockerfile, target }) {
  const isSent = sentToBuilder(fs.readFileSync(join(root, '.dockerignore'), 'utf8'));
  /** @type {Map<string, Stage>} */
  const named = new Map();
  /** @type {Stage | undefined} */
  let stage;
  for (const { name, rest } of readDockerfile(fs.readFileSync(join(root, dockerfile), 'utf8'))) {
    if (name === 'FROM') {
      stage = beginStage(rest, named, target);
      continue;
    }
    if (!stage) throw new Error(`${dockerfile}: ${name} before FROM`);
    apply(stage, name, rest, { root, isSent, named });
  }
  if (!stage) throw new Error(`${dockerfile} has no FROM`);
  return stage;
}

/**
 * @param {string} rest such as `node:24 AS build`
 * @param {Map<string, Stage>} named
 * @param {string} target
 * @returns {Stage}
 */
function beginStage(rest, named, target) {
  const [from = '', , name] = rest.split(/\s+/);
  const folder = fs.mkdtempSync(join(target, `${name ?? 'last'}-`));
  const before = named.get(from);
  if (before) fs.cpSync(before.folder, folder, { recursive: true, verbatimSymlinks: true });
  const stage = before
    ? { ...before, folder, env: { ...before.env } }
    : { base: from, folder, workdir: '/', env: {}, command: [], healthCheck: [], user: 'root' };
  if (name) named.set(name, stage);
  return stage;
}

/**
 * @param {Stage} stage
 * @param {string} name
 * @param {string} rest
 * @param {{ root: string, isSent: (path: string) => boolean, named: Map<string, Stage> }} context
 */
function apply(stage, name, rest, { root, isSent, named }) {
  switch (name) {
    case 'WORKDIR':
      stage.workdir = rest;
      fs.mkdirSync(join(stage.folder, rest), { recursive: true });
      return;
    case 'ENV':
      for (const [, variable, value] of rest.matchAll(/(\w+)=(\S+)/g)) {
        stage.env[`${variable}`] = `${value}`;
      }
      return;
    case 'COPY':
      copy(stage, rest, { root, isSent, named });
      return;
    case 'RUN':
      if (stage.base.startsWith('node:')) run(stage, rest);
      return;
    case 'CMD':
      stage.command = JSON.parse(rest);
      return;
    case 'HEALTHCHECK':
      stage.healthCheck = JSON.parse(rest.slice(rest.indexOf('CMD') + 'CMD'.length));
      return;
    case 'USER':
      stage.user = rest;
      return;
    case 'EXPOSE':
    case 'STOPSIGNAL':
    case 'ENTRYPOINT':
      return;
    default:
      throw new Error(`${name} is not replayed`);
  }
}

/**
 * @param {Stage} stage
 * @param {string} rest
 * @param {{ root: string, isSent: (path: string) => boolean, named: Map<string, Stage> }} context
 */
function copy(stage, rest, { root, isSent, named }) {
  const words = rest.split(/\s+/);
  const from = /^--from=(.+)$/.exec(words[0] ?? '')?.[1];
  const sources = words.slice(from ? 1 : 0, -1);
  const target = words.at(-1) ?? '';
  const intoFolder = target.endsWith('/') || sources.length > 1;
  for (const source of sources) {
    const destination = inImage(stage, target);
    const origin = from ? sourceOfStage(named, from, source) : join(root, source);
    const isFile = fs.statSync(origin).isFile();
    const to = isFile && intoFolder ? join(destination, basename(source)) : destination;
    fs.mkdirSync(join(to, '..'), { recursive: true });
    if (from) fs.cpSync(origin, to, { recursive: true, verbatimSymlinks: true });
    else copyFromContext(root, relative(root, origin), to, isSent);
  }
}

/**
 * @param {Map<string, Stage>} named
 * @param {string} name
 * @param {string} path
 */
function sourceOfStage(named, name, path) {
  const stage = named.get(name);
  if (!stage) throw new Error(`there is no stage ${name}`);
  return inImage(stage, path);
}

/**
 * @param {Stage} stage
 * @param {string} path in the image, relative to its working folder unless absolute
 */
function inImage(stage, path) {
  return path.startsWith('/') ? join(stage.folder, path) : join(stage.folder, stage.workdir, path);
}

/**
 * @param {Stage} stage
 * @param {string} command
 */
function run(stage, command) {
  // npm shares its cache with this machine's; nothing else comes from outside.
  const { PATH, HOME, NODE_EXTRA_CA_CERTS } = process.env;
  execFileSync('sh', ['-c', command], {
    cwd: inImage(stage, '.'),
    env: { PATH, HOME, NODE_EXTRA_CA_CERTS, ...stage.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
}
