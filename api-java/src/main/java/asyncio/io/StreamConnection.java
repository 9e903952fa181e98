package asyncio.io;

import asyncio.AsyncContextManager;

/**
 * A connection that was opened: the reader and the writer. Python: the tuple that {@code open_connection} gives.
 *
 * <p>Try-with-resources closes it; {@code with(connection, c -> …)} also waits until it is closed.
 */
public interface StreamConnection extends AutoCloseable, AsyncContextManager<StreamConnection> {

    /** What comes from the other side. */
    StreamReader reader();

    /** What goes to the other side. */
    StreamWriter writer();

    /** {@link StreamWriter#close()}. */
    @Override
    default void close() {
        writer().close();
    }
}
