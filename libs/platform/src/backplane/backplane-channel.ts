/** The part of a Socket.IO server that reaches the servers of other processes. */
interface ServerSideEvents {
  on(event: string, listener: (text: string) => void): unknown;
  serverSideEmit(event: string, text: string): unknown;
}

/** One kind of message that all processes publish and receive over the backplane. */
export class BackplaneChannel<Message> {
  /** @param receive gets the messages of all processes, this one included */
  constructor(
    private readonly server: ServerSideEvents,
    private readonly event: string,
    private readonly receive: (message: Message) => void,
  ) {
    server.on(event, (text) => receive(JSON.parse(text) as Message));
  }

  publish(message: Message): void {
    // The adapters encode one string far faster than the object in it.
    this.server.serverSideEmit(this.event, JSON.stringify(message));
    // The adapter does not deliver to its own process.
    this.receive(message);
  }
}
