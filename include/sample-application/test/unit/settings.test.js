'use strict';

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');

const { checked, isPort, portOf } = require('../../src/settings.js');

const good = { port: 3000, greeting: 'Hello', shutdownSeconds: 1 };

describe('settings', () => {
  it('are taken as they are when all is well', () => {
    assert.deepEqual(checked(good), good);
  });

  it('cannot be changed afterwards', () => {
    assert.ok(Object.isFrozen(checked(good)));
  });

  for (const port of [0, -1, 65536, 1.5, '3000', null, undefined]) {
    it(`refuse the port ${port}`, () => {
      assert.throws(() => checked({ ...good, port }), /Invalid configuration: port/);
    });
  }

  for (const greeting of ['', '   ', 5, undefined]) {
    it(`refuse the greeting ${JSON.stringify(greeting)}`, () => {
      assert.throws(() => checked({ ...good, greeting }), /Invalid configuration: greeting/);
    });
  }

  for (const shutdownSeconds of [0, -1, undefined]) {
    it(`refuse to shut down within ${shutdownSeconds} seconds`, () => {
      assert.throws(() => checked({ ...good, shutdownSeconds }), /shutdownSeconds/);
    });
  }
});

describe('a port', () => {
  for (const port of [1, 80, 3000, 65535]) {
    it(`may be ${port}`, () => {
      assert.ok(isPort(port));
    });
  }

  it('comes from the settings when the environment has none', () => {
    assert.equal(portOf(good, {}), 3000);
  });

  it('comes from the environment when it has one', () => {
    assert.equal(portOf(good, { PORT: '8080' }), 8080);
  });

  for (const PORT of ['', 'http', '0', '70000']) {
    it(`of the environment is refused when it is ${JSON.stringify(PORT)}`, () => {
      assert.throws(() => portOf(good, { PORT }), /PORT must be/);
    });
  }
});
