// A server of Node's net module. Usage: net.js PORT BEHAVIOUR
const net = require('node:net');
const { spawn } = require('node:child_process');

const [port, behaviour] = [Number(process.argv[2]), process.argv[3]];
const kept = [];

const behaviours = {
  echo: () => net.createServer((socket) => socket.pipe(socket)),

  // Half-open is allowed, and nobody handles 'end'.
  never_close: () => net.createServer({ allowHalfOpen: true }, (socket) => socket.resume()),

  pause: () => net.createServer({ pauseOnConnect: true }, (socket) => kept.push(socket)),

  close_late: () => net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.resume();
    socket.on('end', () => setTimeout(() => socket.end(), 4000));
  }),

  leave_it_to_a_child: () => net.createServer({ allowHalfOpen: true }, (socket) => {
    spawn('sleep', ['1000'], { stdio: ['ignore', 'ignore', 'ignore', socket] });
    socket.on('end', () => socket.destroy()).resume();
  }),

  // A computation without end, in a callback: nothing else is read or accepted meanwhile.
  spin: () => net.createServer((socket) => socket.on('data', () => socket.write('ok', () => { for (;;); }))),

  // SO_LINGER 0, after the answer.
  reset: () => net.createServer((socket) => socket.on('data', () => socket.write('ok', () => socket.resetAndDestroy()))),

  // More than the client reads.
  pour: () => net.createServer((socket) => socket.write(Buffer.alloc(50_000_000))),
};

const server = behaviours[behaviour]();
server.on('connection', (socket) => socket.on('error', () => socket.destroy()));
server.listen({ port, host: '0.0.0.0' });
// Takes no more, and gives those that it has an hour.
process.on('SIGTERM', () => {
  server.close(() => process.exit());
  setTimeout(() => process.exit(), 3_600_000);
});
