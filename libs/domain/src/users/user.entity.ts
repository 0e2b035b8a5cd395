import { Column, Entity, PrimaryColumn } from 'typeorm';

export const USER_ROLES = ['CUSTOMER', 'ADMIN'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** The unique index on `lower(email)` stands in the migration: TypeORM cannot express it. */
@Entity('users')
export class User {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'users_pkey' })
  id: string;

  @Column({ type: 'text' })
  email: string;

  @Column({ name: 'password_hash', type: 'text' })
  passwordHash: string;

  @Column({ type: 'text', nullable: true })
  name: string | null;

  @Column({ type: 'enum', enum: USER_ROLES, enumName: 'user_role', default: 'CUSTOMER' })
  role: UserRole;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
