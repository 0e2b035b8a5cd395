import { UsersService, type Actor } from '@modex/domain';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  Res,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser } from '../http/access/current-user.decorator.js';
import { Public } from '../http/access/public.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { RateLimit } from '../http/rate-limits.js';
import { AuthService, type OpenedSession } from './auth.service.js';
import { Login, Register } from './dto/credentials.dto.js';
import { Session, User, viewUser } from './dto/session.dto.js';
import { OwnOriginGuard } from './own-origin.guard.js';
import { RefreshCookie } from './refresh-cookie.js';
import { DeviceCookie } from './sign-in/device-cookie.js';

const SIGNED_IN =
  'Signed in. Also sets the refresh cookie, and a device cookie with which failed sign-ins of others do not lock this client out.';

@ApiTags('auth')
@ApiProblem(429, 'RATE_LIMITED')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly cookie: RefreshCookie,
    private readonly devices: DeviceCookie,
  ) {}

  @Post('register')
  @Public()
  @RateLimit('sign-in')
  @ApiOperation({ summary: 'Open an account', operationId: 'register' })
  @ApiCreatedResponse({ type: Session, description: SIGNED_IN })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(409, 'EMAIL_TAKEN')
  @ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE')
  async register(
    @Body() body: Register,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.signIn(await this.auth.register(body), request, reply);
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @RateLimit('sign-in')
  @ApiOperation({
    summary: 'Sign in',
    description:
      'From the tenth wrong password for an account on, each further one is followed by a wait, 15 s at ' +
      'first and doubled up to 15 minutes: 429 with `Retry-After`. A client with the cookie of an ' +
      'earlier sign-in to the account has its own count.',
    operationId: 'login',
  })
  @ApiOkResponse({ type: Session, description: SIGNED_IN })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(401, 'INVALID_CREDENTIALS')
  @ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE')
  async login(
    @Body() body: Login,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.signIn(await this.auth.login(body, this.devices.read(request)), request, reply);
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @UseGuards(OwnOriginGuard)
  @ApiOperation({
    summary: 'Exchange the refresh cookie for a new session',
    operationId: 'refresh',
  })
  @ApiCookieAuth('refresh')
  @ApiOkResponse({ type: Session, description: 'The cookie is replaced too.' })
  @ApiProblem(401, 'REFRESH_INVALID')
  @ApiProblem(403, 'FORBIDDEN')
  async refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.enter(await this.auth.refresh(this.cookie.read(request)), reply);
  }

  @Post('logout')
  @HttpCode(204)
  @Public()
  @UseGuards(OwnOriginGuard)
  @ApiOperation({ summary: 'End the session', operationId: 'logout' })
  @ApiCookieAuth('refresh')
  @ApiNoContentResponse()
  @ApiProblem(403, 'FORBIDDEN')
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.auth.logout(this.cookie.read(request));
    this.cookie.clear(reply);
  }

  @Get('me')
  @ApiOperation({ summary: 'Who am I', operationId: 'me' })
  @ApiBearerAuth()
  @ApiOkResponse({ type: User })
  @ApiProblem(401, 'UNAUTHORIZED')
  async me(@CurrentUser() actor: Actor): Promise<User> {
    const user = await this.users.findById(actor.userId);
    if (!user) throw new UnauthorizedException();
    return viewUser(user);
  }

  /** The session that the client had before ends, as its cookie is replaced. */
  private async signIn(
    opened: OpenedSession,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Session> {
    await this.auth.logout(this.cookie.read(request));
    const session = this.enter(opened, reply);
    this.devices.write(reply, session.user.id);
    return session;
  }

  private enter({ session, refreshToken }: OpenedSession, reply: FastifyReply): Session {
    this.cookie.write(reply, refreshToken);
    return session;
  }
}
