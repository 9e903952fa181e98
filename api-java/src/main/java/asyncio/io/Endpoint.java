package asyncio.io;

/**
 * A transport and its protocol. Python: the tuple that {@code create_connection} gives.
 *
 * @param transport the transport
 * @param protocol the protocol, as its factory made it
 */
public record Endpoint<T extends BaseTransport, P extends BaseProtocol<?>>(T transport, P protocol) {}
