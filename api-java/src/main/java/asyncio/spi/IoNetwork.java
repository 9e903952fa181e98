package asyncio.spi;

/** What stands behind sockets and names in {@link asyncio.io}. */
public interface IoNetwork {}
