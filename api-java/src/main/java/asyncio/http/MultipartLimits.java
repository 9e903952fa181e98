package asyncio.http;

/**
 * What a {@link MultipartReader} accepts; more is a {@link ClientPayloadException}. Python: its keyword arguments.
 *
 * @param maxSize bytes of the whole, with all that is around the parts; 0 for any number. Python:
 *     {@code client_max_size}
 * @param maxPartSize bytes that {@link BodyPartReader#read()} and its kin take at once, also when decoded; 0 for any
 *     number
 * @param maxFieldSize bytes of one header of a part, its name included
 * @param maxHeaders headers of a part
 */
public record MultipartLimits(long maxSize, long maxPartSize, int maxFieldSize, int maxHeaders) {

    /** Any size, 64 MiB for a part that is read at once, 8190 bytes for a header, 128 headers for a part. */
    public static final MultipartLimits DEFAULT = new MultipartLimits(0, 64L << 20, 8190, 128);

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if one is negative, or one of the last two zero
     */
    public MultipartLimits {
        if (maxSize < 0 || maxPartSize < 0 || maxFieldSize <= 0 || maxHeaders <= 0) {
            throw new IllegalArgumentException("Limits cannot be negative, and headers need some: maxSize " + maxSize
                    + ", maxPartSize " + maxPartSize + ", maxFieldSize " + maxFieldSize + ", maxHeaders "
                    + maxHeaders);
        }
    }

    /** The same with another {@code maxSize}. */
    public MultipartLimits withMaxSize(long maxSize) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /** The same with another {@code maxPartSize}. */
    public MultipartLimits withMaxPartSize(long maxPartSize) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /** The same with another {@code maxFieldSize}. */
    public MultipartLimits withMaxFieldSize(int maxFieldSize) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }

    /** The same with another {@code maxHeaders}. */
    public MultipartLimits withMaxHeaders(int maxHeaders) {
        return new MultipartLimits(maxSize, maxPartSize, maxFieldSize, maxHeaders);
    }
}
