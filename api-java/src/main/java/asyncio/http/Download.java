package asyncio.http;

import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Downloads that go on where they were cut: with a {@code Range} request for the rest (RFC 9110, 14), and
 * {@code If-Range}, so that the rest of another version is not put behind the beginning of this one. aiohttp has
 * nothing like it.
 *
 * <pre>{@code
 * long size = await(Download.of(() -> session.get(url)).toFile(file));
 * }</pre>
 *
 * <p>An attempt has failed when no connection can be made, when the response is cut or comes too late, and when the
 * status is 408, 429, 500, 502, 503 or 504. The next one asks for the rest, if the server has named a strong
 * {@code ETag}, or a {@code Last-Modified} that is older than the response; otherwise, and if the resource has changed,
 * it begins anew. A response with a {@code Content-Encoding} cannot be continued either: {@code Accept-Encoding} is
 * {@code identity}.
 *
 * <p>Nothing changes in it: it can be used several times, also at once. Its methods are called in a loop.
 */
public interface Download {

    /** {@link #builder} with nothing changed. */
    static Download of(Supplier<? extends ClientRequest> request) {
        return builder(request).build();
    }

    /**
     * Settings for a new one.
     *
     * @param request makes the request for an attempt: a new one each time. {@code Accept-Encoding}, {@code Range} and
     *     {@code If-Range} are added to it; its limits of time count for each attempt
     */
    static Builder builder(Supplier<? extends ClientRequest> request) {
        return HttpProvider.get().download(request);
    }

    /**
     * Downloads to a file, and gives its size in bytes. The file is replaced as a whole at the end; until then, and if
     * it fails, it stays as it is. Runs in the loop's pool of threads where it touches the disk.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if the file cannot be written, the failure of the last attempt
     * if too many have failed, {@link ClientResponseException} for another status than 200 and 206, and whatever makes
     * another attempt useless, such as {@link InvalidUrlException}.
     */
    @CheckReturnValue
    Coroutine<Long> toFile(Path file);

    /**
     * The body, portion by portion, each byte once. Closing the iterator, as {@code each} does at the end of its loop,
     * ends the download.
     *
     * <p>It raises what {@link #toFile} raises, and {@link ClientPayloadException} if the body was cut and cannot be
     * continued, as what was given cannot be taken back.
     */
    AsyncIterator<byte[]> chunks();

    /** The settings of a download. Its methods change this builder and return it. */
    interface Builder {

        /**
         * How long to wait after an attempt that has failed; 1 s by default. Each further one in a row doubles it, up
         * to a minute. An attempt that has brought new bytes ends the row.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder retry(Duration delay);

        /**
         * How many attempts may fail in a row before it gives up; 5 by default.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxFailures(int attempts);

        /** A download with these settings. */
        Download build();
    }
}
