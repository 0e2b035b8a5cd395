import {
  BookingEngine,
  BookingsService,
  Ledger,
  Show,
  ShowsService,
  UsersService,
  type DomainSettings,
  type User,
  type UserRole,
} from '@modex/domain';
import { createLogger } from '@modex/platform';
import { randomBytes } from 'node:crypto';
import { MoreThan, type DataSource } from 'typeorm';
import { PasswordHasher } from '../auth/passwords/password-hasher.js';
import { runCommand } from './command.js';
import { demoShowFields, readDemoShows, type DemoShow } from './demo/demo-show.js';

const OPENS_IN_MS = 2 * 60_000;
const ONE_HOUR_MS = 3_600_000;
const MAX_PER_BOOKING = 20;

/**
 * Fills a trial installation with accounts, and with every demo show that is not upcoming (again).
 * It runs at every start, so that the list is never empty.
 */
runCommand(async (dataSource, config) => {
  const settings = config.domainSettings('modex demo', createLogger('demo', 'silent'));
  const demo = new Demo(dataSource, settings);
  await demo.addAccount('admin@modex.test', 'modex-admin-demo', 'Asha Admin', 'ADMIN');
  await demo.addAccount('ada@modex.test', 'modex-customer-demo', 'Ada Customer', 'CUSTOMER');
  const guest = await demo.addGuests();
  const added = await demo.addShows(guest);
  await demo.openSaleSoon();
  process.stdout.write(`Demo data: ${added} shows added.\n`);
});

class Demo {
  private readonly now = new Date();
  private readonly demo = readDemoShows();
  private readonly users: UsersService;
  private readonly shows: ShowsService;
  private readonly bookings: BookingsService;

  constructor(
    private readonly dataSource: DataSource,
    settings: DomainSettings,
  ) {
    const engine = new BookingEngine(new Ledger(dataSource, settings), settings.groupCommit);
    this.users = new UsersService(dataSource);
    this.shows = new ShowsService(dataSource, engine);
    this.bookings = new BookingsService(engine, OPENS_IN_MS / 1_000);
  }

  async addAccount(email: string, password: string, name: string, role: UserRole): Promise<User> {
    const existing = await this.users.findByEmail(email);
    if (existing) return existing;
    const passwordHash = await new PasswordHasher().hash(password);
    return this.users.create({ email, passwordHash, name, role });
  }

  /** The account of all demo bookings. It belongs to no person and gets no messages. */
  async addGuests(): Promise<User> {
    const unknownPassword = randomBytes(24).toString('base64url');
    const { id } = await this.addAccount(
      'guests@modex.test',
      unknownPassword,
      'Guests',
      'CUSTOMER',
    );
    return this.users.changePreferences(id, { emailNotifications: false });
  }

  async addShows(guest: User): Promise<number> {
    const missing: DemoShow[] = [];
    for (const demo of this.demo.shows) if (!(await this.upcoming(demo.title))) missing.push(demo);
    for (const demo of missing) {
      const fields = demoShowFields(demo, this.now);
      // One account holds all demo bookings, so the limit per person is set after them.
      const { id } = await this.shows.create({ ...fields, maxSlotsPerUser: null });
      await this.book(id, guest, demo.booked ?? 0);
      await this.shows.edit(id, { maxSlotsPerUser: fields.maxSlotsPerUser }, null);
    }
    return missing.length;
  }

  async openSaleSoon(): Promise<void> {
    const bookingOpensAt = new Date(this.now.getTime() + OPENS_IN_MS);
    const { opening } = this.demo;
    const existing = await this.upcoming(opening.title, ONE_HOUR_MS);
    if (existing) await this.shows.edit(existing.id, { bookingOpensAt }, null);
    else await this.shows.create({ ...demoShowFields(opening, this.now), bookingOpensAt });
  }

  private upcoming(title: string, inMs = 0): Promise<Show | null> {
    const after = new Date(this.now.getTime() + inMs);
    return this.dataSource.manager.findOneBy(Show, { title, startsAt: MoreThan(after) });
  }

  private async book(showId: string, { id: userId }: User, slots: number): Promise<void> {
    for (let left = slots; left > 0; left -= MAX_PER_BOOKING) {
      const quantity = Math.min(left, MAX_PER_BOOKING);
      const { booking } = await this.bookings.hold({ showId, userId, quantity });
      const key = { showId, bookingId: booking.id };
      await this.bookings.confirm(key, { userId, isAdmin: false });
    }
  }
}
