import { unknownUser, UsersService, type Actor } from '@modex/domain';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../http/access/current-user.decorator.js';
import { ApiProblem } from '../http/api-problem.decorator.js';
import {
  ChangePreferences,
  changesOf,
  Preferences,
  viewPreferences,
} from './dto/preferences.dto.js';

@ApiTags('notifications')
@ApiBearerAuth()
@ApiProblem(401, 'UNAUTHORIZED')
@ApiProblem(429, 'RATE_LIMITED')
@ApiProblem(503, 'UNAVAILABLE')
@Controller('me/preferences')
export class PreferencesController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOperation({ summary: 'My notification preferences', operationId: 'getPreferences' })
  @ApiOkResponse({ type: Preferences })
  async get(@CurrentUser() actor: Actor): Promise<Preferences> {
    const user = await this.users.findById(actor.userId);
    if (!user) throw unknownUser();
    return viewPreferences(user);
  }

  @Patch()
  @ApiOperation({
    summary: 'Change my notification preferences',
    operationId: 'changePreferences',
  })
  @ApiOkResponse({ type: Preferences })
  @ApiProblem(400, 'VALIDATION_FAILED')
  async change(@CurrentUser() actor: Actor, @Body() body: ChangePreferences): Promise<Preferences> {
    return viewPreferences(await this.users.changePreferences(actor.userId, changesOf(body)));
  }
}
