import { connect } from 'node:net';

const HEADERS_END = '\r\n\r\n';

/**
 * @typedef {object} Answer
 * @property {number} status 0 when the connection broke
 * @property {string} body
 */

/**
 * One keep-alive connection that carries one request at a time. No client library: on a machine
 * that runs the servers as well, what the load generator spends is missing from what it measures.
 */
export class HttpConnection {
  #socket;
  #received = '';
  /** @type {((answer: Answer) => void) | null} */
  #answer = null;

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay().setEncoding('latin1');
    socket.on('data', (text) => this.#receive(String(text)));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#finish({ status: 0, body: '' }));
  }

  /** @param {URL} url */
  static open(url) {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      socket.once('error', reject);
      socket.once('connect', () => resolve(new HttpConnection(socket)));
    });
  }

  get isOpen() {
    return !this.#socket.destroyed;
  }

  /**
   * @param {string} request a whole HTTP/1.1 request
   * @returns {Promise<Answer>}
   */
  send(request) {
    return new Promise((resolve) => {
      this.#answer = resolve;
      if (this.#socket.destroyed) this.#finish({ status: 0, body: '' });
      else this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  /** @param {string} text */
  #receive(text) {
    this.#received += text;
    const end = this.#received.indexOf(HEADERS_END);
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1] ?? 0);
    const begin = end + HEADERS_END.length;
    if (this.#received.length < begin + length) return;
    const status = Number(this.#received.slice(9, 12));
    const body = this.#received.slice(begin, begin + length);
    this.#received = this.#received.slice(begin + length);
    this.#finish({ status, body });
  }

  /** @param {Answer} answer */
  #finish(answer) {
    const resolve = this.#answer;
    this.#answer = null;
    resolve?.(answer);
  }
}
