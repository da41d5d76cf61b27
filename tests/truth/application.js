// The one application of all stories. What it does is chosen by its environment:
//   BEHAVIOUR  a name of the table below; without one it serves
//   AFTER      the milliseconds after which a behaviour shows
//   LISTENS    the milliseconds after which it listens
//   DEAF       ignore the request to end
const fs = require('fs');
const http = require('http');

const { BEHAVIOUR = 'serve', AFTER = '0', LISTENS = '0', DEAF, HOST = '0.0.0.0' } = process.env;
const age = () => Date.now() - born;
const born = Date.now();
const after = Number(AFTER);
const always = () => 200;

function serve(health = always, live = always) {
  const server = http.createServer((request, response) => {
    response.statusCode = request.url === '/live' ? live() : health();
    response.end();
  });
  setTimeout(() => server.listen(8080, HOST), Number(LISTENS));
}

const behaviours = {
  serve: () => serve(),
  'missing-module': () => require('./config/production.json'),
  'crash-once': () => {
    // A volume outlives the container, so the second life knows of the first.
    if (!fs.existsSync('marks/one')) {
      fs.writeFileSync('marks/one', '');
      throw new Error('the first life ends early');
    }
    serve();
  },
  unready: () => serve(() => 503),
  flapping: () => serve(() => (Math.floor(age() / after) % 2 ? 503 : 200)),
  sick: () => serve(always, () => (age() > after ? 500 : 200)),
  dies: () => { serve(); setTimeout(() => process.exit(3), after); },
  done: () => process.exit(0),
  // Memory counts only once it is written to.
  hungry: () => { const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 20); },
};

process.on('SIGTERM', () => { if (!DEAF) process.exit(0); });
console.log(`${BEHAVIOUR} begins`);
behaviours[BEHAVIOUR]();
