package asyncio.file;

import asyncio.AsyncContextManager;
import asyncio.AsyncIterable;
import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open file of text. To go through it is to go through its lines. Python: what {@code aiofiles.open(…, 'r')} gives.
 *
 * <pre>{@code
 * try (var file = await(openText(path))) {
 *     for (var line : each(file)) {
 *         count(line);
 *     }
 * }
 * }</pre>
 *
 * <p>What is not text in the {@linkplain TextOptions#encoding() encoding} raises {@link UnicodeDecodeException}, or is
 * replaced or ignored, as {@link TextOptions#errors()} says; a character whose bytes come in two portions is whole. The
 * text before the mistake can be read; what would go beyond it raises each time, and takes nothing. Writing raises
 * {@link UnicodeEncodeException}, and writes nothing then.
 */
public interface TextFile extends AsyncFile, AsyncIterable<String>, AsyncContextManager<TextFile> {

    /** How bytes and text belong together. Python: {@code encoding}, {@code errors}, {@code newlines}. */
    TextOptions options();

    /** All from here to the end; nothing at the end. Python: {@code read()}. */
    @CheckReturnValue
    Coroutine<String> read();

    /**
     * {@code n} code points, or fewer if the end comes before; nothing at the end. A negative {@code n} is
     * {@link #read()}. Python: {@code read(n)}.
     */
    @CheckReturnValue
    Coroutine<String> read(int n);

    /** A line with its end; without it if it is the last one; nothing at the end. Python: {@code readline()}. */
    @CheckReturnValue
    Coroutine<String> readline();

    /** {@link #readline()}, but no more than {@code limit} code points of it. Python: {@code readline(size)}. */
    @CheckReturnValue
    Coroutine<String> readline(int limit);

    /** All lines from here to the end. Python: {@code readlines()}. */
    @CheckReturnValue
    Coroutine<List<String>> readlines();

    /**
     * Lines until they have more than {@code hint} code points together, or to the end. Python:
     * {@code readlines(hint)}.
     */
    @CheckReturnValue
    Coroutine<List<String>> readlines(long hint);

    /**
     * Writes {@code text} at the position, in the modes with {@code a} at the end. Python: {@code write}.
     *
     * @return how many chars those are
     */
    @CheckReturnValue
    Coroutine<Integer> write(CharSequence text);

    /** Writes all of them, one after the other; adds no line ends. Python: {@code writelines}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> writelines(Iterable<? extends CharSequence> lines);

    /** {@link #seek(long, Whence)} from the begin. Python: {@code seek(cookie)}. */
    @CheckReturnValue
    Coroutine<Long> seek(long offset);

    /**
     * Moves the position: to one that {@link #tell()} gave, or, with an offset of zero, to where it is or to the end.
     * Python: {@code seek(cookie, whence)}.
     *
     * <p>Awaiting it raises {@link IllegalArgumentException} for another offset.
     *
     * @return the new position
     */
    @CheckReturnValue
    Coroutine<Long> seek(long offset, Whence whence);

    /**
     * The position in bytes, for {@link #seek(long)}. In a charset whose bytes mean different things depending on the
     * ones before, such as ISO-2022-JP, only 0 is one to go back to; the byte order mark of UTF-16 is known if this has
     * read the begin of the file. Python: {@code tell}.
     */
    @CheckReturnValue
    Coroutine<Long> tell();

    /** Cuts the file at the position. Python: {@code truncate()}. */
    @CheckReturnValue
    Coroutine<Long> truncate();

    /**
     * Makes the file this long, in bytes. Python: {@code truncate(size)}.
     *
     * @throws IllegalArgumentException if the size is negative
     */
    @CheckReturnValue
    Coroutine<Long> truncate(long size);

    /** The lines without their ends. Python: {@code (line.rstrip('\n') async for line in file)}. */
    AsyncIterator<String> lines();

    /** The lines, each as {@link #readline()} gives it, with its end. Python: {@code async for line in file}. */
    @Override
    AsyncIterator<String> aiter();
}
