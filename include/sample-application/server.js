'use strict';

const { createApplication } = require('./src/app.js');
const { listen } = require('./src/listener.js');

listen(createApplication(), process);
