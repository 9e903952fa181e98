package asyncio.file;

import asyncio.AsyncContextManager;
import asyncio.AsyncIterable;
import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open file of bytes. To go through it is to go through its lines. Python: what {@code aiofiles.open(…, 'rb')}
 * gives.
 *
 * <pre>{@code
 * try (var source = await(open(from, "rb"));
 *         var copy = await(open(to, "wb"))) {
 *     for (var chunk : each(source.chunks(65536))) {
 *         await(copy.write(chunk));
 *     }
 * }
 * }</pre>
 */
public interface BinaryFile extends AsyncFile, AsyncIterable<byte[]>, AsyncContextManager<BinaryFile> {

    /** All from here to the end; nothing at the end. Python: {@code read()}. */
    @CheckReturnValue
    Coroutine<byte[]> read();

    /**
     * {@code n} bytes, or fewer if the end comes before; nothing at the end. A negative {@code n} is {@link #read()}.
     * Python: {@code read(n)}.
     */
    @CheckReturnValue
    Coroutine<byte[]> read(int n);

    /** At most {@code n} bytes: what is there without reading more than once. Python: {@code read1(n)}. */
    @CheckReturnValue
    Coroutine<byte[]> read1(int n);

    /** {@link #read()}. Python: {@code readall}. */
    @CheckReturnValue
    default Coroutine<byte[]> readall() {
        return read();
    }

    /**
     * Fills the rest of {@code buffer}, up to its limit or to the end of the file. The buffer belongs to the file until
     * this has been awaited. Python: {@code readinto}.
     *
     * @return how many bytes were read; 0 at the end
     */
    @CheckReturnValue
    Coroutine<Integer> readinto(ByteBuffer buffer);

    /** A line with its {@code \n}; without it if it is the last one; nothing at the end. Python: {@code readline()}. */
    @CheckReturnValue
    Coroutine<byte[]> readline();

    /** {@link #readline()}, but no more than {@code limit} bytes of it. Python: {@code readline(size)}. */
    @CheckReturnValue
    Coroutine<byte[]> readline(int limit);

    /** All lines from here to the end. Python: {@code readlines()}. */
    @CheckReturnValue
    Coroutine<List<byte[]>> readlines();

    /** Lines until they have more than {@code hint} bytes together, or to the end. Python: {@code readlines(hint)}. */
    @CheckReturnValue
    Coroutine<List<byte[]>> readlines(long hint);

    /** Bytes from the position on, which stays where it is: one or more, except at the end. Python: {@code peek()}. */
    @CheckReturnValue
    Coroutine<byte[]> peek();

    /**
     * Writes {@code data} at the position, in the modes with {@code a} at the end. The bytes are taken when it is
     * awaited, and may be changed afterwards. Python: {@code write}.
     *
     * @return how many bytes those are
     */
    @CheckReturnValue
    Coroutine<Integer> write(byte[] data);

    /**
     * {@link #write(byte[])} of {@code length} bytes from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if there are fewer
     */
    @CheckReturnValue
    Coroutine<Integer> write(byte[] data, int offset, int length);

    /** {@link #write(byte[])} of what remains in {@code data}, whose position is moved to its limit. */
    @CheckReturnValue
    Coroutine<Integer> write(ByteBuffer data);

    /** Writes all of them, one after the other. Python: {@code writelines}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> writelines(Iterable<byte[]> lines);

    /** {@link #seek(long, Whence)} from the begin. Python: {@code seek(offset)}. */
    @CheckReturnValue
    Coroutine<Long> seek(long offset);

    /**
     * Moves the position, also beyond the end. Python: {@code seek(offset, whence)}.
     *
     * <p>Awaiting it raises {@link IllegalArgumentException} if the position would be negative, and
     * {@link UnsupportedOperationException} if the file has none.
     *
     * @return the new position
     */
    @CheckReturnValue
    Coroutine<Long> seek(long offset, Whence whence);

    /** The position. Python: {@code tell}. */
    @CheckReturnValue
    Coroutine<Long> tell();

    /** {@link #truncate(long)} to the position. Python: {@code truncate()}. */
    @CheckReturnValue
    Coroutine<Long> truncate();

    /**
     * Makes the file this long: cuts it, or adds zeros. The position stays. Python: {@code truncate(size)}.
     *
     * @return the new size
     * @throws IllegalArgumentException if the size is negative
     */
    @CheckReturnValue
    Coroutine<Long> truncate(long size);

    /**
     * The bytes from here to the end in portions of {@code size}, the last one shorter. Python:
     * {@code iter(partial(f.read, size), b'')}, which awaits nothing.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    AsyncIterator<byte[]> chunks(int size);

    /** The lines, each as {@link #readline()} gives it. Python: {@code async for line in file}. */
    AsyncIterator<byte[]> lines();

    /** {@link #lines()}. */
    @Override
    default AsyncIterator<byte[]> aiter() {
        return lines();
    }
}
