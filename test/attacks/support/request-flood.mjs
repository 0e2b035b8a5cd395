// Sends one request over and over, on a number of connections, until its standard input ends.
// A process of its own, so that it takes no time from those who measure.
// The plan comes as one line of JSON: { port, request, connections }.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin });
const { port, request, connections } = JSON.parse(
  (await lines[Symbol.asyncIterator]().next()).value,
);
const text = request.replaceAll('\n', '\r\n');
const head = 'HTTP/1.1 ';
/** @type {Record<string, number>} */
const statuses = {};

function open() {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  socket.setNoDelay(true).setEncoding('latin1');
  socket.on('data', (/** @type {string} */ data) => {
    for (let at = data.indexOf(head); at >= 0; at = data.indexOf(head, at + 1)) {
      const status = data.slice(at + head.length, at + head.length + 3);
      statuses[status] = (statuses[status] ?? 0) + 1;
      socket.write(text);
    }
  });
  socket.on('error', () => (statuses[0] = (statuses[0] ?? 0) + 1));
  socket.on('close', () => setTimeout(open, 10));
}

for (let i = 0; i < connections; i++) open();
process.stdin.on('end', () => {
  console.log(JSON.stringify(statuses));
  process.exit(0);
});
process.stdin.resume();
