'use strict';

/*
 * What the application answers. A route is a function of the request that returns
 * { status, body }; it knows nothing of sockets.
 */

const ALLOWED_METHODS = ['GET', 'HEAD'];

/** Answers the application's routes by path. */
function createRoutes(settings, version) {
  const started = Date.now();
  return new Map([
    ['/', () => ({ status: 200, body: { message: settings.greeting, version } })],
    ['/health', () => ({ status: 200, body: { status: 'ok', version } })],
    ['/version', () => ({ status: 200, body: { version } })],
    ['/uptime', () => ({ status: 200, body: { seconds: secondsSince(started, Date.now()) } })],
  ]);
}

/** Answers whole seconds between two moments in milliseconds. */
function secondsSince(then, now) {
  return Math.max(0, Math.floor((now - then) / 1000));
}

/** Answers what a request gets. */
function answer(routes, method, url) {
  if (!ALLOWED_METHODS.includes(method)) {
    return { status: 405, body: { error: `${method} is not allowed` } };
  }
  const [path] = url.split('?');
  const route = routes.get(path);
  return route ? route() : { status: 404, body: { error: 'not found' } };
}

module.exports = { answer, createRoutes, secondsSince };
