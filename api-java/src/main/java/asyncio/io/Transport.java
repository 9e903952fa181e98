package asyncio.io;

/** A transport of both directions, such as a TCP connection. Python: {@code asyncio.Transport}. */
public interface Transport extends ReadTransport, WriteTransport {}
