// The original design over HTTP: Express, a pool of connections, and one transaction a request.
import express from 'express';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { answerRequests } from './helper-process.mjs';
import { bookOriginally, CONNECTIONS } from './original-booking.mjs';

answerRequests(async (/** @type {{ databaseUrl: string, secret: string }} */ options) => {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: CONNECTIONS });
  pool.on('error', () => {});
  const app = express();
  app.use(express.json());
  app.post('/api/v1/bookings', async (request, response) => {
    const token = String(request.headers.authorization).replace('Bearer ', '');
    const claims = jwt.verify(token, options.secret, { algorithms: ['HS256'] });
    const client = await pool.connect();
    try {
      const booking = await bookOriginally(client, request.body.showId, String(claims.sub));
      if (booking) response.status(201).json(booking);
      else response.status(409).json({ code: 'SOLD_OUT' });
    } finally {
      client.release();
    }
  });
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve(`http://127.0.0.1:${port}`);
    });
  });
});
