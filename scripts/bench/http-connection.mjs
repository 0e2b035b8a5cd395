import { connect } from 'node:net';

const HEADERS_END = '\r\n\r\n';
const BROKEN = { status: 0, body: '' };

/** @typedef {{ status: number, body: string }} Answer status 0 stands for a broken connection */

/**
 * One keep-alive connection with one request at a time. HTTP clients cost several times the CPU,
 * which the servers on the same machine would lack.
 */
export class HttpConnection {
  #socket;
  #received = '';
  /** @type {((answer: Answer) => void) | null} */
  #resolve = null;

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay().setEncoding('latin1');
    socket.on('data', (text) => this.#receive(String(text)));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#finish(BROKEN));
  }

  /** @param {URL} url @returns {Promise<HttpConnection>} */
  static open(url) {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      socket.once('error', reject).once('connect', () => resolve(new HttpConnection(socket)));
    });
  }

  get isOpen() {
    return !this.#socket.destroyed;
  }

  /** @param {string} request a whole HTTP/1.1 request @returns {Promise<Answer>} */
  send(request) {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      if (this.#socket.destroyed) this.#finish(BROKEN);
      else this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  /** @param {string} text */
  #receive(text) {
    this.#received += text;
    const begin = this.#received.indexOf(HEADERS_END) + HEADERS_END.length;
    if (begin < HEADERS_END.length) return;
    const end = begin + Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    if (this.#received.length < end) return;
    const answer = {
      status: Number(this.#received.slice(9, 12)),
      body: this.#received.slice(begin, end),
    };
    this.#received = this.#received.slice(end);
    this.#finish(answer);
  }

  /** @param {Answer} answer */
  #finish(answer) {
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.(answer);
  }
}
