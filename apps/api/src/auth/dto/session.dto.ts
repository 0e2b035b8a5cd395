import { USER_ROLES, type User as UserEntity, type UserRole } from '@modex/domain';
import { ApiProperty } from '@nestjs/swagger';

export class User {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, format: 'email' })
  email: string;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  @ApiProperty({ enum: USER_ROLES, enumName: 'UserRole' })
  role: UserRole;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;
}

export class Session {
  @ApiProperty({ type: User })
  user: User;

  @ApiProperty({ type: String, description: 'For `Authorization: Bearer …`.' })
  accessToken: string;

  @ApiProperty({ type: Number, description: 'Seconds until the access token expires.' })
  expiresIn: number;
}

export const viewUser = ({ id, email, name, role, createdAt }: UserEntity): User => ({
  id,
  email,
  name,
  role,
  createdAt: createdAt.toISOString(),
});
