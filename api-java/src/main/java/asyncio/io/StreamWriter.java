package asyncio.io;

import asyncio.AsyncContextManager;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.AsyncioProvider;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends bytes to a connection or a pipe. Python: {@code asyncio.StreamWriter}.
 *
 * <pre>{@code
 * writer.write(data);
 * await(writer.drain());
 * }</pre>
 *
 * <p>{@link #write} never waits: it puts into a buffer what the other side does not take yet. {@link #drain()} waits
 * while there is too much in it.
 *
 * <p>Try-with-resources closes it; {@code with(writer, w -> …)} also waits until it is closed. Only code of the loop
 * may call it.
 */
public interface StreamWriter extends AutoCloseable, AsyncContextManager<StreamWriter> {

    /**
     * A writer of a transport that was made by hand. Python: {@code StreamWriter(transport, protocol, reader, loop)}.
     *
     * @param protocol the protocol of the transport, which tells the writer when to wait
     * @param reader the reader whose error {@link #drain()} raises; null if there is none
     */
    static StreamWriter create(WriteTransport transport, StreamReaderProtocol protocol, @Nullable StreamReader reader) {
        return AsyncioProvider.get().streams().writer(transport, protocol, reader);
    }

    /**
     * Sends {@code data}, a copy of which is kept until then. Python: {@code write}.
     *
     * @throws IllegalStateException after {@link #writeEof()}
     */
    void write(byte[] data);

    /**
     * Sends {@code length} bytes of {@code data} from {@code offset} on; see {@link #write(byte[])}.
     *
     * @throws IndexOutOfBoundsException if there are fewer
     */
    void write(byte[] data, int offset, int length);

    /** Sends {@code text} in UTF-8; see {@link #write(byte[])}. */
    void write(String text);

    /** Sends all of them, one after the other. Python: {@code writelines}. */
    void writelines(Iterable<byte[]> data);

    /**
     * Waits while the buffer of the transport holds more than its upper limit, until it is at the lower one. Does not
     * wait otherwise. Python: {@code drain}.
     *
     * <p>Awaiting it raises the error by which the connection was lost: mostly {@link java.net.SocketException},
     * "Connection reset" or "Broken pipe"; and "Connection lost" after {@link #close()}.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> drain();

    /** Sends what was written, then closes; see {@link #waitClosed()}. Python: {@code close}. */
    @Override
    void close();

    /**
     * Waits until the connection is closed. Python: {@code wait_closed}.
     *
     * <p>Awaiting it raises the error by which the connection was lost; over TLS also {@link asyncio.TimeoutException}
     * if the other side has not answered the goodbye in time.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitClosed();

    /** Whether it is closed, or is closing. Python: {@code is_closing}. */
    boolean isClosing();

    /** {@link WriteTransport#writeEof}. Python: {@code write_eof}. */
    void writeEof();

    /** {@link WriteTransport#canWriteEof}. Python: {@code can_write_eof}. */
    boolean canWriteEof();

    /** {@link BaseTransport#getExtraInfo(ExtraInfo)}. Python: {@code get_extra_info}. */
    <T> @Nullable T getExtraInfo(ExtraInfo<T> info);

    /** {@link BaseTransport#getExtraInfo(String)}. */
    @Nullable
    Object getExtraInfo(String name);

    /** The transport. Python: {@code transport}. */
    WriteTransport transport();

    /**
     * Speaks TLS from now on, on a connection that did not; on the side that accepted the connection as the server.
     * What was written is sent before. Python: {@code start_tls}.
     *
     * <p>Awaiting it raises {@link javax.net.ssl.SSLException} if the handshake fails; the connection is closed then.
     */
    @CheckReturnValue
    default Coroutine<@Nullable Void> startTls(SSLContext context) {
        return startTls(context, TlsOptions.NONE);
    }

    /** {@link #startTls(SSLContext)} with settings. */
    @CheckReturnValue
    Coroutine<@Nullable Void> startTls(SSLContext context, TlsOptions options);
}
