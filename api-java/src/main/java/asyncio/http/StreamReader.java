package asyncio.http;

import asyncio.Action;
import asyncio.AsyncIterable;
import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.IncompleteReadException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, to be read as it comes; what it gives is decoded already, where {@code Content-Encoding} says
 * that it is encoded. Python: {@code aiohttp.StreamReader}.
 *
 * <pre>{@code
 * for (var portion : each(response.content().iterChunked(64 * 1024))) {
 *     file.write(portion);
 * }
 * }</pre>
 *
 * <p>No more is received than its readers keep up with: the connection is held back while twice the read buffer (2 ×
 * 256 KiB unless the session says something else) waits here. Encoded content is decoded piece by piece when it is
 * read, so that a few bytes that stand for a huge content do no harm to who reads in portions.
 *
 * <p>One task reads at a time: a reader called while another one waits raises {@link IllegalStateException}. A reader
 * that is cancelled has taken nothing: the next one begins where it had begun. All readers raise
 * {@link ClientPayloadException} if the body ends too early or is malformed, {@link ClientConnectionException} if the
 * response or the session was closed, and {@link asyncio.TimeoutException} or {@link SocketTimeoutException} as
 * {@link ClientTimeout} says. What came before the failure can be read first.
 *
 * <p>The borders between the chunks of a chunked transfer mean nothing and are not to be seen here: there is no
 * {@code readchunk}.
 *
 * <p>To go through the reader itself is to go through its {@linkplain #lines() lines}.
 */
public interface StreamReader extends AsyncIterable<byte[]> {

    /**
     * All from here to the end; nothing at the end. Python: {@code read()}.
     *
     * <p>Awaiting it raises {@link ClientPayloadException} if that is more than
     * {@link ClientSession.Builder#maxBodySize}, and then leaves it to be read in portions.
     */
    @CheckReturnValue
    Coroutine<byte[]> read();

    /**
     * At most {@code n} bytes: what is there, after waiting for at least one; nothing at the end. Python:
     * {@code read(n)}.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     */
    @CheckReturnValue
    Coroutine<byte[]> read(int n);

    /** What is there, after waiting for at least one byte; nothing at the end. Python: {@code readany}. */
    @CheckReturnValue
    Coroutine<byte[]> readany();

    /**
     * Exactly {@code n} bytes. Python: {@code readexactly}.
     *
     * <p>Awaiting it raises {@link IncompleteReadException}, which has them, if there are fewer before the end.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     */
    @CheckReturnValue
    Coroutine<byte[]> readexactly(int n);

    /**
     * A line with its {@code \n}, of twice the read buffer at most; without it if it is the last one; nothing at the
     * end. Python: {@code readline}.
     *
     * <p>Awaiting it raises {@link LineTooLongException} if the line is longer; then nothing was taken, and the body
     * can be read on with another limit or by other means.
     */
    @CheckReturnValue
    Coroutine<byte[]> readline();

    /**
     * {@link #readline()} with another limit. Python: {@code readline(max_line_length=…)}.
     *
     * @param maxLength how many bytes at most, {@code \n} included
     * @throws IllegalArgumentException if it is not positive
     */
    @CheckReturnValue
    Coroutine<byte[]> readline(int maxLength);

    /**
     * All up to this separator and with it, of twice the read buffer at most; what is left if the body ends before.
     * Python: {@code readuntil}.
     *
     * <p>Awaiting it raises {@link LineTooLongException} if there is none within the limit.
     *
     * @throws IllegalArgumentException if the separator is empty
     */
    @CheckReturnValue
    Coroutine<byte[]> readuntil(byte[] separator);

    /**
     * {@link #readuntil(byte[])} with another limit. Python: {@code readuntil(separator, max_size=…)}.
     *
     * @param maxLength how many bytes at most, the separator included
     * @throws IllegalArgumentException if the separator is empty, or longer than that
     */
    @CheckReturnValue
    Coroutine<byte[]> readuntil(byte[] separator, int maxLength);

    /**
     * What is there, possibly nothing; of encoded content a piece at a time. Python: {@code read_nowait()}.
     *
     * @throws IllegalStateException if a reader waits
     */
    byte[] readNowait();

    /**
     * {@link #readNowait()}, but at most {@code n} bytes. Python: {@code read_nowait(n)}.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     * @throws IllegalStateException if a reader waits
     */
    byte[] readNowait(int n);

    /**
     * The body in portions of at most {@code n} bytes, each as {@link #read(int)} gives it. Python:
     * {@code iter_chunked}.
     *
     * @throws IllegalArgumentException if {@code n} is not positive
     */
    AsyncIterator<byte[]> iterChunked(int n);

    /** The body in portions as they come, each as {@link #readany()} gives it. Python: {@code iter_any}. */
    AsyncIterator<byte[]> iterAny();

    /** The body line by line, each as {@link #readline()} gives it. Python: {@code async for line in content}. */
    AsyncIterator<byte[]> lines();

    /**
     * {@link #lines()} with another limit.
     *
     * @param maxLength how many bytes a line has at most, {@code \n} included
     * @throws IllegalArgumentException if it is not positive
     */
    AsyncIterator<byte[]> lines(int maxLength);

    /** {@link #lines()}. */
    @Override
    default AsyncIterator<byte[]> aiter() {
        return lines();
    }

    /** Whether all has come and all was read. Python: {@code at_eof}. */
    boolean atEof();

    /** Whether all has come, read or not. Python: {@code is_eof}. */
    boolean isEof();

    /**
     * Waits until all has come, which a body that is larger than the buffer does only if somebody reads it. Python:
     * {@code wait_eof}.
     *
     * <p>Awaiting it raises what the readers raise if the body fails.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitEof();

    /**
     * Calls this soon after all has come; never if the body fails. It runs as a callback of the loop, which reports
     * what it raises. Python: {@code on_eof}.
     */
    void onEof(Action callback);

    /** What has made reading fail, or null. Python: {@code exception}. */
    @Nullable
    Throwable exception();

    /** How many bytes there were so far, as readers get them, read or not. Python: {@code total_bytes}. */
    long totalBytes();

    /**
     * How many bytes have come so far of content that is decoded here, before that; null for other content. Python:
     * {@code total_compressed_bytes}.
     */
    @Nullable
    Long totalCompressedBytes();

    /** How many bytes of the body have come so far, encoded or not. Python: {@code total_raw_bytes}. */
    long totalRawBytes();
}
