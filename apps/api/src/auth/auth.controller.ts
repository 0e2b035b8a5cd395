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
import { Throttle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentUser } from '../http/access/current-user.decorator.js';
import { Public } from '../http/access/public.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import { AuthService, type OpenedSession } from './auth.service.js';
import { Login, Register } from './dto/credentials.dto.js';
import { Session, User, viewUser } from './dto/session.dto.js';
import { OwnOriginGuard } from './own-origin.guard.js';
import { RefreshCookie } from './refresh-cookie.js';

/** Guessing passwords must be slow: requests per minute and client. */
const GUESSES = { default: { limit: 20, ttl: 60_000 } };

@ApiTags('auth')
@ApiProblem(429, 'RATE_LIMITED')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly users: UsersService,
    private readonly cookie: RefreshCookie,
  ) {}

  @Post('register')
  @Public()
  @Throttle(GUESSES)
  @ApiOperation({ summary: 'Open an account', operationId: 'register' })
  @ApiCreatedResponse({ type: Session, description: 'Signed in. Also sets the refresh cookie.' })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(409, 'EMAIL_TAKEN')
  @ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE')
  async register(
    @Body() body: Register,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.enter(await this.auth.register(body), reply);
  }

  @Post('login')
  @HttpCode(200)
  @Public()
  @Throttle(GUESSES)
  @ApiOperation({ summary: 'Sign in', operationId: 'login' })
  @ApiOkResponse({ type: Session, description: 'Signed in. Also sets the refresh cookie.' })
  @ApiProblem(400, 'VALIDATION_FAILED')
  @ApiProblem(401, 'INVALID_CREDENTIALS')
  @ApiProblem(503, 'OVERLOADED', 'UNAVAILABLE')
  async login(
    @Body() body: Login,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Session> {
    return this.enter(await this.auth.login(body), reply);
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

  private enter({ session, refreshToken }: OpenedSession, reply: FastifyReply): Session {
    this.cookie.write(reply, refreshToken);
    return session;
  }
}
