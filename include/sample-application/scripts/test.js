'use strict';

/*
 * Runs a suite (all, unit or integration) and writes reports/junit.xml and reports/lcov.info.
 */

const { spawnSync } = require('node:child_process');
const { mkdirSync, readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const SUITES = { all: ['unit', 'integration'], unit: ['unit'], integration: ['integration'] };

const top = join(__dirname, '..');
const folders = SUITES[process.argv[2] || 'all'];
if (!folders) {
  console.error(`There is no suite ${process.argv[2]}; there are ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}
const files = folders.flatMap((folder) =>
  readdirSync(join(top, 'test', folder)).map((file) => `test/${folder}/${file}`),
);
rmSync(join(top, 'reports'), { recursive: true, force: true });
mkdirSync(join(top, 'reports'));
const options = [
  '--no-warnings',
  '--test',
  '--experimental-test-coverage',
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  '--test-reporter=junit',
  '--test-reporter-destination=reports/junit.xml',
  '--test-reporter=lcov',
  '--test-reporter-destination=reports/lcov.info',
];
const ended = spawnSync(process.execPath, [...options, ...files], {
  cwd: top,
  env: { ...process.env, NODE_ENV: 'test' },
  stdio: 'inherit',
});
process.exit(ended.status === null ? 1 : ended.status);
