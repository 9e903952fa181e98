package asyncio.io;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a {@link StreamReader} with what a transport brings. Python: {@code asyncio.StreamReaderProtocol}.
 *
 * <p>{@link Streams} makes them; other code needs one only where it makes a transport by itself.
 */
public interface StreamReaderProtocol extends Protocol {

    /** A protocol for the side that opens the connection. */
    static StreamReaderProtocol create(StreamReader reader) {
        return create(reader, null);
    }

    /**
     * A protocol for the side that accepts the connection. Python: {@code StreamReaderProtocol(reader, cb)}.
     *
     * @param clientConnected the task to start when the connection is there; null for none
     */
    static StreamReaderProtocol create(StreamReader reader, @Nullable ClientConnectedCallback clientConnected) {
        return AsyncioProvider.get().streams().protocol(reader, clientConnected);
    }
}
