import type { DataSource } from 'typeorm';
import { newId } from '../ids/new-id.js';
import { isUniqueViolation } from '../database/database-errors.js';
import { emailTaken, smsNeedsPhone, unknownUser } from './user-errors.js';
import { User, type UserRole } from './user.entity.js';

export interface NewUser {
  email: string;
  /** Already hashed. */
  passwordHash: string;
  name?: string | null;
  role: UserRole;
}

/** How somebody wants to be told. */
export type Preferences = Pick<
  User,
  'locale' | 'phone' | 'emailNotifications' | 'smsNotifications'
>;

/** Accounts. E-mail addresses are kept as written and compared without regard to case. */
export class UsersService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws EMAIL_TAKEN */
  async create({ email, passwordHash, name, role }: NewUser): Promise<User> {
    const id = newId();
    try {
      await this.dataSource.manager.insert(User, {
        id,
        email,
        passwordHash,
        name: name ?? null,
        role,
      });
    } catch (error) {
      throw isUniqueViolation(error) ? emailTaken() : error;
    }
    return this.dataSource.manager.findOneByOrFail(User, { id });
  }

  findById(id: string): Promise<User | null> {
    return this.dataSource.manager.findOneBy(User, { id });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.dataSource
      .createQueryBuilder(User, 'user')
      .where('lower(user.email) = lower(:email)', { email })
      .getOne();
  }

  async makeAdmin(id: string): Promise<void> {
    await this.dataSource.manager.update(User, { id }, { role: 'ADMIN' });
  }

  async setPasswordHash(id: string, passwordHash: string): Promise<void> {
    await this.dataSource.manager.update(User, { id }, { passwordHash });
  }

  /** @throws UNAUTHORIZED if the account is gone, VALIDATION_FAILED for SMS without a phone */
  async changePreferences(id: string, changes: Partial<Preferences>): Promise<User> {
    return this.dataSource.transaction(async (manager) => {
      const user = await manager.findOne(User, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!user) throw unknownUser();
      Object.assign(user, changes);
      if (user.smsNotifications && user.phone === null) throw smsNeedsPhone();
      return manager.save(user);
    });
  }
}
