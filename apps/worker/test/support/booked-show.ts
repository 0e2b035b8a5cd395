import type { Show } from '@modex/domain';
import type { BookingOffice } from '../../../../libs/domain/test/support/booking-office.js';

/** A show that so many people have a confirmed booking of, each one; written past the ledger. */
export async function bookedShow(office: BookingOffice, people: number): Promise<Show> {
  const show = await office.createShow({ venue: 'Hall 1', totalSlots: people });
  await office.database.query(
    `WITH person AS (
       INSERT INTO users (id, email, email_canonical, password_hash)
       SELECT gen_random_uuid(), n || '-' || $1 || '@example.com', n || '-' || $1 || '@example.com',
         'none'
       FROM generate_series(1, $2::int) AS n
       RETURNING id, email)
     INSERT INTO bookings
       (show_id, id, reference, user_id, quantity, status, expires_at, confirmed_at, version,
        created_at)
     SELECT $1::uuid, gen_random_uuid(), lpad(split_part(email, '-', 1), 8, '0'), id, 1,
       'CONFIRMED', now(), now(), 1, now()
     FROM person`,
    [show.id, people],
  );
  return show;
}
