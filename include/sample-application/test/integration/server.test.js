'use strict';

const assert = require('node:assert/strict');
const { once } = require('node:events');
const { spawn } = require('node:child_process');
const http = require('node:http');
const net = require('node:net');
const { join } = require('node:path');
const { after, before, describe, it } = require('node:test');

const { version } = require('../../package.json');

const top = join(__dirname, '..', '..');

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function start(port, environment = {}) {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: top,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), ...environment },
  });
  const said = [];
  child.stdout.setEncoding('utf8').on('data', (text) => said.push(text));
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
  await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
  return { child, said };
}

async function request(port, path, method = 'GET') {
  const [response] = await once(http.request({ host: '127.0.0.1', port, path, method }).end(), 'response');
  const chunks = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode, type: response.headers['content-type'], text };
}

describe('the running server', () => {
  let port;
  let server;

  before(async () => {
    port = await freePort();
    server = await start(port);
  });

  after(() => server.child.kill('SIGKILL'));

  it('says where it listens', () => {
    assert.match(server.said.join(''), new RegExp(`Server started on port ${port}`));
  });

  it('answers its version', async () => {
    assert.equal(JSON.parse((await request(port, '/')).text).version, version);
  });

  it('answers that it is healthy', async () => {
    assert.equal(JSON.parse((await request(port, '/health')).text).status, 'ok');
  });

  it('answers JSON', async () => {
    assert.equal((await request(port, '/')).type, 'application/json');
  });

  it('answers a HEAD without a body', async () => {
    assert.deepEqual(await request(port, '/', 'HEAD'), {
      status: 200,
      type: 'application/json',
      text: '',
    });
  });

  it('answers 404 for what it does not know', async () => {
    assert.equal((await request(port, '/nothing')).status, 404);
  });

  it('answers 405 for what it does not allow', async () => {
    assert.equal((await request(port, '/', 'DELETE')).status, 405);
  });

  it('answers many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => request(port, '/health')));
    assert.ok(answers.every(({ status }) => status === 200));
  });

  it('ends without a fault when it is told to', async () => {
    server.child.kill('SIGTERM');
    const [code] = await once(server.child, 'close');
    assert.equal(code, 0);
    assert.match(server.said.join(''), /Received SIGTERM: closing/);
  });
});

describe('a server that is set wrongly', () => {
  it('does not start with a port that is none', async () => {
    const { child, said } = await start('nowhere');
    if (child.exitCode === null) {
      await once(child, 'close');
    }
    assert.equal(child.exitCode, 1);
    assert.match(said.join(''), /PORT must be/);
  });
});
