/** An error that the user can fix. The message is in Spanish and says how; scripts print it without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
