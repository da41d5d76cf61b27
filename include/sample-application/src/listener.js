'use strict';

/*
 * The HTTP side: one server that answers JSON and ends without cutting a request.
 */

const http = require('node:http');

const { answer } = require('./routes.js');
const { portOf } = require('./settings.js');

/** Answers a server for the application's routes; it does not listen yet. */
function createServer(application) {
  return http.createServer((request, response) => {
    const { status, body } = answer(application.routes, request.method, request.url);
    const content = JSON.stringify(body);
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(content),
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  });
}

/** Listens where the environment says, until the process is told to end. */
function listen(application, process) {
  const server = createServer(application);
  const port = portOf(application.settings, process.env);
  const host = process.env.HOST || '0.0.0.0';
  server.listen(port, host, () => {
    console.log(`Server started on port ${port}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => close(server, application.settings, signal));
  }
  return server;
}

/** Stops accepting, lets running requests end, and cuts what outlasts the settings. */
function close(server, settings, signal) {
  console.log(`Received ${signal}: closing`);
  server.close();
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), settings.shutdownSeconds * 1000).unref();
}

module.exports = { close, createServer, listen };
