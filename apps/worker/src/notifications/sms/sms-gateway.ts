/** Takes short messages to people's phones. */
export interface SmsGateway {
  /**
   * @param to E.164
   * @returns what the gateway calls the message, or null
   * @throws SendFailure
   */
  send(to: string, text: string): Promise<string | null>;
}
