/** Something a person can mend. The message is a Spanish sentence that says what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}
