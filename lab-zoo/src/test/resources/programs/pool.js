// A Node client that keeps connections for later. Usage: pool.js HOST PORT NUMBER REQUEST
const net = require('node:net');

const [host, port, number] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const request = JSON.parse(`"${process.argv[5]}"`);

// Allowed to be half-open and with nobody who listens for 'end': when the server closes them, they stay.
const pool = Array.from({ length: number }, () => {
  const socket = net.connect({ host, port, allowHalfOpen: true }, () => socket.write(request));
  socket.resume();
  return socket;
});
setInterval(() => pool.length, 1_000_000);
