'use strict';

/*
 * Settings come from a file that people write, so each value is looked at before it is used.
 */

const HIGHEST_PORT = 65535;

/** Tells whether a value can be a TCP port. */
function isPort(value) {
  return Number.isInteger(value) && value >= 1 && value <= HIGHEST_PORT;
}

/** Answers the settings as they are, or throws what is wrong with them. */
function checked(settings) {
  if (!isPort(settings.port)) {
    throw new TypeError(`Invalid configuration: port must be 1 to ${HIGHEST_PORT}`);
  }
  if (typeof settings.greeting !== 'string' || settings.greeting.trim() === '') {
    throw new TypeError('Invalid configuration: greeting must be a text');
  }
  if (!(settings.shutdownSeconds > 0)) {
    throw new TypeError('Invalid configuration: shutdownSeconds must be more than 0');
  }
  return Object.freeze({ ...settings });
}

/** Answers the port to listen on: PORT of the environment comes before the settings. */
function portOf(settings, environment) {
  if (environment.PORT === undefined) {
    return settings.port;
  }
  const port = Number(environment.PORT);
  if (!isPort(port)) {
    throw new TypeError(`Invalid configuration: PORT must be 1 to ${HIGHEST_PORT}`);
  }
  return port;
}

module.exports = { checked, isPort, portOf };
