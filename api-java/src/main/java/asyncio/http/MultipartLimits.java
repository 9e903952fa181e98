package asyncio.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MultipartReader} accepts; more is a {@link ClientPayloadException}. Immutable: the methods give other
 * limits. Python: its keyword arguments.
 */
public final class MultipartLimits {

    /** Any size, 64 MiB for a part that is read at once, 8190 bytes for a header, 128 headers for a part. */
    public static final MultipartLimits DEFAULT = new MultipartLimits(0, 64L << 20, 8190, 128);

    private final long maxSize;
    private final long maxPartSize;
    private final int maxFieldSize;
    private final int maxHeaders;

    private MultipartLimits(long maxSize, long maxPartSize, int maxFieldSize, int maxHeaders) {
        if (maxSize < 0 || maxPartSize < 0 || maxFieldSize <= 0 || maxHeaders <= 0) {
            throw new IllegalArgumentException("Limits cannot be negative, and headers need some: maxSize " + maxSize
                    + ", maxPartSize " + maxPartSize + ", maxFieldSize " + maxFieldSize + ", maxHeaders "
                    + maxHeaders);
        }
        this.maxSize = maxSize;
        this.maxPartSize = maxPartSize;
        this.maxFieldSize = maxFieldSize;
        this.maxHeaders = maxHeaders;
    }

    /**
     * The same with another {@link #maxSize()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public MultipartLimits withMaxSize(long maxSize) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /**
     * The same with another {@link #maxPartSize()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public MultipartLimits withMaxPartSize(long maxPartSize) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /**
     * The same with another {@link #maxFieldSize()}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public MultipartLimits withMaxFieldSize(int maxFieldSize) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /**
     * The same with another {@link #maxHeaders()}.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public MultipartLimits withMaxHeaders(int maxHeaders) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /** Bytes of the whole, with all that is around the parts; 0 for any number. Python: {@code client_max_size}. */
    public long maxSize() {
        return maxSize;
    }

    /** Bytes that {@link BodyPartReader#read()} and its kin take at once, also when decoded; 0 for any number. */
    public long maxPartSize() {
        return maxPartSize;
    }

    /** Bytes of one header of a part, its name included. */
    public int maxFieldSize() {
        return maxFieldSize;
    }

    /** Headers of a part. */
    public int maxHeaders() {
        return maxHeaders;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MultipartLimits that
                && maxSize == that.maxSize
                && maxPartSize == that.maxPartSize
                && maxFieldSize == that.maxFieldSize
                && maxHeaders == that.maxHeaders;
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    @Override
    public String toString() {
        return "MultipartLimits[maxSize=" + maxSize + ", maxPartSize=" + maxPartSize + ", maxFieldSize=" + maxFieldSize
                + ", maxHeaders=" + maxHeaders + "]";
    }
}
