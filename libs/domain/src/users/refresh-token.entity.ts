import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { User } from './user.entity.js';

/**
 * One link of a chain of refresh tokens. Each use rotates the token; all tokens that descend from
 * one login share a family, and a used token that shows up again revokes the whole family.
 * Only the SHA-256 of a token is kept.
 */
@Entity('refresh_tokens')
@Index('refresh_tokens_family_id_idx', ['familyId'])
@Index('refresh_tokens_user_id_idx', ['userId'])
@Index('refresh_tokens_token_hash_key', ['tokenHash'], { unique: true })
export class RefreshToken {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'refresh_tokens_pkey' })
  id: string;

  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'refresh_tokens_user_id_fkey' })
  user?: Relation<User>;

  @Column({ name: 'family_id', type: 'uuid' })
  familyId: string;

  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash: Buffer;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  /** When the token was exchanged for its successor; null while it is the newest of its chain. */
  @Column({ name: 'rotated_at', type: 'timestamptz', nullable: true })
  rotatedAt: Date | null;

  /** Derives the successor together with the token itself; null until the token is exchanged. */
  @Column({ name: 'successor_salt', type: 'bytea', nullable: true })
  successorSalt: Buffer | null;

  /** When somebody signed in; null where the release before wrote the row. */
  @Column({ name: 'family_started_at', type: 'timestamptz', nullable: true })
  familyStartedAt: Date | null;

  /** A revoked token ends its whole family. */
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
