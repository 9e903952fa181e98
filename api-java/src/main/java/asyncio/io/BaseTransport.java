package asyncio.io;

import org.jspecify.annotations.Nullable;

/**
 * The way of a protocol's bytes out of the program, and into it: a socket, a pipe. Python:
 * {@code asyncio.BaseTransport}.
 *
 * <p>A transport belongs to one loop; only code of that loop may call it.
 */
public interface BaseTransport {

    /**
     * What is known of the transport: an address, a certificate. Python: {@code get_extra_info(name)}.
     *
     * @return null if this kind of transport does not have it
     */
    <T> @Nullable T getExtraInfo(ExtraInfo<T> info);

    /**
     * {@link #getExtraInfo(ExtraInfo)} by its name in Python, such as {@code "peername"}.
     *
     * @return null if there is nothing of this name
     */
    @Nullable
    Object getExtraInfo(String name);

    /** Whether it is closed, or is closing. Python: {@code is_closing}. */
    boolean isClosing();

    /**
     * Sends what was written, then closes; {@link BaseProtocol#connectionLost} is called when that is done. No more is
     * received. Python: {@code close}.
     */
    void close();

    /** Gives what happens from now on to another protocol. Python: {@code set_protocol}. */
    void setProtocol(BaseProtocol<?> protocol);

    /** The protocol that hears what happens. Python: {@code get_protocol}. */
    BaseProtocol<?> getProtocol();
}
