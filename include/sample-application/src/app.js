'use strict';

/*
 * Puts the application together: settings of the environment it runs in, routes, version.
 */

const { createRequire } = require('node:module');
const { join } = require('node:path');

const { version } = require('../package.json');
const { createRoutes } = require('./routes.js');
const { checked } = require('./settings.js');

const fromTop = createRequire(join(__dirname, '..', 'server.js'));
const settings = checked(fromTop(`./config/${process.env.NODE_ENV || 'production'}.json`));

/** Answers the application's parts: what it serves and how it is set. */
function createApplication() {
  return { routes: createRoutes(settings, version), settings, version };
}

module.exports = { createApplication };
