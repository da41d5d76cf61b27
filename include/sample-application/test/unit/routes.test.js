'use strict';

const assert = require('node:assert/strict');
const { describe, it } = require('node:test');

const { createApplication } = require('../../src/app.js');
const { answer, createRoutes, secondsSince } = require('../../src/routes.js');
const { version } = require('../../package.json');

const routes = createRoutes({ greeting: 'Hello' }, '1.2.3');

describe('the routes', () => {
  it('greet at the top and tell the version', () => {
    assert.deepEqual(answer(routes, 'GET', '/'), {
      status: 200,
      body: { message: 'Hello', version: '1.2.3' },
    });
  });

  it('tell that the application serves', () => {
    assert.equal(answer(routes, 'GET', '/health').body.status, 'ok');
  });

  it('tell the version alone', () => {
    assert.deepEqual(answer(routes, 'GET', '/version').body, { version: '1.2.3' });
  });

  it('tell how long the application has been running', () => {
    assert.equal(answer(routes, 'GET', '/uptime').body.seconds, 0);
  });

  it('do not mind a query', () => {
    assert.equal(answer(routes, 'GET', '/health?verbose=1').status, 200);
  });

  for (const path of ['/nothing', '/health/', '//', '/__proto__']) {
    it(`do not know ${path}`, () => {
      assert.equal(answer(routes, 'GET', path).status, 404);
    });
  }

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    it(`do not allow ${method}`, () => {
      assert.equal(answer(routes, method, '/').status, 405);
    });
  }
});

describe('seconds', () => {
  it('are whole', () => {
    assert.equal(secondsSince(1000, 3999), 2);
  });

  it('are never negative when the clock is set back', () => {
    assert.equal(secondsSince(5000, 1000), 0);
  });
});

describe('the application', () => {
  it('takes the settings of the environment it runs in', () => {
    assert.equal(createApplication().settings.environment, process.env.NODE_ENV);
  });

  it('has the version of its package', () => {
    assert.equal(createApplication().version, version);
  });
});
