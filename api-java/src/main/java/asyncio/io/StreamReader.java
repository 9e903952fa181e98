package asyncio.io;

import asyncio.AsyncIterable;
import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.AsyncioProvider;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as they come from a connection or a pipe. Python: {@code asyncio.StreamReader}.
 *
 * <pre>{@code
 * for (var line : each(reader)) {
 *     handle(line);
 * }
 * }</pre>
 *
 * <p>What has come before it is asked for waits in a buffer. Above twice the limit (64 KiB unless set) the transport is
 * paused; at the limit or below it goes on: so memory stays bounded whatever the other side sends.
 *
 * <p>One task reads at a time; a reader that is awaited while another one waits raises {@link IllegalStateException}. A
 * reader that is cancelled takes nothing: what has come stays in the buffer. If the connection was lost by an error,
 * all readers raise that error.
 *
 * <p>Only code of the loop may call it. To go through the reader itself is to go through its {@linkplain #lines()
 * lines}.
 */
public interface StreamReader extends AsyncIterable<byte[]> {
    /** How many bytes wait at the most, and how long a line is at the most, unless set: 64 KiB. */
    int DEFAULT_LIMIT = 64 * 1024;

    /** A reader that is fed by hand. Python: {@code StreamReader()}. */
    static StreamReader create() {
        return create(DEFAULT_LIMIT);
    }

    /**
     * A reader that is fed by hand. Python: {@code StreamReader(limit)}.
     *
     * @throws IllegalArgumentException if the limit is not positive
     */
    static StreamReader create(int limit) {
        return AsyncioProvider.get().streams().reader(limit);
    }

    /** All from here to the end; nothing at the end. Python: {@code read()}. */
    @CheckReturnValue
    Coroutine<byte[]> read();

    /**
     * At most {@code n} bytes: what is there, after waiting for at least one; nothing at the end. A negative {@code n}
     * is {@link #read()}. Python: {@code read(n)}.
     */
    @CheckReturnValue
    Coroutine<byte[]> read(int n);

    /**
     * Exactly {@code n} bytes. Python: {@code readexactly}.
     *
     * <p>Awaiting it raises {@link asyncio.IncompleteReadException}, which has them, if there are fewer before the end.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     */
    @CheckReturnValue
    Coroutine<byte[]> readexactly(int n);

    /**
     * A line with its {@code \n}; without it if it is the last one; nothing at the end. Python: {@code readline}.
     *
     * <p>Awaiting it raises {@link LineTooLongException} if the line is longer than the limit; the bytes of the line
     * that have come are dropped.
     */
    @CheckReturnValue
    Coroutine<byte[]> readline();

    /** {@link #readuntil(byte[])} of {@code \n}. Python: {@code readuntil()}. */
    @CheckReturnValue
    Coroutine<byte[]> readuntil();

    /**
     * All up to this separator and with it. Python: {@code readuntil(separator)}.
     *
     * <p>Awaiting it raises {@link asyncio.IncompleteReadException}, which has what came, if the end comes before the
     * separator; and {@link LimitOverrunException} if there is more than the limit before it: then the bytes stay in
     * the buffer, and can be read by other means.
     *
     * @throws IllegalArgumentException if the separator is empty
     */
    @CheckReturnValue
    Coroutine<byte[]> readuntil(byte[] separator);

    /**
     * {@link #readuntil(byte[])} of the one of several separators that ends first. Python: {@code readuntil} of a
     * tuple.
     *
     * @throws IllegalArgumentException if there is none, or if one is empty
     */
    @CheckReturnValue
    Coroutine<byte[]> readuntil(List<byte[]> separators);

    /** The lines, each as {@link #readline()} gives it. Python: {@code async for line in reader}. */
    AsyncIterator<byte[]> lines();

    /**
     * The lines as text, without their {@code \n} or {@code \r\n}; bytes that are no text become U+FFFD.
     *
     * @param charset one in which {@code \n} is a single byte, such as UTF-8
     */
    AsyncIterator<String> lines(Charset charset);

    /** {@link #lines()}. */
    @Override
    default AsyncIterator<byte[]> aiter() {
        return lines();
    }

    /** Whether the end has come and nothing is left to read. Python: {@code at_eof}. */
    boolean atEof();

    /** The error that made reading fail, or null. Python: {@code exception}. */
    @Nullable
    Throwable exception();

    /** Makes all readers raise this. Python: {@code set_exception}. */
    void setException(Throwable error);

    /**
     * Adds what has come; for protocols. The bytes belong to the reader from now on. Python: {@code feed_data}.
     *
     * @throws IllegalStateException after {@link #feedEof()}
     */
    void feedData(byte[] data);

    /** The end has come; for protocols. Python: {@code feed_eof}. */
    void feedEof();

    /**
     * The transport to pause while too much waits here; for protocols. Python: {@code set_transport}.
     *
     * @throws IllegalStateException if there is one already
     */
    void setTransport(BaseTransport transport);
}
