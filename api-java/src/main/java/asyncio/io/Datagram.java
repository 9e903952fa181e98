package asyncio.io;

import java.net.SocketAddress;

/**
 * A datagram that was received.
 *
 * @param data its bytes
 * @param address where it came from
 */
public record Datagram(byte[] data, SocketAddress address) {}
