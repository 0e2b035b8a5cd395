import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastingPort } from '../launcher/ports.mjs';

/**
 * Tries the configuration of nginx as it is for plain HTTP and for TLS. Docker's names and addresses
 * mean nothing here, so its upstreams are others, and so are the ports.
 *
 * @param {string} root
 * @returns {Promise<string[]>} what nginx says is wrong
 */
export async function nginxProblems(root) {
  const problems = [];
  for (const listen of ['listen.conf', 'listen-tls.conf']) {
    const prefix = fs.mkdtempSync(join(tmpdir(), 'modex-nginx-'));
    try {
      await prepare(root, prefix, listen);
      const complaint = test(prefix);
      if (complaint) problems.push(`${listen}: ${complaint}`);
    } finally {
      fs.rmSync(prefix, { recursive: true });
    }
  }
  return problems;
}

/**
 * @param {string} root
 * @param {string} prefix
 * @param {string} listen
 */
async function prepare(root, prefix, listen) {
  const folder = join(prefix, 'nginx');
  fs.mkdirSync(join(prefix, 'run'));
  fs.cpSync(join(root, 'deploy', 'nginx'), folder, { recursive: true });
  for (const file of fs.readdirSync(folder)) {
    const isUpstream = /^server .+ resolve\b/m.test(fs.readFileSync(join(folder, file), 'utf8'));
    if (isUpstream) fs.writeFileSync(join(folder, file), 'server 127.0.0.1:3000;\n');
  }
  let text = fs.readFileSync(join(folder, listen), 'utf8');
  for (const [directive] of text.matchAll(/^listen [\d.:]+/gm)) {
    text = text.replace(directive, `listen 127.0.0.1:${await lastingPort()}`);
  }
  // Debian's is older than this directive.
  if (!knowsHttp2()) text = text.replace(/^http2 on;$/m, '');
  fs.writeFileSync(join(folder, 'listen.conf'), text);
  if (text.includes('ssl_certificate')) makeCertificate(join(folder, 'tls'));
}

function knowsHttp2() {
  const { stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  const [, minor = 0, patch = 0] = /(\d+)\.(\d+)\.(\d+)/.exec(stderr)?.slice(1).map(Number) ?? [];
  return minor > 25 || (minor === 25 && patch >= 1);
}

/** @param {string} folder */
function makeCertificate(folder) {
  fs.mkdirSync(folder);
  const names = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const args = ['req', '-x509', ...key, ...names, '-days', '1', '-subj', '/CN=localhost'];
  const { status, stderr, error } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl made no certificate: ${error?.message ?? stderr}`);
}

/**
 * @param {string} prefix
 * @returns {string | null}
 */
function test(prefix) {
  // nginx opens /dev/stdout by name, which the sockets that Node makes as pipes do not allow.
  const output = join(prefix, 'output');
  const descriptor = fs.openSync(output, 'w');
  const args = ['-t', '-e', 'stderr', '-p', `${prefix}/`, '-c', 'nginx/nginx.conf'];
  const { status } = spawnSync('nginx', args, { stdio: ['ignore', descriptor, descriptor] });
  fs.closeSync(descriptor);
  return status === 0 ? null : fs.readFileSync(output, 'utf8').trim();
}
