import { DiscordAPIError, RESTJSONErrorCodes } from 'discord.js';

/** What the user reads after an unexpected error; the log has the error under the same reference. */
export function describeFailure(error: unknown, reference: string): string {
  const what =
    error instanceof Error && error.name === 'StoreUnavailableError'
      ? 'My data store does not answer right now, so look whether this was done before you try again.'
      : 'Something went wrong on my side, so look whether this was done before you try again.';
  return `${what} My operator finds the cause in the log under \`${reference}\`.`;
}

export function isDiscordError(error: unknown, ...codes: readonly number[]): boolean {
  return error instanceof DiscordAPIError && codes.includes(Number(error.code));
}

const noMutualGuild = 50_278;

/** Whether Discord says that the user is not in the server, or in no server that the bot is in. */
export function isAbsence(error: unknown): boolean {
  return isDiscordError(error, RESTJSONErrorCodes.UnknownMember, RESTJSONErrorCodes.UnknownUser, noMutualGuild);
}

/** Whether another attempt can succeed. It cannot where Discord has understood and denied the request. */
export function isTransient(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  return status < 400 || status >= 500 || status === 401 || status === 408 || status === 429;
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'unknown';
}

/** The three seconds in which Discord takes a first response are over. */
export function isTooLate(error: unknown): boolean {
  return isDiscordError(error, RESTJSONErrorCodes.UnknownInteraction);
}

/** Another process has answered the interaction, or its three seconds are over: Discord takes no response any more. */
export function isInteractionOver(error: unknown): boolean {
  const { InteractionHasAlreadyBeenAcknowledged, UnknownInteraction } = RESTJSONErrorCodes;
  return isDiscordError(error, InteractionHasAlreadyBeenAcknowledged, UnknownInteraction);
}
