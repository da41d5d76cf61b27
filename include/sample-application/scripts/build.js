'use strict';

/*
 * Checks that all sources compile, and writes what they are to dist/: checksums, a bill of
 * materials (CycloneDX) and a description of the routes (OpenAPI).
 */

const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const { name, version } = require('../package.json');
const { createRoutes } = require('../src/routes.js');

const top = join(__dirname, '..');
const dist = join(top, 'dist');

/** Answers the application's sources, relative to its top. */
function sources() {
  const inner = readdirSync(join(top, 'src')).map((file) => `src/${file}`);
  return ['package.json', 'server.js', ...inner].sort();
}

/** Answers the sha256 of a file. */
function digest(file) {
  return createHash('sha256').update(readFileSync(join(top, file))).digest('hex');
}

/** Answers the bill of materials; the application has no dependencies. */
function billOfMaterials() {
  const component = { type: 'application', name, version };
  return { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, metadata: { component }, components: [] };
}

/** Answers the description of the routes. */
function description() {
  const responses = { 200: { description: 'JSON' } };
  const paths = [...createRoutes({ greeting: '' }, version).keys()];
  const described = paths.map((path) => [path, { get: { responses } }]);
  return { openapi: '3.1.0', info: { title: name, version }, paths: Object.fromEntries(described) };
}

/** Writes one file of dist/. */
function write(file, content) {
  writeFileSync(join(dist, file), content);
  console.log(`Created dist/${file}`);
}

console.log('Compiling source code...');
for (const file of sources().filter((each) => each.endsWith('.js'))) {
  execFileSync(process.execPath, ['--check', file], { cwd: top, stdio: 'inherit' });
}
console.log('Creating artifacts...');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
write('checksums.sha256', sources().map((file) => `${digest(file)}  ${file}\n`).join(''));
write('bill-of-materials.json', `${JSON.stringify(billOfMaterials(), null, 2)}\n`);
write('openapi.json', `${JSON.stringify(description(), null, 2)}\n`);
