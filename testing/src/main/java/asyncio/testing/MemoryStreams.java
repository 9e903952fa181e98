package asyncio.testing;

import asyncio.internal.testing.MemoryStreamsImpl;
import asyncio.io.ClientConnectedCallback;
import asyncio.io.StreamConnection;
import asyncio.io.StreamReader;

/**
 * Streams that are connected in memory, without sockets: for tests of code that reads from a {@link StreamReader} and
 * writes to a {@link asyncio.io.StreamWriter}, in virtual time or on any other loop.
 *
 * <p>They do what those of sockets do: bytes arrive in the next iteration, {@code writeEof} ends one direction,
 * {@code drain} waits for a side that does not read, {@code abort} loses what was not delivered.
 *
 * <p>All of them belong to the loop that runs the calling code; without one they throw {@link IllegalStateException}.
 */
public final class MemoryStreams {
    private MemoryStreams() {}

    /**
     * The two ends of a connection.
     *
     * @param client the one end
     * @param server the other end
     */
    public record Pair(StreamConnection client, StreamConnection server) {}

    /** A new connection. */
    public static Pair pair() {
        return pair(StreamReader.DEFAULT_LIMIT);
    }

    /** A new connection whose readers have this limit, in bytes. */
    public static Pair pair(int limit) {
        return MemoryStreamsImpl.INSTANCE.pair(limit);
    }

    /** A new connection whose other end is served by a task, as by {@link asyncio.io.Streams#startServer}. */
    public static StreamConnection connectTo(ClientConnectedCallback clientConnected) {
        return MemoryStreamsImpl.INSTANCE.connectTo(clientConnected, StreamReader.DEFAULT_LIMIT);
    }
}
