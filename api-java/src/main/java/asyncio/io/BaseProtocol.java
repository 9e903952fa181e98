package asyncio.io;

import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to a transport. Its methods are callbacks of the loop: they must not wait, and cannot await. What
 * they raise is reported to the loop. If a method raises that hears of bytes or of their end, the transport is aborted,
 * and an {@link java.io.IOException} is not reported but given to {@link #connectionLost}. Python:
 * {@code asyncio.BaseProtocol}.
 *
 * <p>{@link #connectionMade} is the first call, {@link #connectionLost} the last one; each comes once.
 *
 * @param <T> the kind of transport
 */
public interface BaseProtocol<T extends BaseTransport> {

    /** The connection is there. Python: {@code connection_made}. */
    default void connectionMade(T transport) throws Exception {}

    /**
     * The connection is gone. Python: {@code connection_lost}.
     *
     * @param error what ended it; null if this side has closed it, or the other side has ended it regularly
     */
    default void connectionLost(@Nullable Throwable error) throws Exception {}

    /** The buffer of the transport holds more than its upper limit. Python: {@code pause_writing}. */
    default void pauseWriting() throws Exception {}

    /** The buffer of the transport is at its lower limit or below again. Python: {@code resume_writing}. */
    default void resumeWriting() throws Exception {}
}
